"""How far a round's proposals have come, in counts and sums."""

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models import Proposal, Round
from ventures.models.ties import tied_to
from ventures.selectors.award_words import result_words
from ventures.selectors.office_lists import requested_as_handed_in

type Words = str | Promise

S = Proposal.State
JUDGED = (S.UNDER_REVIEW, S.AWARDED, S.RESERVED, S.DECLINED, S.GIVEN_UP, S.CANCELLED)

# Where a proposal stands in the funnel, and which states have come at least that far.
FUNNEL: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("filed", _("收到"), tuple(set(S) - set(Proposal.CONCEPT_STATES))),
    (
        "screened",
        _("通过形式审查"),
        (S.SCREENED, *JUDGED),
    ),
    ("reviewed", _("进入评审"), JUDGED),
    ("awarded", _("立项"), (S.AWARDED,)),
)

# Before it, in a round of two steps.
CONCEPTS: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("concepts", _("项目概要"), ()),
    ("selected", _("入围"), tuple(set(S) - {S.CONCEPT, S.NOT_SELECTED})),
)


@dataclass(frozen=True)
class FunnelStage:
    """How many proposals came this far, and what they ask for."""

    key: str
    label: Words
    count: int
    requested_fen: int


@dataclass(frozen=True)
class RoundSummary:
    """How a round's proposals stand: by state, as a funnel, and in fen."""

    by_state: dict[str, int]
    funnel: list[FunnelStage]
    waiting: int
    requested_fen: int


def summary_of(round: Round, *, seen_by: User | None = None) -> RoundSummary:
    """Counts and sums of a round's proposals as they were handed in, drafts and withdrawn ones
    left out, and all while they are sealed; for a person, those she is tied to as well."""
    proposals = round.proposals.handed_in().unsealed()
    if seen_by is not None:
        proposals = proposals.exclude(tied_to(seen_by))
    rows = list(
        proposals.annotate(handed_fen=requested_as_handed_in())
        .values("state")
        .annotate(total=Count("id"), asked=Sum("handed_fen"))
        .order_by("state")
    )
    by_state = {row["state"]: row["total"] for row in rows}
    asked = {row["state"]: row["asked"] or 0 for row in rows}
    steps = (*CONCEPTS, *FUNNEL) if round.has_concepts else FUNNEL
    funnel = [
        FunnelStage(
            key,
            result_words(round, key, label),
            sum(n for state, n in by_state.items() if not states or state in states),
            sum(fen for state, fen in asked.items() if not states or state in states),
        )
        for key, label, states in steps
    ]
    return RoundSummary(
        by_state=by_state,
        funnel=funnel,
        waiting=by_state.get(S.SUBMITTED, 0),
        requested_fen=sum(asked.values()),
    )
