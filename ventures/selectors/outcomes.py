"""What an applicant learns of the judgement on her own proposal, and when.

Before the notice nothing but that it is under review. From the notice on: her score, the reasons
without names, the decision and the amount, and how it went, step by step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise

from accounts.models import User
from ventures.models import (
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
from ventures.selectors.outcome_events import (
    Event,
    ended_by,
    events_of,
    in_order,
    objected,
    put_right,
)
from ventures.selectors.outcome_labels import ENDED, told_to
from ventures.selectors.rankings import ranking_of
from ventures.selectors.reviews import half_points_shown, hundredths_shown

type Words = str | Promise


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
        return Outcome(told.label, told.tone, None, None, "", (), (), (), events_of(proposal))
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
    # Who moved up is told 候补 until her own notice; her award stands already, and is not named.
    awarded = [decision] if decision.outcome == Decision.Outcome.AWARD else []
    return Outcome(
        label=told.label,
        tone=told.tone,
        decision=decision,
        notice=notice,
        score=hundredths_shown(decision.score_hundredths),
        items=_items(proposal),
        comments=tuple(review.comment for review in reviews if review.comment),
        cuts=tuple(cut for review in reviews for cut in review.cuts.all()),
        events=in_order(
            *events_of(proposal, decision, notice, reviews),
            *map(put_right, corrections),
            *([ended_by(ended)] if ended else []),
        ),
        corrections=corrections,
        letter=_letter(proposal, notice),
        why=why.words,
        code=why.code,
        basis=why.basis,
        almost=why.almost,
        rechecks=tuple(rechecks_of(proposal)),
        asks_revision=is_final and decision.needs_revision and ended is None,
        sources=parts_in_words(money_of(proposal.round, awarded).get(proposal.pk, [])),
        ended=ended,
    )


def _end_of(proposal: Proposal) -> AwardWithdrawal | None:
    if proposal.state not in ENDED:
        return None
    ends = AwardWithdrawal.objects.select_related("award__proposal__round")
    return ends.filter(award__proposal=proposal).first()


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
    if meeting is None or (not is_award and _was_taken_back(proposal)):
        return Why()
    said = reason_of(meeting, decision)
    return Why(said.words, said.code, said.basis, said.almost)


def _was_taken_back(proposal: Proposal) -> bool:
    return AwardWithdrawal.objects.filter(award__proposal=proposal).exists()


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


def with_own_objections(outcome: Outcome, proposal: Proposal, user: User) -> Outcome:
    """With what this one person objected to in the round, and what she was answered: for her alone.
    Others of the same organisation read nothing of it."""
    own = [
        event
        for objection in objections_by(user, proposal.round)
        for event in objected(objection, proposal)
    ]
    return replace(outcome, events=in_order(*outcome.events, *own))
