"""Whose unit and an applicant are led by the same person (负责人), or filed from one account.

What hosts and communities share with those they host is of their nature: neither counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Membership, Organisation, User
from ventures.models import Expert, Proposal
from ventures.models.ties import TIES_LAST

type Members = dict[int, set[int]]


def led_alike(
    proposals: Sequence[Proposal], users: Sequence[User]
) -> Iterator[tuple[User, Proposal]]:
    """Pairs where somebody else leads both the person's unit and the applicant or its team."""
    units = _units_of(users)
    bodies = {body for proposal in proposals for body in _bodies_of(proposal)}
    heads = _members(bodies.union(*units.values()), duty=Membership.Duty.MANAGER)
    for user, proposal, others in _pairs(proposals, users, units):
        leads = set().union(*(heads[body] for body in _bodies_of(proposal))) - {user.pk}
        if any(heads[unit] & leads for unit in others):
            yield user, proposal


def filed_alike(
    proposals: Sequence[Proposal], users: Sequence[User]
) -> Iterator[tuple[User, Proposal]]:
    """Pairs where somebody else of the person's unit wrote the proposal."""
    units = _units_of(users)
    people = _members(set().union(*units.values()))
    for user, proposal, others in _pairs(proposals, users, units):
        wrote = {proposal.created_by_id, proposal.saved_by_id} - {user.pk}
        if any(people[unit] & wrote for unit in others):
            yield user, proposal


def _pairs(
    proposals: Sequence[Proposal], users: Sequence[User], units: Members
) -> Iterator[tuple[User, Proposal, set[int]]]:
    """With the units that neither apply nor host: those tie by belonging (`models.ties`)."""
    judges = [user for user in users if units.get(user.pk)]
    for proposal in proposals:
        own = {*_bodies_of(proposal), proposal.host_id, proposal.round.operator_id}
        for user in judges:
            if others := units[user.pk] - own:
                yield user, proposal, others


def _bodies_of(proposal: Proposal) -> set[int]:
    return {
        pk
        for pk in (proposal.applicant_id, proposal.team_organisation_id)
        if pk is not None and pk != proposal.host_id
    }


def _units_of(users: Sequence[User]) -> Members:
    """By person: where she belongs or lately belonged, and the unit of her entry in a pool."""
    found: Members = defaultdict(set)
    lately = Q(ended_at__isnull=True) | Q(ended_at__gt=Now() - TIES_LAST)
    rows = Membership.objects.filter(lately, user__in=users).exclude(
        organisation__kind=Organisation.Kind.PUBLIC
    )
    for user, unit in rows.values_list("user", "organisation"):
        found[user].add(unit)
    codes = dict(
        Expert.objects.filter(user__in=users)
        .exclude(credit_code="")
        .values_list("user", "credit_code")
    )
    registered = Organisation.objects.filter(credit_code__in=codes.values()).exclude(
        kind=Organisation.Kind.PUBLIC
    )
    by_code = dict(registered.values_list("credit_code", "pk"))
    for user, code in codes.items():
        if user is not None and code in by_code:
            found[user].add(by_code[code])
    return found


def _members(organisations: Iterable[int], **fields: str) -> Members:
    found: Members = defaultdict(set)
    rows = Membership.objects.filter(
        organisation__in=list(organisations), ended_at__isnull=True, **fields
    )
    for organisation, user in rows.values_list("organisation", "user"):
        found[organisation].add(user)
    return found
