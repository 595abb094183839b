"""What an applicant learns of the judgement on her own proposal, and when.

Before the notice nothing but that it is under review. From the notice on: her score, the reasons
without names, the decision and the amount, and how it went, step by step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.templatetags.kit import yuan
from ventures.models import (
    Award,
    AwardCorrection,
    AwardWithdrawal,
    BudgetCut,
    Decision,
    Letter,
    Objection,
    Override,
    Proposal,
    PublicNotice,
    Review,
    Round,
)
from ventures.selectors.award_corrections import corrections_of
from ventures.selectors.award_money import money_of, parts_in_words
from ventures.selectors.award_walks import (
    almost_in_words,
    kept_walk_of,
    reason_in_words,
    reruns_of,
    told_of,
)
from ventures.selectors.meeting_reasons import meeting_of, reason_of
from ventures.selectors.objections import objections_by, rechecks_of
from ventures.selectors.outcome_labels import ENDED, RESULTS, told_to
from ventures.selectors.rankings import ranking_of
from ventures.selectors.reissues import replaced_before
from ventures.selectors.reviews import half_points_shown, hundredths_shown

type Words = str | Promise


@dataclass(frozen=True)
class Event:
    """One line of the timeline, as the component shows it."""

    what: Words
    who: Words
    when: datetime
    why: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class ItemMean:
    """One criterion with the mean of all sheets."""

    name: str
    points: str
    most: str


@dataclass(frozen=True)
class Outcome:
    """The result as the applicant may read it; `decision` is None until the notice runs."""

    label: Words
    tone: str
    decision: Decision | None
    notice: PublicNotice | None
    score: str
    items: tuple[ItemMean, ...]
    comments: tuple[str, ...]
    cuts: tuple[BudgetCut, ...]
    events: tuple[Event, ...]
    letter: str = ""
    why: str = ""
    # Which reason it was, in one word; and what the meeting had before it where no rule ranks.
    code: str = ""
    basis: tuple[str, ...] = ()
    almost: tuple[str, ...] = ()
    rechecks: tuple[Objection, ...] = ()
    asks_revision: bool = False
    # Whose money it is, in words, where the round has several sources.
    sources: str = ""
    # Given up or cancelled: what was decided stands no more.
    ended: AwardWithdrawal | None = None
    # What of its amount was put right since it was first told.
    corrections: tuple[AwardCorrection, ...] = ()

    @property
    def is_final(self) -> bool:
        return self.decision is not None and self.decision.state == Decision.State.FINAL


def outcome_of(proposal: Proposal) -> Outcome:
    """What stands fast for the applicant now."""
    told = told_to([proposal])[proposal.pk]
    decision, notice = told.decision, told.notice
    if decision is None or notice is None:
        return Outcome(told.label, told.tone, None, None, "", (), (), (), _events(proposal, None))
    reviews = list(
        Review.objects.handed_in()
        .filter(assignment__proposal=proposal)
        .order_by("assignment__member__seat")
        .prefetch_related("cuts")
    )
    ended = _end_of(proposal)
    why = Why() if ended else _why(proposal, decision)
    corrections = tuple(corrections_of(proposal))
    is_final = decision.state == Decision.State.FINAL
    return Outcome(
        label=told.label,
        tone=told.tone,
        decision=decision,
        notice=notice,
        score=hundredths_shown(decision.score_hundredths),
        items=_items(proposal),
        comments=tuple(review.comment for review in reviews if review.comment),
        cuts=tuple(cut for review in reviews for cut in review.cuts.all()),
        events=tuple(
            sorted(
                (*_events(proposal, notice), *(_put_right(one) for one in corrections)),
                key=lambda event: event.when,
            )
        ),
        corrections=corrections,
        letter=_letter(proposal, notice),
        why=why.words,
        code=why.code,
        basis=why.basis,
        almost=why.almost,
        rechecks=tuple(rechecks_of(proposal)),
        asks_revision=is_final and decision.needs_revision and ended is None,
        sources=parts_in_words(money_of(proposal.round, [decision]).get(proposal.pk, [])),
        ended=ended,
    )


def _end_of(proposal: Proposal) -> AwardWithdrawal | None:
    if proposal.state not in ENDED:
        return None
    return AwardWithdrawal.objects.filter(award__proposal=proposal).first()


@dataclass(frozen=True)
class Why:
    """The reason of one decision: by the rules of the round, else by its meeting."""

    words: str = ""
    code: str = ""
    basis: tuple[str, ...] = ()
    almost: tuple[str, ...] = ()


def _why(proposal: Proposal, decision: Decision) -> Why:
    """Nothing where an award was taken back: there the decision's own reason says it."""
    round = proposal.round
    if kept_walk_of(round) is not None:
        told = _told_by_the_walk(proposal, decision)
        if told is None:
            return Why()
        return Why(
            reason_in_words(round, told, _override(proposal)),
            told["reason"],
            (),
            almost_in_words(round, told),
        )
    meeting = meeting_of(round)
    is_award = decision.outcome == Decision.Outcome.AWARD
    if meeting is None or (not is_award and Award.objects.filter(proposal=proposal).exists()):
        return Why()
    said = reason_of(meeting, decision)
    return Why(said.words, said.code, said.basis, said.almost)


