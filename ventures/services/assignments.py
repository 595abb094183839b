"""Name the reviewers of a round, assign proposals to them, remind them, let them step aside.

Scoring is in `services.reviews`. A reviewer with a tie to the applicant is never assigned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import User
from accounts.rules import has_role_over
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.errors.reviewers import MemberGone
from ventures.errors.reviews import (
    CommitmentMissing,
    NotAReviewer,
    PanelClosed,
    ReviewerRecused,
    ReviewHandedIn,
    ReviewNotBegun,
)
from ventures.lifecycles.reviews import ASSIGNMENT
from ventures.models import (
    Assignment,
    Conflict,
    Panel,
    PanelMember,
    Proposal,
    Recusal,
    Review,
    ReviewInvitation,
    ReviewPlan,
    Round,
)
from ventures.models.ties import kept_from_judging
from ventures.rules import recusal as recusal_rules
from ventures.rules import reviews as review_rules
from ventures.rules import rounds as round_rules
from ventures.services.conflicts import Told, declare_conflict
from ventures.services.tie_checks import look_again


@dataclass(frozen=True)
class PanelTerms:
    """When and where the panel meets, until when sheets are handed in, who counts and watches."""

    place: str = ""
    meets_at: datetime | None = None
    due_at: datetime | None = None
    counter: str = ""
    supervisor: str = ""
    chair: User | None = field(default=None)


@transaction.atomic
def name_reviewers(
    round: Round, reviewers: Sequence[User], *, terms: PanelTerms, acting_user: User
) -> Panel:
    """Seat the reviewers and give each the whole group to score, unless the round divides it
    (`services.assignment_plans`).

    Conflicts that belonging does not show are looked for first. Those already seated keep their
    seats; a proposal whose applicant a reviewer has a tie with is not assigned to her. Each newly
    seated reviewer is told. Refused: before the round is in review (`ReviewNotBegun`), after the
    panel closed, and for people who are no reviewers here.
    """
    round = Round.objects.select_for_update().get(pk=round.pk)
    panel = Panel.objects.select_for_update().filter(round=round).first() or Panel(
        round=round, opened_by=acting_user
    )
    if not review_rules.may_schedule_reviews(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    require_open(panel)
    strangers = [
        user.display_name
        for user in reviewers
        if not has_role_over(user, round.region, round_rules.Kind.REVIEWER)
    ]
    if strangers:
        raise NotAReviewer(names=strangers)

    look_again(round, users=reviewers, acting_user=acting_user)
    panel.place, panel.meets_at, panel.due_at = terms.place, terms.meets_at, terms.due_at
    panel.counter, panel.supervisor = terms.counter, terms.supervisor
    panel.save()
    for user in reviewers:
        _seat(panel, user, acting_user)
    panel.members.update(is_chair=False)
    if terms.chair is not None:
        panel.members.filter(reviewer=terms.chair).update(is_chair=True)
    record_change(
        panel, "name_reviewers", acting_user=acting_user, facts={"seats": panel.members.count()}
    )
    return panel


def assign_reviewer(member: PanelMember, proposal: Proposal, *, acting_user: User) -> Assignment:
    """Give one proposal to one seated reviewer, once; what was taken away is given back, with what
    she had written: also what she stepped aside from, once an organiser has lifted that tie.

    Ties are looked for again; what is found stays in the register though the act is refused.
    Refused: where a tie stands, declared or found (`ReviewerRecused`), and when the panel closed.
    """
    _require_may_give(member, acting_user)
    look_again(
        member.panel.round, users=[member.reviewer], proposal=proposal, acting_user=acting_user
    )
    return _assign(member, proposal, acting_user)


@transaction.atomic
def _assign(member: PanelMember, proposal: Proposal, acting_user: User) -> Assignment:
    _require_may_give(member, acting_user)
    is_of_this_round = proposal.round_id == member.panel.round_id
    if not is_of_this_round or proposal.state != Proposal.State.UNDER_REVIEW:
        raise ReviewNotBegun()
    if member.left_at is not None:
        raise MemberGone(name=member.reviewer.display_name)
    if recusal_rules.is_kept_from_judging(member.reviewer, proposal):
        raise ReviewerRecused(reviewer=member.reviewer.display_name, code=proposal.code)
    assignment, is_new = Assignment.objects.get_or_create(
        member=member, proposal=proposal, defaults={"assigned_by": acting_user}
    )
    if is_new:
        record_change(assignment, "assign", after=assignment.state, acting_user=acting_user)
    elif assignment.state != Assignment.State.ASSIGNED:
        ASSIGNMENT.move(assignment, "restore", acting_user=acting_user)
    return assignment


def _require_may_give(member: PanelMember, acting_user: User) -> None:
    if not review_rules.may_schedule_reviews(acting_user, member.panel.round):
        raise NotAllowed()
    require_open(member.panel)


@transaction.atomic
def remove_assignment(assignment: Assignment, *, reason: str, acting_user: User) -> Assignment:
    """Take a proposal away from a reviewer. Refused once her sheet is in, or without a reason."""
    if not reason.strip():
        raise ReasonMissing()
    require_open(assignment.member.panel)
    _require_not_handed_in(assignment)
    ASSIGNMENT.move(assignment, "remove", reason=reason, acting_user=acting_user)
    return assignment


@transaction.atomic
def withdraw_member(member: PanelMember, *, reason: str, acting_user: User) -> PanelMember:
    """A reviewer leaves the panel: what she has not handed in is free for others.

    Her handed-in sheets stay and count; nothing is deleted. Refused without a reason, and when the
    panel closed. Twice is once.
    """
    if not reason.strip():
        raise ReasonMissing()
    panel = Panel.objects.select_for_update().get(pk=member.panel_id)
    member = PanelMember.objects.select_related("panel__round__region", "reviewer").get(
        pk=member.pk
    )
    if not review_rules.may_schedule_reviews(acting_user, panel.round):
        raise NotAllowed()
    require_open(panel)
    if member.left_at is not None:
        return member
    for assignment in member.assignments.standing().unfinished():
        ASSIGNMENT.move(assignment, "remove", reason=reason, acting_user=acting_user)
    member.left_at, member.left_for, member.is_chair = database_now(), reason.strip(), False
    member.save(update_fields=["left_at", "left_for", "is_chair"])
    record_change(member, "leave", reason=reason, acting_user=acting_user)
    return member


@transaction.atomic
def sign_commitment(member: PanelMember, *, acting_user: User) -> PanelMember:
    """The reviewer promises to be fair and discreet (承诺书); once per round, the first counts."""
    if member.reviewer_id != acting_user.pk:
        raise NotAllowed()
    require_open(member.panel)
    signed = PanelMember.objects.filter(pk=member.pk, committed_at__isnull=True).update(
        committed_at=database_now()
    )
    if signed:
        record_change(member, "sign_commitment", acting_user=acting_user)
    member.refresh_from_db()
    return member


@transaction.atomic
def declare_recusal(
    assignment: Assignment, *, ground: str, words: str = "", acting_user: User
) -> Recusal:
    """The reviewer steps aside from one proposal and says why; it leaves her queue at once.

    Possible before she opens it and until her sheet is in; a draft she began does not count.
    """
    if ground == Recusal.Ground.OTHER and not words.strip():
        raise ReasonMissing()
    require_open(assignment.member.panel)
    _require_not_handed_in(assignment)
    ASSIGNMENT.move(
        assignment, "recuse", reason=words, facts={"ground": ground}, acting_user=acting_user
    )
    mine = Conflict.objects.standing().filter(
        proposal=assignment.proposal_id,
        person=acting_user,
        kind=ground,
        source=Conflict.Source.REVIEWER,
    )
    if not mine.exists():
        declare_conflict(assignment.proposal, Told(ground, words), acting_user=acting_user)
    recusal, _is_new = Recusal.objects.update_or_create(
        assignment=assignment, defaults={"ground": ground, "words": words.strip()}
    )
    return recusal


@transaction.atomic
def remind_reviewers(panel: Panel, *, acting_user: User) -> int:
    """Remind everyone with unfinished sheets, at most once a day each; how many were reminded."""
    if not review_rules.may_schedule_reviews(acting_user, panel.round):
        raise NotAllowed()
    require_open(panel)
    today = timezone.localdate(database_now()).isoformat()
    late = PanelMember.objects.filter(
        panel=panel, assignments__in=Assignment.objects.standing().unfinished()
    ).distinct()
    for member in late.select_related("reviewer", "panel__round"):
        with override(member.reviewer.language):
            _remind(member, today)
    record_change(panel, "remind_reviewers", acting_user=acting_user, facts={"reminded": len(late)})
    return len(late)


def require_open(panel: Panel) -> None:
    if panel.state != Panel.State.OPEN:
        raise PanelClosed()


def require_commitment(member: PanelMember) -> None:
    if member.committed_at is None:
        raise CommitmentMissing()


def _seat(panel: Panel, user: User, acting_user: User) -> None:
    """A seat, the next number on the panel, and every proposal of the group she may score."""
    member = panel.members.filter(reviewer=user).first()
    if member is None:
        last = panel.members.aggregate(last=Max("seat"))["last"] or 0
        member = PanelMember.objects.create(
            panel=panel, reviewer=user, seat=last + 1, **_agreed(panel, user)
        )
        with override(user.language):
            _tell_seated(member)
    if member.left_at is not None:
        return
    if ReviewPlan.objects.filter(round=panel.round_id, divides=True).exists():
        return
    group = panel.round.proposals.filter(state=Proposal.State.UNDER_REVIEW)
    hers = member.assignments.values("proposal")
    for proposal in group.exclude(kept_from_judging(user)).exclude(pk__in=hers):
        _assign(member, proposal, acting_user)


def _agreed(panel: Panel, user: User) -> dict[str, Any]:
    """What she signed and agreed to read when she accepted an invitation."""
    accepted = ReviewInvitation.objects.filter(
        round=panel.round_id, user=user, state=ReviewInvitation.State.ACCEPTED
    ).first()
    if accepted is None:
        return {}
    return {
        "committed_at": accepted.answered_at,
        "least": accepted.least,
        "most": accepted.most,
    }


def _remind(member: PanelMember, today: str) -> None:
    panel = member.panel
    left = member.assignments.standing().unfinished().count()
    tell(
        member.reviewer,
        kind="ventures.review_reminder",
        title=_("还有 %(left)d 份申报书等您评分") % {"left": left},
        body=_("%(round)s的评分表请在%(due)s前交齐。填写的内容会自动保存，可以分几次完成。")
        % {"round": panel.round, "due": moment(panel.due_at) or _("评审结束")},
        link=reverse("ventures:review-queue"),
        key=f"ventures.panel:{panel.pk}:member:{member.pk}:remind:{today}",
    )


def _tell_seated(member: PanelMember) -> None:
    panel = member.panel
    tell(
        member.reviewer,
        kind="ventures.reviewer_named",
        title=_("请您担任%(round)s的评委") % {"round": panel.round},
        body=_(
            "请先签署承诺书，申明需要回避的项目，再阅读和评分。"
            "评分截止：%(due)s。评审会：%(meets)s %(place)s"
        )
        % {
            "due": moment(panel.due_at) or _("以经办人通知为准"),
            "meets": moment(panel.meets_at) or _("时间另行通知"),
            "place": panel.place,
        },
        link=reverse("ventures:review-queue"),
        key=f"ventures.panel:{panel.pk}:member:{member.pk}:named",
    )


def _require_not_handed_in(assignment: Assignment) -> None:
    # A sheet that is typed in from paper this moment is waited for, too.
    Assignment.objects.select_for_update(of=("self",)).only("pk").get(pk=assignment.pk)
    review = Review.objects.select_for_update().filter(assignment=assignment).first()
    if review is not None and review.state == Review.State.SUBMITTED:
        raise ReviewHandedIn()
