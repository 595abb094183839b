"""What this app puts on a role's home page."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.home import Panel, Waiting
from accounts.models import Organisation, Region, Role, User
from ventures.models import Proposal, Round
from ventures.rules.timetable import all_in_at, closes_at_of
from ventures.selectors.funnels import summary_of
from ventures.selectors.outcome_labels import told_to
from ventures.selectors.proposals import as_of, deadline_of
from ventures.selectors.questions import unanswered_in
from ventures.selectors.rounds import desk_phase_of, open_rounds, rounds_to_publish
from ventures.selectors.selections import rounds_to_read
from ventures.selectors.workload import (
    closed_with_nobody,
    codes_with_waiting,
    initiated_by,
    ready_for_review,
    ready_for_selection,
    recent_of,
    rounds_of_office,
    stops_to_decide,
    unfinished_of,
    waiting_for_screening,
)
from ventures.views import home_needs, home_oversight
from ventures.views.home_awards import (
    waiting_for_decision,
    waiting_for_expert,
    waiting_for_reviewer,
    waiting_to_agree,
)
from ventures.views.home_notices import waiting_for_answer, waiting_for_grantee
from ventures.views.home_sheets import waiting_for_second, waiting_to_close

Kind = Role.Kind
APPLICANTS = (Kind.MEMBER, Kind.MANAGER)
MOST_ROUNDS = 5


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    return (
        waiting_for_expert(user) + _rounds_waiting(user, role) + home_needs.waiting_for(user, role)
    )


def panels_for(user: User, role: Role | None) -> list[Panel]:
    return _round_panels(user, role) + home_needs.panels_for(role)


def _rounds_waiting(user: User, role: Role | None) -> list[Waiting]:
    if role is None:
        return []
    if role.kind == Kind.VOLUNTEER:
        return _waiting_for_initiator(user)
    if role.kind == Kind.OFFICER and role.region is not None:
        return (
            _waiting_for_office(user, region=role.region)
            + waiting_for_decision(user, role.region)
            + waiting_to_agree(user)
            + waiting_for_answer(user, role.region)
            + waiting_to_close(user, role.region)
            + waiting_for_second(user, rounds_of_office(region=role.region))
        )
    if role.kind == Kind.OBSERVER and role.region is not None:
        below = Round.objects.filter(region__lineage__contains=[role.region.pk])
        return waiting_for_second(user, below)
    if role.kind == Kind.REVIEWER:
        return waiting_for_reviewer(user) + _waiting_for_reader(user)
    if role.kind == Kind.OPERATOR and role.organisation is not None:
        own = rounds_of_office(operator=role.organisation)
        return _waiting_for_office(user, operator=role.organisation) + waiting_for_second(user, own)
    if role.kind in APPLICANTS and role.organisation is not None:
        return _waiting_for_applicant(role.organisation) + waiting_for_grantee(role.organisation)
    return []


def _round_panels(user: User, role: Role | None) -> list[Panel]:
    if role is None:
        return []
    if role.kind in home_oversight.WATCHES:
        return home_oversight.panels_for(role)
    if role.kind == Kind.OFFICER and role.region is not None:
        return _office_panels(user, region=role.region)
    if role.kind == Kind.OPERATOR and role.organisation is not None:
        return _office_panels(user, operator=role.organisation)
    if role.kind in APPLICANTS and role.organisation is not None:
        return _applicant_panels(role.organisation)
    return []


# The office ---------------------------------------------------------------------


def _waiting_for_office(
    user: User, *, region: Region | None = None, operator: Organisation | None = None
) -> list[Waiting]:
    now = database_now()
    rounds = rounds_of_office(region=region, operator=operator)
    waiting, since = waiting_for_screening(rounds, user)
    items = [
        Waiting(
            _("申报书等待形式审查"),
            waiting,
            _desk_of_waiting(rounds, user) if waiting else "",
            icon="file-earmark-text",
            due_at=since,
        )
    ]
    if questions := list(unanswered_in(rounds)[:MOST_ROUNDS]):
        items.append(
            Waiting(
                _("征集公告的提问等待答复"),
                len(questions),
                reverse("ventures:call-questions", args=[questions[0].round.code]),
                icon="chat-left-text",
                hint=questions[0].text,
                due_at=questions[0].asked_at,
            )
        )
    if region is not None:
        drafts = list(rounds.filter(state=Round.State.DRAFT))
        to_publish = rounds_to_publish(user)
        ready = ready_for_review(rounds, now)
        selecting = ready_for_selection(rounds, now)
        stops, deserted = stops_to_decide(user), closed_with_nobody(rounds, now)
        items += [
            Waiting(
                _("征集公告等您审核发布"),
                len(to_publish),
                f"{to_publish[0].get_absolute_url()}desk/" if to_publish else "",
                icon="megaphone",
                due_at=to_publish[0].proposed_at if to_publish else None,
            ),
            Waiting(
                _("征集公告还没有提请发布"),
                len(drafts),
                reverse("ventures:round-desk", args=[drafts[0].code])
                if len(drafts) == 1
                else reverse("ventures:desk-list"),
                icon="megaphone",
            ),
            Waiting(
                _("提请终止征集，等您审核"),
                len(stops),
                reverse("ventures:round-stop", args=[stops[0].round.code]) if stops else "",
                icon="slash-circle",
                hint=stops[0].round.name if stops else "",
                due_at=stops[0].asked_at if stops else None,
            ),
            Waiting(
                _("已截止，没有能往下走的申报"),
                len(deserted),
                reverse("ventures:round-desk", args=[deserted[0].code]) if deserted else "",
                icon="slash-circle",
                hint=deserted[0].name if deserted else "",
            ),
            Waiting(
                _("概要已收齐，等您遴选"),
                len(selecting),
                reverse("ventures:concept-list", args=[selecting[0].code]) if selecting else "",
                icon="clipboard-check",
            ),
            Waiting(
                _("已截止，可以开始评审"),
                len(ready),
                ready[0].get_absolute_url() + "desk/" if ready else "",
                icon="clipboard-check",
            ),
        ]
    return items


def _desk_of_waiting(rounds: QuerySet[Round], user: User) -> str:
    """The one round whose proposals wait; the list of rounds where there are several."""
    codes = list(codes_with_waiting(rounds, user)[:2])
    if len(codes) != 1:
        return reverse("ventures:desk-list")
    return f"{reverse('ventures:round-desk', args=codes)}?state=submitted"


def _waiting_for_reader(user: User) -> list[Waiting]:
    """Concepts a reviewer was asked to read."""
    now = database_now()
    rounds = [one for one in rounds_to_read(user) if now >= all_in_at(one)]
    return [
        Waiting(
            _("项目概要等您评议"),
            len(rounds),
            reverse("ventures:concept-list", args=[rounds[0].code]) if rounds else "",
            icon="clipboard-check",
            hint=rounds[0].name if rounds else "",
        )
    ]


def _office_panels(
    user: User, *, region: Region | None = None, operator: Organisation | None = None
) -> list[Panel]:
    now = database_now()
    rounds = list(rounds_of_office(region=region, operator=operator)[:MOST_ROUNDS])
    return [
        Panel(
            "ventures/home/_office.html",
            {
                "rounds": [
                    {
                        "round": round,
                        "phase": desk_phase_of(round, now),
                        "is_taking": round.is_filing and now < closes_at_of(round),
                        "closes_at": closes_at_of(round),
                        "funnel": summary_of(round, seen_by=user).funnel,
                    }
                    for round in rounds
                ],
                "may_open": region is not None,
            },
            order=40,
        )
    ]


# An applicant ---------------------------------------------------------------------


def _waiting_for_initiator(user: User) -> list[Waiting]:
    """What a person began in her own name: she has no organisation's home to find it on."""
    own = list(initiated_by(user))
    if not own:
        return []
    url = reverse("ventures:proposal-list")
    return [Waiting(_("您以个人名义发起的申报书"), len(own), url, icon="pencil", hint=own[0].title)]


