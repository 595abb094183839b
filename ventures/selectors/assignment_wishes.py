"""What a division of proposals among reviewers has to respect, as plain values for the reckoning.

A pair costs what speaks against it, weighed by the round: another field than hers, a place she does
not know, an applicant she has judged in an earlier round. Who is kept from a proposal, stepped
aside, was taken off or reads it already is no candidate; of one unit no two read the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ventures.models import (
    Assignment,
    AssignmentPlan,
    Expert,
    Panel,
    PanelMember,
    Proposal,
    Review,
    ReviewPlan,
)
from ventures.models.ties import kept_from_judging
from ventures.reckoning.assignment import NEVER, Numbers, Wishes

A = Assignment.State


@dataclass(frozen=True)
class PairCosts:
    """Costs made a few rows at a time from what is known of proposals and members."""

    fields: Numbers  # proposal: its field
    knows_field: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]"  # member × field
    places: Sequence[frozenset[int]]  # proposal: its places
    towns: Sequence[frozenset[int]]  # member: places that are hers
    again: dict[int, list[int]]  # proposal: members who judged its applicant before
    never: dict[int, list[int]]  # proposal: members who may not
    weights: tuple[int, int, int]

    def rows(self, start: int, stop: int) -> Numbers:
        field, place, again = self.weights
        block = np.where(self.knows_field[:, self.fields[start:stop]].T, 0, field).astype(np.int64)
        for row in range(start, stop):
            if place:
                here = self.places[row]
                block[row - start] += [0 if own & here else place for own in self.towns]
            block[row - start, self.again.get(row, [])] += again
            block[row - start, self.never.get(row, [])] = NEVER
        return block


@dataclass(frozen=True)
class Division:
    """The question, and what its numbers stand for."""

    wishes: Wishes
    proposals: list[Proposal]
    members: list[PanelMember]
    standing: int


def members_of(panel: Panel) -> list[PanelMember]:
    """Who sits and has not left."""
    return list(
        panel.members.filter(left_at__isnull=True)
        .select_related("reviewer__home_region")
        .order_by("seat")
    )


def division_of(plan: AssignmentPlan) -> Division:
    """The question of a plan: who still wants how many, who may take how many, at what price."""
    panel = plan.panel
    members = members_of(panel)
    proposals = list(
        Proposal.objects.filter(round=panel.round_id, state=Proposal.State.UNDER_REVIEW)
        .prefetch_related("communities")
        .order_by("code")
    )
    row_of = {proposal.pk: row for row, proposal in enumerate(proposals)}
    column_of = {member.pk: column for column, member in enumerate(members)}
    units = _units(members)
    never: dict[int, set[int]] = {}
    readers, load = [0] * len(proposals), [0] * len(members)
    rows = Assignment.objects.filter(member__panel=panel).values_list("proposal", "member", "state")
    for proposal, member, state in rows:
        row, column = row_of.get(proposal), column_of.get(member)
        if row is None:
            continue
        if state == A.ASSIGNED:
            readers[row] += 1
        if column is None:
            continue
        never.setdefault(row, set()).add(column)
        if state == A.ASSIGNED:
            load[column] += 1
            # Her colleagues of the same unit keep out of what she reads.
            same = [other for other, unit in enumerate(units) if unit == units[column]]
            never[row].update(same)
    for column, person in enumerate(members):
        kept = Proposal.objects.filter(
            kept_from_judging(person.reviewer), round=panel.round_id
        ).values_list("pk", flat=True)
        for pk in kept:
            if pk in row_of:
                never.setdefault(row_of[pk], set()).add(column)
    standing = sum(readers)
    is_top_up = plan.mode == AssignmentPlan.Mode.TOP_UP
    most = [max(0, (m.most or plan.most) - load[i]) for i, m in enumerate(members)]
    wishes = Wishes(
        costs=_costs(panel, proposals, members, never),
        wanted=[plan.readers if is_top_up else max(0, plan.readers - n) for n in readers],
        # Filling gaps obliges nobody: a least is asked of a division from the beginning.
        least=[
            0 if standing else min(most[i], m.least if m.least is not None else plan.least)
            for i, m in enumerate(members)
        ],
        most=most,
        apart=units if len(set(units)) < len(units) else None,
    )
    return Division(wishes, proposals, members, standing)


def _units(members: Sequence[PanelMember]) -> list[int]:
    """A number for each member; the same for those of one unit."""
    entries = {
        entry.user_id: entry.credit_code or entry.employer
        for entry in Expert.objects.filter(user__in=[m.reviewer_id for m in members])
    }
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(entries.get(m.reviewer_id) or f"#{m.pk}", len(numbers)) for m in members
    ]


def _costs(
    panel: Panel,
    proposals: Sequence[Proposal],
    members: Sequence[PanelMember],
    never: dict[int, set[int]],
) -> PairCosts:
    plan = ReviewPlan.objects.filter(round=panel.round_id).first() or ReviewPlan()
    tracks = sorted({proposal.track_id or 0 for proposal in proposals})
    known: dict[int, set[int]] = {}
    people = [member.reviewer_id for member in members]
    for user, track in Expert.objects.filter(user__in=people).values_list("user", "tracks"):
        known.setdefault(user or 0, set()).add(track or 0)
    knows = np.array(
        [[track in known.get(person, set()) for track in tracks] for person in people], dtype=bool
    ).reshape(len(people), len(tracks))
    return PairCosts(
        fields=np.array([tracks.index(p.track_id or 0) for p in proposals], dtype=np.int64),
        knows_field=knows,
        places=[
            frozenset(number for place in p.communities.all() for number in place.lineage[3:])
            for p in proposals
        ],
        towns=[
            frozenset(m.reviewer.home_region.lineage[3:] if m.reviewer.home_region else ())
            for m in members
        ],
        again=_judged_before(panel, proposals, members),
        never={row: sorted(columns) for row, columns in never.items()},
        weights=(plan.field_weight, plan.place_weight, plan.again_weight),
    )


def _judged_before(
    panel: Panel, proposals: Sequence[Proposal], members: Sequence[PanelMember]
) -> dict[int, list[int]]:
    """Members who handed in a sheet on the same applicant in another round."""
    column_of = {member.reviewer_id: column for column, member in enumerate(members)}
    rows_of: dict[int, list[int]] = {}
    for row, proposal in enumerate(proposals):
        if proposal.applicant_id is not None:
            rows_of.setdefault(proposal.applicant_id, []).append(row)
    earlier = (
        Review.objects.handed_in()
        .filter(
            assignment__member__reviewer__in=list(column_of),
            assignment__proposal__applicant__in=list(rows_of),
        )
        .exclude(assignment__proposal__round=panel.round_id)
        .values_list("assignment__member__reviewer", "assignment__proposal__applicant")
        .distinct()
    )
    found: dict[int, list[int]] = {}
    for person, applicant in earlier:
        for row in rows_of[applicant]:
            found.setdefault(row, []).append(column_of[person])
    return found
