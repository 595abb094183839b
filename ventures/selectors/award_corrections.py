"""更正金额: which awards may be put right now, and what was put right, for notice, letter, dossier.

What an award is now is `Award.amount_fen`, and nothing else says it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Refusal
from timebank import doors
from ventures.errors.award_corrections import (
    AmountByRules,
    AmountOfTheCall,
    NotOnThatNotice,
    NoWithdrawnNotice,
)
from ventures.models import Award, AwardCorrection, Decision, Proposal, PublicNotice, Round
from ventures.selectors.award_terms import is_walked


@dataclass(frozen=True)
class Corrected:
    """What was put right of one award since a notice: first and last sum, and every reason."""

    from_fen: int
    to_fen: int
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        return _("；").join(dict.fromkeys(self.reasons))


def why_not_corrected(round: Round, withdrawn: PublicNotice | None) -> Refusal | None:
    """Why no amount of the round may be put right now: prizes and titles are the call's, rules
    gave the amounts, or nothing waits to be published again. Nothing where one may."""
    if not round.has_budget:
        return AmountOfTheCall()
    if is_walked(round):
        return AmountByRules()
    return NoWithdrawnNotice() if withdrawn is None else None


def correctable_award(proposal: Proposal, withdrawn: PublicNotice | None) -> Award:
    """Its award as it stands. Refused as above, and where the withdrawn notice told of none."""
    refusal = why_not_corrected(proposal.round, withdrawn)
    if refusal is not None:
        raise refusal
    assert withdrawn is not None, "without one it is refused"
    award = _standing_on(withdrawn).filter(proposal=proposal).first()
    if award is None:
        raise NotOnThatNotice(code=proposal.code)
    return award


def correctable_awards(withdrawn: PublicNotice) -> list[Award]:
    return list(_standing_on(withdrawn).order_by("decision__rank", "proposal__code"))


def _standing_on(withdrawn: PublicNotice) -> QuerySet[Award]:
    """Awards that the notice told and that nobody took back since."""
    return Award.objects.filter(
        proposal__code__in=[one["code"] for one in withdrawn.snapshot["projects"]],
        proposal__round=withdrawn.round_id,
        decision__state=Decision.State.RESOLVED,
        decision__outcome=Decision.Outcome.AWARD,
        withdrawal__isnull=True,
    ).select_related("decision", "proposal__round__region", "proposal__applicant")


def fen_for(award: Award) -> int:
    """What of the fund there is for it: what is free, and what it has itself."""
    return doors.fund_position(award.proposal.round.fund_key).free_fen + award.amount_fen


def corrections_in(round: Round) -> list[AwardCorrection]:
    """All of a round, in the order they were made."""
    return list(
        AwardCorrection.objects.filter(award__proposal__round=round)
        .select_related("award__proposal", "minutes", "corrected_by", "notice", "wish__proposed_by")
        .order_by("id")
    )


def has_amounts_to_show(round: Round, last: PublicNotice) -> bool:
    """Whether the board leads there: its last notice is withdrawn, or an amount was put right."""
    if last.withdrawn_at is not None and why_not_corrected(round, last) is None:
        return True
    return AwardCorrection.objects.filter(award__proposal__round=round).exists()


def corrections_of(proposal: Proposal) -> list[AwardCorrection]:
    return list(
        AwardCorrection.objects.filter(award__proposal=proposal)
        .select_related("notice")
        .order_by("number")
    )


def corrected_since(withdrawn: PublicNotice) -> dict[str, Corrected]:
    """By number of the proposal, what became of its amount after this notice was withdrawn."""
    rows = withdrawn.corrections.select_related("award__proposal").order_by("id")
    return _together((one.award.proposal.code, one) for one in rows)


def _together(rows: Iterable[tuple[str, AwardCorrection]]) -> dict[str, Corrected]:
    found: dict[str, Corrected] = {}
    for code, one in rows:
        before = found.get(code, Corrected(one.from_fen, one.from_fen, ()))
        found[code] = Corrected(before.from_fen, one.to_fen, (*before.reasons, one.reason))
    return found


def corrections_on_file(round: Round) -> list[dict[str, Any]]:
    """For the dossier: each with the paper that shows it and its transfers in the ledger."""
    return [
        {
            "code": one.award.proposal.code,
            "number": one.number,
            "notice": one.notice.code,
            "from_fen": one.from_fen,
            "to_fen": one.to_fen,
            "reason": one.reason,
            "minutes_sha256": one.minutes.sha256,
            "transfers": [one.from_transfer_id, one.returned_transfer_id, one.transfer_id],
            "at": one.corrected_at.isoformat(),
            "proposed_by": one.wish.proposed_by.display_name if one.wish else "",
            "agreed_by": one.corrected_by.display_name,
        }
        for one in corrections_in(round)
    ]
