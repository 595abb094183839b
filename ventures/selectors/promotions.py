"""递补: who may move up after an award fell, in what order and with how much.

By the rules of the round it is the walk that says so, run again with what was published held; in a
round that knows none, the reserves in the order of their rank, and the meeting says how much.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.clock import database_now
from timebank import doors
from ventures.models import (
    Announcement,
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
from ventures.rules.rounds import PUBLIC_STATES
from ventures.selectors.award_walks import kept_walk_of
from ventures.selectors.prizes import prize_and_sum

# For how long an office's home says that somebody may move up; the page itself stays.
STAYS_AT_HOME = timedelta(days=60)


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
    """In their order; nobody before an objection was upheld or an award fell.

    What an award left may be given as long as the money is there, also to those whose own result
    was announced; after an objection that took no award, only until the list is final.
    """
    if round.state not in PUBLIC_STATES:
        return []
    upheld = set(
        Objection.objects.filter(
            notice__round=round, state=Objection.State.UPHELD, proposal__isnull=False
        ).values_list("proposal__code", flat=True)
    )
    frees = AwardWithdrawal.objects.filter(award__proposal__round=round).exists()
    if not (upheld or frees):
        return []
    states = [Decision.State.PUBLISHED, *([Decision.State.FINAL] if frees else [])]
    told = {
        one.proposal.code: one
        for one in Decision.objects.filter(
            proposal__round=round, state__in=states, proposal__award__isnull=True
        ).select_related("proposal__applicant", "proposal__round")
        # Who was struck off the reserves because of an objection does not come back by it.
        if not (one.outcome == Decision.Outcome.DECLINE and one.proposal.code in upheld)
    }
    if kept_walk_of(round) is None:
        return _reserves(told, upheld) if frees or upheld & told.keys() else []
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


def _listed(round: Round) -> dict[str, int]:
    """What the last walk after an award fell gives to those without one."""
    last = (
        AwardWalk.objects.filter(round=round, occasion__in=AwardWalk.AGAIN)
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
    """Where somebody may move up, nothing is under recheck, and nobody settled it since: no meeting
    was held, and what fell was not announced with nobody waiting for it."""
    upheld = Objection.objects.filter(
        ~Exists(_met_since("notice__round", "answered_at")),
        state=Objection.State.UPHELD,
        proposal__isnull=False,
    )
    announced = Announcement.objects.filter(
        notice__round=OuterRef("award__proposal__round"),
        published_at__gt=OuterRef("withdrawn_at"),
        snapshot__held=[],
    )
    fallen = AwardWithdrawal.objects.filter(
        ~Exists(_met_since("award__proposal__round", "withdrawn_at")),
        ~Exists(announced),
        withdrawn_at__gt=database_now() - STAYS_AT_HOME,
    )
    candidates = rounds.filter(
        Q(state=Round.State.NOTICED, pk__in=upheld.values("notice__round"))
        | Q(state__in=PUBLIC_STATES, pk__in=fallen.values("award__proposal__round"))
    ).exclude(pk__in=Objection.objects.waiting().values("notice__round"))
    return [one for one in candidates if promotable_in(one)]


def moves_up_in(round: Round) -> bool:
    """Whether pages of the round lead to the promotion; after its end as long as the home does."""
    if round.state == Round.State.NOTICED:
        return bool(promotable_in(round))
    return bool(awaiting_promotion(Round.objects.filter(pk=round.pk)))


def _met_since(round: str, instant: str) -> QuerySet[Resolution]:
    return Resolution.objects.filter(round=OuterRef(round), recorded_at__gt=OuterRef(instant))


def awaits_supplement(round: Round) -> bool:
    """A meeting gave what was freed, the first notice has ended: the second may begin."""
    decided = Decision.objects.filter(proposal__round=round, state=Decision.State.RESOLVED)
    is_open = PublicNotice.objects.running().filter(round=round).exists()
    return round.state == Round.State.NOTICED and not is_open and decided.exists()


def free_fen(round: Round) -> int:
    return doors.fund_position(round.fund_key).free_fen
