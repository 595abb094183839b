"""How a result is called for whoever applied, from the notice on: in one word, for whole lists.

Home, list and result page ask here, so that none says 评审中 of what another says is on notice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ventures.models import Decision, Letter, LetterKind, Proposal, PublicNotice
from ventures.selectors.award_words import result_words

type Words = str | Promise
PREPARED = Decision.State.PREPARED
OF_AWARDS = (LetterKind.AWARD, LetterKind.REVISE)
ENDED = (Proposal.State.GIVEN_UP, Proposal.State.CANCELLED)
RESULTS = (
    Proposal.State.AWARDED, Proposal.State.RESERVED, Proposal.State.DECLINED, *ENDED,
)  # fmt: skip
# Of whom a decision may have been told at all.
JUDGED = (Proposal.State.UNDER_REVIEW, *RESULTS)


@dataclass(frozen=True)
class Told:
    """What a proposal's people may read of its decision now; nothing of it before the notice."""

    label: Words
    tone: str
    decision: Decision | None = None
    notice: PublicNotice | None = None


def told_to(proposals: Iterable[Proposal]) -> dict[int, Told]:
    """By proposal, in no query while nothing is judged, else in three for any number. Whatever the
    notices froze is left to be read where it is shown."""
    proposals = list(proposals)
    judged = [one for one in proposals if one.state in JUDGED]
    letters, notices, decisions = _letters_of(judged), _notices_of(judged), _decisions_of(judged)
    told = {}
    for one in proposals:
        letter = letters.get(one.pk)
        notice = next(
            (
                n
                for n in notices
                if (n.pk == letter.notice_id if letter else n.round_id == one.round_id)
            ),
            None,
        )
        told[one.pk] = _told(one, notice, letter, decisions.get(one.pk))
    return told


def _letters_of(judged: Sequence[Proposal]) -> dict[int, Letter]:
    """The last letter to each; who moved up is told of on a second notice."""
    if not judged:
        return {}
    letters = Letter.objects.filter(proposal__in=judged).order_by("notice_id").defer("body")
    return {one.proposal_id: one for one in letters}


def _notices_of(judged: Sequence[Proposal]) -> list[PublicNotice]:
    """All of their rounds, the last first."""
    if not judged:
        return []
    rounds = {one.round_id for one in judged}
    return list(PublicNotice.objects.filter(round__in=rounds).defer("snapshot").order_by("-id"))


def _decisions_of(judged: Sequence[Proposal]) -> dict[int, Decision]:
    if not judged:
        return {}
    decisions = Decision.objects.filter(proposal__in=judged).exclude(state=PREPARED)
    return {one.proposal_id: one for one in decisions}


def _told(
    proposal: Proposal,
    notice: PublicNotice | None,
    letter: Letter | None,
    decision: Decision | None,
) -> Told:
    state = Proposal.State(proposal.state)
    usual = result_words(proposal.round, proposal.state, state.public_label)
    if notice is None or decision is None:
        return Told(usual, state.tone)
    if decision.state == Decision.State.RESOLVED:
        if letter is None:
            return Told(usual, state.tone)
        _as_last_told(decision, letter, is_announced=proposal.state in RESULTS)
    tone = state.tone if proposal.state in ENDED else _tone(decision, notice)
    if decision.state == Decision.State.FINAL:
        return Told(usual, tone, decision, notice)
    outcome = result_words(proposal.round, decision.outcome, decision.get_outcome_display())
    return Told(_still_open(notice) % {"outcome": outcome}, tone, decision, notice)


def _as_last_told(decision: Decision, letter: Letter, *, is_announced: bool) -> None:
    """Until her own notice, whoever moves up reads the last one; of a notice that was withdrawn,
    what it said."""
    if decision.outcome != Decision.Outcome.AWARD or letter.kind in OF_AWARDS:
        return
    is_reserve = letter.kind == LetterKind.RESERVE
    decision.outcome = Decision.Outcome.RESERVE if is_reserve else Decision.Outcome.DECLINE
    decision.state = Decision.State.FINAL if is_announced else Decision.State.PUBLISHED
    decision.amount_fen, decision.reason, decision.deviates = 0, "", False


def _tone(decision: Decision, notice: PublicNotice) -> str:
    if notice.withdrawn_at is not None:
        return "waiting"
    tones = {Decision.Outcome.AWARD: "done", Decision.Outcome.RESERVE: "waiting"}
    return tones.get(Decision.Outcome(decision.outcome), "neutral")


def _still_open(notice: PublicNotice) -> Words:
    """On notice; or withdrawn with it; or the others were announced and this one waits for a
    recheck."""
    if notice.state == PublicNotice.State.WITHDRAWN:
        return _("公示已撤回，等重新公示：%(outcome)s")
    if notice.state == PublicNotice.State.OPEN:
        return _("公示中：%(outcome)s")
    return _("等复核结束：%(outcome)s")
