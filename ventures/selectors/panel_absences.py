"""Which seats gave no score for which proposal, as a dossier keeps it: who abstained (弃权) and who
was kept out (回避) with the kind of tie, never its private words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from django.db.models import Case, When

from ventures.models import Assignment, Conflict, PanelMember, Proposal, Recusal, Review
from ventures.models.ties import PEOPLE_AT_ONCE, kept_from_judging

# Belongs now, or did until less than two years ago, to a body of the proposal, or wrote it.
BELONGS = "belongs"

type Kinds = dict[int, dict[int, set[str]]]


def absences_of(
    proposals: Sequence[Proposal], members: Sequence[PanelMember]
) -> Mapping[int, dict[str, Any]]:
    """By proposal: the seats that abstained, and the seats kept out with every kind that holds.

    `has_sheet` says that a sheet of hers counts all the same: it was in before the tie was known.
    """
    seats = {member.pk: member.seat for member in members}
    abstained: dict[int, list[int]] = defaultdict(list)
    scored = set()
    for proposal, member, state in (
        Assignment.objects.standing()
        .filter(member__in=seats, proposal__in=proposals)
        .values_list("proposal", "member", "review__state")
    ):
        if state == Review.State.ABSTAINED:
            abstained[proposal].append(seats[member])
        elif state == Review.State.SUBMITTED:
            scored.add((proposal, member))
    kept = _kept_out(proposals, members)
    return {
        one.pk: {
            "abstained": sorted(abstained[one.pk]),
            "kept_out": [
                {"seat": seats[pk], "kinds": sorted(kinds), "has_sheet": (one.pk, pk) in scored}
                for pk, kinds in sorted(kept[one.pk].items(), key=lambda pair: seats[pair[0]])
            ],
        }
        for one in proposals
    }


def _kept_out(proposals: Sequence[Proposal], members: Sequence[PanelMember]) -> Kinds:
    found: Kinds = {one.pk: defaultdict(set) for one in proposals}
    if not members:
        return found
    of_reviewer = {member.reviewer_id: member.pk for member in members}
    told = Conflict.objects.standing().filter(proposal__in=proposals, person__in=of_reviewer)
    for proposal, person, kind, source in told.values_list("proposal", "person", "kind", "source"):
        assert person is not None, "filtered by person"
        # Who is related to whom is told to nobody but the two.
        is_near = (kind, source) == (Conflict.Kind.RELATIVE, Conflict.Source.DETECTED)
        found[proposal][of_reviewer[person]].add(Conflict.Kind.INTEREST if is_near else kind)
    stepped = Recusal.objects.filter(
        assignment__state=Assignment.State.RECUSED,
        assignment__proposal__in=proposals,
        assignment__member__in=members,
    )
    for proposal, member, ground in stepped.values_list(
        "assignment__proposal", "assignment__member", "ground"
    ):
        found[proposal][member].add(ground)
    for proposal, member in _tied(proposals, members):
        found[proposal][member] = found[proposal][member] or {BELONGS}
    return found


def _tied(proposals: Sequence[Proposal], members: Sequence[PanelMember]) -> list[tuple[int, int]]:
    """Pairs of proposal and seat against which a tie stands, in one statement for so many seats."""
    group = Proposal.objects.filter(pk__in=[one.pk for one in proposals])
    found = []
    for some in batched(members, PEOPLE_AT_ONCE, strict=False):
        ties = {
            f"tie_{one.pk}": Case(When(kept_from_judging(one.reviewer), then=True), default=False)
            for one in some
        }
        for row in group.annotate(**ties).values("pk", *ties):
            found += [(row["pk"], one.pk) for one in some if row[f"tie_{one.pk}"]]
    return found
