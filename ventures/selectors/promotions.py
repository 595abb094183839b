"""递补: who may move up after an upheld objection, in what order and with how much.

By the rules of the round it is the walk that says so, run again with what was published held; in a
round that knows none, the reserves in the order of their rank, and the meeting says how much.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from timebank import doors
from ventures.models import (
    Award,
    AwardWalk,
    AwardWithdrawal,
    Decision,
    Objection,
    Proposal,
    PublicNotice,
    Resolution,
    Round,
)
from ventures.reckoning.award_record import moved_up
from ventures.selectors.award_walks import kept_walk_of
from ventures.selectors.prizes import prize_and_sum


@dataclass(frozen=True)
class Promotable:
    """One proposal that may move up; `listed_fen` where the rules say how much."""

    decision: Decision
    listed_fen: int | None
    why: str

    @property
    def proposal(self) -> Proposal:
        return self.decision.proposal

    @property
    def listed(self) -> str:
        """What the rules give, by its name where it is a prize."""
        return prize_and_sum(self.proposal.round, self.listed_fen or 0)

    @property
    def most_fen(self) -> int:
        return self.proposal.round.most_for(self.proposal.requested_fen)


def standing_awards(round: Round) -> dict[str, int]:
    """Awards nobody took back, by number."""
    rows = Award.objects.filter(proposal__round=round, withdrawal__isnull=True)
    return dict(rows.values_list("proposal__code", "amount_fen"))


def fallen_fen(round: Round) -> list[int]:
    """The sums of awards that were taken back and that no later meeting has given again."""
    awards = Award.objects.filter(proposal__round=round)
    fallen = list(awards.filter(withdrawal__isnull=False).values_list("amount_fen", flat=True))
    first = round.resolutions.order_by("pk").values("pk")[:1]
    for given in awards.exclude(resolution__in=first).values_list("amount_fen", flat=True):
        if given in fallen:
            fallen.remove(given)
    return fallen


def promotable_in(round: Round) -> list[Promotable]:
    """In their order; nobody before an objection was upheld, and after the list is final."""
    if round.state != Round.State.NOTICED:
        return []
    upheld = set(
        Objection.objects.filter(
            notice__round=round, state=Objection.State.UPHELD, proposal__isnull=False
        ).values_list("proposal__code", flat=True)
    )
    if not upheld:
        return []
    told = {
        one.proposal.code: one
        for one in Decision.objects.filter(
            proposal__round=round, state=Decision.State.PUBLISHED, proposal__award__isnull=True
        ).select_related("proposal__applicant", "proposal__round")
        # Who was struck off the reserves because of an objection does not come back by it.
        if not (one.outcome == Decision.Outcome.DECLINE and one.proposal.code in upheld)
    }
    if kept_walk_of(round) is None:
        return _reserves(told, upheld) if _frees(round) or upheld & told.keys() else []
    listed = _listed(round)
    return [
        Promotable(
            told[code],
            fen,
            _("按规则重排，轮到它，%(fen)s。") % {"fen": prize_and_sum(round, fen)},
        )
        for code, fen in listed.items()
        if code in told
    ] + _reserves({code: told[code] for code in upheld & told.keys() - listed.keys()}, upheld)


def _frees(round: Round) -> bool:
    return AwardWithdrawal.objects.filter(award__proposal__round=round).exists()


def _listed(round: Round) -> dict[str, int]:
    """What the last walk after an objection gives to those without an award."""
    last = (
        AwardWalk.objects.filter(round=round, occasion=AwardWalk.Occasion.OBJECTION)
        .order_by("-number")
        .first()
    )
    return moved_up(last.results, standing_awards(round)) if last else {}


def _reserves(told: Mapping[str, Decision], upheld: set[str]) -> list[Promotable]:
    """By rank; those the meeting has to look at again because an objection was upheld say so."""
    reserves = [one for one in told.values() if one.outcome == Decision.Outcome.RESERVE]
    reserves.sort(key=lambda one: (one.rank is None, one.rank or 0, one.proposal.code))
    return [
        Promotable(
            one,
            None,
            _("对它的异议成立，请会议重新研究。")
            if one.proposal.code in upheld
            else _("候补，第 %(rank)s 名。") % {"rank": one.rank or "—"},
        )
        for one in reserves
    ]


def awaiting_promotion(rounds: QuerySet[Round]) -> list[Round]:
    """Where somebody may move up, nothing is under recheck, and no meeting was held about it since
    the objection was upheld."""
    met_since = Resolution.objects.filter(
        round=OuterRef("notice__round"), recorded_at__gt=OuterRef("answered_at")
    )
    upheld = Objection.objects.filter(
        ~Exists(met_since), state=Objection.State.UPHELD, proposal__isnull=False
    )
    candidates = rounds.filter(
        state=Round.State.NOTICED, pk__in=upheld.values("notice__round")
    ).exclude(pk__in=Objection.objects.waiting().values("notice__round"))
    return [one for one in candidates if promotable_in(one)]


def awaits_supplement(round: Round) -> bool:
    """A meeting gave what was freed, the first notice has ended: the second may begin."""
    decided = Decision.objects.filter(proposal__round=round, state=Decision.State.RESOLVED)
    is_open = PublicNotice.objects.running().filter(round=round).exists()
    return round.state == Round.State.NOTICED and not is_open and decided.exists()


def free_fen(round: Round) -> int:
    return doors.fund_position(round.fund_key).free_fen