def _told_by_the_walk(proposal: Proposal, decision: Decision) -> Mapping[str, Any] | None:
    """The meeting's walk; for an award it did not give, the walk that did; nothing of one that was
    taken back: there the reason says it."""
    told = told_of(kept_walk_of(proposal.round), proposal)
    is_award = decision.outcome == Decision.Outcome.AWARD
    if told is None or bool(told["awarded_fen"]) == is_award:
        return told
    if not is_award:
        return None
    later = [told_of(one.walk, proposal) for one in reruns_of(proposal.round)]
    return next((one for one in reversed(later) if one and one["awarded_fen"]), None)


def _letter(proposal: Proposal, notice: PublicNotice) -> str:
    found = Letter.objects.filter(proposal=proposal, notice=notice).first()
    return found.body if found else ""


def _override(proposal: Proposal) -> Override | None:
    return proposal.overrides.filter(state=Override.State.AGREED).first()


def _items(proposal: Proposal) -> tuple[ItemMean, ...]:
    """Item by item the mean over all sheets, to hundredths, as in the tie rule."""
    row = next((r for r in ranking_of(proposal.round).rows if r.proposal == proposal), None)
    rubric = proposal.round.rubric
    if row is None or rubric is None:
        return ()
    means = row.standing.item_means
    return tuple(
        ItemMean(
            criterion.name,
            hundredths_shown(_to_hundredths(mean)),
            half_points_shown(criterion.max_half_points),
        )
        for criterion, mean in zip(rubric.criteria.all(), means, strict=False)
    )


def _to_hundredths(half_points: Fraction) -> int:
    return int(half_points * 50 + Fraction(1, 2))


def _published(notice: PublicNotice) -> list[Event]:
    """Put on notice; and taken back, and why."""
    issuer, url = notice.snapshot["issuer"], notice.get_absolute_url()
    label = _("结果重新公示") if notice.replaces_id else _("结果公示")
    events = [Event(label, issuer, notice.published_at, tone="waiting", url=url)]
    if notice.withdrawn_at is not None:
        why = notice.withdrawn_reason
        events.append(
            Event(_("公示撤回"), issuer, notice.withdrawn_at, why, tone="danger", url=url)
        )
    return events


def _put_right(correction: AwardCorrection) -> Event:
    what = _("金额由 %(before)s 更正为 %(after)s") % {
        "before": yuan(correction.from_fen),
        "after": yuan(correction.to_fen),
    }
    issuer = correction.notice.snapshot["issuer"]
    return Event(what, issuer, correction.corrected_at, correction.reason, tone="waiting")


def with_own_objections(outcome: Outcome, proposal: Proposal, user: User) -> Outcome:
    """With what this one person objected to in the round, and what she was answered: for her alone.
    Others of the same organisation read nothing of it."""
    own = [
        event for one in objections_by(user, proposal.round) for event in _objected(one, proposal)
    ]
    events = sorted((*outcome.events, *own), key=lambda event: event.when)
    return replace(outcome, events=tuple(events))


def _objected(objection: Objection, proposal: Proposal) -> list[Event]:
    """One objection as its objector reads it: filed, and answered."""
    if objection.proposal is None:
        about: Words = _("整份公示")
    else:
        about = _("本项目") if objection.proposal == proposal else objection.proposal.title
    is_taken_back = objection.state == Objection.State.TAKEN_BACK
    what = _("您提出异议（已撤回）：%(about)s") if is_taken_back else _("您提出异议：%(about)s")
    url = reverse("ventures:objection", args=[objection.pk])
    tone = "waiting" if objection.state == Objection.State.FILED else ""
    events = [
        Event(what % {"about": about}, objection.name, objection.filed_at, tone=tone, url=url)
    ]
    if objection.answered_at is not None:
        issuer = objection.notice.snapshot["issuer"]
        answered = _("异议有了书面答复：%(state)s") % {"state": objection.get_state_display()}
        events.append(Event(answered, issuer, objection.answered_at, tone="done", url=url))
    return events


def _events(proposal: Proposal, notice: PublicNotice | None) -> tuple[Event, ...]:
    events = []
    if proposal.submitted_at:
        events.append(Event(_("提交申报书"), proposal.applicant_name, proposal.submitted_at))
    events += [
        Event(
            _("形式审查：%(outcome)s") % {"outcome": screening.get_outcome_display()},
            proposal.round.sponsors,
            screening.screened_at,
            why=screening.reason,
            tone="done" if screening.outcome == "accepted" else "danger",
        )
        for screening in proposal.screenings.all()
    ]
    if notice is not None:
        for one in (*replaced_before(notice), notice):
            events += _published(one)
        if notice.concluded_at is not None:
            events.append(
                Event(
                    _("公示结束，发布公告")
                    if proposal.state in RESULTS
                    else _("公示结束，其他项目先公告"),
                    notice.snapshot["issuer"],
                    notice.concluded_at,
                    tone="done",
                )
            )
    elif proposal.round.state in (Round.State.IN_REVIEW, Round.State.DECIDED):
        panel = getattr(proposal.round, "panel", None)
        if panel is not None:
            events.append(
                Event(_("评委评审"), proposal.round.sponsors, panel.opened_at, tone="waiting")
            )
    if (ended := _end_of(proposal)) is not None:
        events.append(
            Event(
                ended.get_cause_display(),
                proposal.applicant_name
                if ended.cause == AwardWithdrawal.Cause.GIVEN_UP
                else proposal.round.sponsors,
                ended.withdrawn_at,
                tone="danger",
            )
        )
    return tuple(sorted(events, key=lambda event: event.when))
