"""综合得分 for the dossier: all it was made of, as plain values."""

from typing import Any

from ventures.models import Bonus, DefenceSheet, PublicVote, Round
from ventures.selectors.bonuses import bonuses_of, kinds_of
from ventures.selectors.composites import Working, key_of, percents_of


def record_of(round: Round, working: Working | None) -> dict[str, Any] | None:
    """All a composite was made of, as plain values; None where the sheets alone decide."""
    if working is None:
        return None
    terms = working.terms
    vote = PublicVote.objects.filter(round=round, state=PublicVote.State.COUNTED).first()
    sheets = (
        DefenceSheet.objects.revealed()
        .filter(slot__session__round=round)
        .order_by("slot__proposal__code", "member__seat")
        .values_list("slot__proposal__code", "member__seat", "half_points")
    )
    return {
        "shares": percents_of(terms),
        "vote_rule": terms.vote_rule,
        "pledge_rule": terms.pledge_rule,
        "pledge_full_fen": terms.pledge_full_fen,
        "pledge_bonus": terms.pledge_bonus,
        "bonus_kinds": [
            {
                "key": key_of(kind),
                "name": kind.name,
                "least_points": kind.least_points,
                "most_points": kind.most_points,
            }
            for kind in kinds_of(round)
        ],
        "bonuses": [
            {
                "code": one.proposal.code,
                "key": key_of(one.kind),
                "half_points": one.half_points,
                "reason": one.reason,
                "proposed_by": one.proposed_by.display_name,
                "agreed_by": one.decided_by.display_name if one.decided_by else "",
            }
            for one in bonuses_of(round)
            if one.state == Bonus.State.AGREED and one.half_points
        ],
        "hall": [
            {"code": code, "seat": seat, "half_points": list(halves)}
            for code, seat, halves in sheets
        ],
        "vote": {"turnout": vote.turnout, "counts": vote.counts} if vote else None,
        "lines": [
            {
                "code": line.code,
                "parts": {part.name: part.hundredths for part in line.parts},
                "base_hundredths": line.base_hundredths,
                "bonuses": {part.name: part.hundredths for part in line.bonuses},
                "hundredths": line.hundredths,
            }
            for line in working.lines
        ],
    }