def _waiting_for_applicant(organisation: Organisation) -> list[Waiting]:
    unfinished = unfinished_of(organisation, database_now())
    returned = [one for one in unfinished if one.state == Proposal.State.RETURNED]
    drafts = [one for one in unfinished if one.state == Proposal.State.DRAFT]
    invited = [one for one in unfinished if one.state == Proposal.State.INVITED]
    items = []
    for label, proposals, icon in (
        (_("申报书需要补正"), returned, "arrow-counterclockwise"),
        (_("概要入围，等您提交完整申报书"), invited, "check-circle"),
        (_("申报书草稿还没提交"), drafts, "pencil"),
    ):
        if proposals:
            items.append(
                Waiting(
                    label,
                    len(proposals),
                    reverse("ventures:proposal-edit", args=[proposals[0].code])
                    if len(proposals) == 1
                    else reverse("ventures:proposal-list"),
                    icon=icon,
                    hint=proposals[0].title,
                    due_at=deadline_of(proposals[0]),
                )
            )
    return items


def _applicant_panels(organisation: Organisation) -> list[Panel]:
    now = database_now()
    recent = [as_of(one, now) for one in recent_of(organisation)]
    told = told_to(recent)
    return [
        Panel(
            "ventures/home/_applicant.html",
            {
                "proposals": [(one, told[one.pk]) for one in recent],
                "rounds": list(open_rounds(now)[:3]),
            },
            order=40,
        )
    ]
