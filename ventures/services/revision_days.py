"""修改稿期限: set with the final list, made longer by the office, reminded of shortly before."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import day
from ventures.errors.objections import (
    RevisionDayNotLater,
    RevisionNotAsked,
    RevisionStanding,
)
from ventures.models import Award, Decision, Proposal, RevisionDay
from ventures.rules.objections import may_extend_revision
from ventures.selectors.revisions import STANDING, days_of, due_between, first_day
from ventures.services.award_withdrawals import require_standing
from ventures.services.proposals import applicants_people
from ventures.terms.revisions import revision_terms


def begin_revisions(settled: Iterable[Decision], *, acting_user: User) -> None:
    """Of what was just announced: whoever is to revise a budget has a day, and is told."""
    today = timezone.localdate(database_now())
    awards = Award.objects.filter(
        decision__in=[one.pk for one in settled if one.needs_revision],
        withdrawal__isnull=True,
    ).select_related("proposal__round__region")
    for award in awards:
        due_on = first_day(award.proposal.round.region, today)
        _set_day(award, due_on, number=1, reason="", acting_user=acting_user)


@transaction.atomic
def extend_revision(award: Award, due_on: date, *, reason: str, acting_user: User) -> RevisionDay:
    """More time for one applicant, who is told until when and why.

    Refused: to who does not decide in the round, where no revised budget is awaited or the award
    ended (`AwardGone`), without a reason, and a day that has passed or is no later than the one
    that holds.
    """
    Proposal.objects.select_for_update(of=("self",)).get(pk=award.proposal_id)
    award = Award.objects.select_related("decision", "proposal__round__region").get(pk=award.pk)
    if not may_extend_revision(acting_user, award.proposal.round):
        raise NotAllowed()
    if award.decision.state != Decision.State.FINAL or not award.decision.needs_revision:
        raise RevisionNotAsked()
    require_standing(award.proposal)
    if award.revised_budgets.filter(state__in=STANDING).exists():
        raise RevisionStanding()
    reason = required(reason)
    days = days_of(award)
    today = timezone.localdate(database_now())
    least = max([today, *(one.due_on for one in days[:1])])
    if due_on <= least:
        raise RevisionDayNotLater(least=least)
    number = days[0].number + 1 if days else 1
    return _set_day(award, due_on, number=number, reason=reason, acting_user=acting_user)


def remind_revisions() -> int:
    """Tell who has not handed in and whose day is near; how many proposals are. Each day once."""
    today = timezone.localdate(database_now())
    until = today + timedelta(days=revision_terms(today).reminded_before)
    near = list(due_between(today, until))
    for one in near:
        assert one.due_on is not None, "its day is near"
        for person in applicants_people(one.proposal):
            with override(person.language):
                _tell(
                    person,
                    one.proposal,
                    title=_("修改稿快到期：%(title)s"),
                    body=_("请在 %(day)s 前交修改稿。来不及的，请先和经办人说，可以延长。")
                    % {"day": day(one.due_on)},
                    key=f"ventures.revision_due:{one.award.pk}:{one.due_on}",
                )
    return len(near)


def _set_day(
    award: Award, due_on: date, *, number: int, reason: str, acting_user: User
) -> RevisionDay:
    row = RevisionDay.objects.create(
        award=award, number=number, due_on=due_on, reason=reason, set_by=acting_user
    )
    record_change(
        row,
        "set_day",
        after=due_on.isoformat(),
        facts={"number": number},
        reason=reason,
        acting_user=acting_user,
    )
    for person in applicants_people(award.proposal):
        with override(person.language):
            _tell_day(person, row)
    return row


def _tell_day(person: User, row: RevisionDay) -> None:
    words = {"day": day(row.due_on), "reason": row.reason}
    _tell(
        person,
        row.award.proposal,
        title=_("修改稿期限延长了：%(title)s") if row.number > 1 else _("请交修改稿：%(title)s"),
        body=_("改为 %(day)s 前交。%(reason)s") % words
        if row.number > 1
        else _("请在 %(day)s 前把预算改到核定的金额以内，经办人确认后签约。") % words,
        key=f"ventures.revision_day:{row.pk}",
    )


def _tell(person: User, proposal: Proposal, *, title: str, body: str, key: str) -> None:
    tell(
        person,
        kind="ventures.revision",
        title=title % {"title": proposal.title},
        body=body,
        link=reverse("ventures:proposal-revision", args=[proposal.code]),
        key=f"{key}:user:{person.pk}",
    )
