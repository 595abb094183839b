"""Keep the pool of experts: add, change, bring in a whole table after a look at every row.

Whether somebody may be asked for a round is `services.invitations`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Region, User
from accounts.selectors.people import user_by_contact
from accounts.services.changes import record_change
from ventures.models import Expert
from ventures.rules import experts as rules
from ventures.rules.rounds import keeps_rules_of

KEPT = (
    "name", "phone", "employer", "credit_code", "title", "levels", "starts_on", "ends_on", "most",
    "note",
)  # fmt: skip


@transaction.atomic
def add_expert(region: Region, values: Mapping[str, Any], *, acting_user: User) -> Expert:
    """Take somebody into the pool; who has signed in with the number is found at once.

    Refused: to anyone but an officer of exactly this place (`NotAllowed`).
    """
    if not keeps_rules_of(acting_user, region):
        raise NotAllowed()
    expert = Expert(region=region, added_by=acting_user)
    return _written(expert, values, "add_expert", acting_user)


@transaction.atomic
def edit_expert(expert: Expert, values: Mapping[str, Any], *, acting_user: User) -> Expert:
    """Put the entry right, renew the mandate or end it. Refused as `add_expert` is."""
    expert = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    if not rules.keeps_pool_of(acting_user, expert):
        raise NotAllowed()
    return _written(expert, values, "edit_expert", acting_user)


@transaction.atomic
def bring_in_experts(
    region: Region, rows: Sequence[Mapping[str, Any]], *, acting_user: User
) -> tuple[int, int]:
    """Rows that were looked at, all or none: how many are new, how many were put right.

    A number that stands in the pool already is the same person: her entry is put right.
    """
    if not keeps_rules_of(acting_user, region):
        raise NotAllowed()
    standing = {one.phone: one for one in Expert.objects.filter(region=region)}
    new = 0
    for row in rows:
        known = standing.get(row["phone"])
        if known is None:
            add_expert(region, row, acting_user=acting_user)
            new += 1
        else:
            edit_expert(known, row, acting_user=acting_user)
    return new, len(rows) - new


def find_person(expert: Expert) -> Expert:
    """Whoever has registered with the number since, as soon as somebody looks."""
    if expert.user_id is None:
        expert.user = user_by_contact(expert.phone)
        if expert.user is not None:
            expert.save(update_fields=["user"])
    return expert


def _written(expert: Expert, values: Mapping[str, Any], act: str, acting_user: User) -> Expert:
    before = {name: str(getattr(expert, name)) for name in KEPT} if expert.pk else {}
    moved = bool(expert.pk) and expert.phone != values["phone"]
    for name in KEPT:
        setattr(expert, name, values[name])
    if moved or expert.user_id is None:
        expert.user = user_by_contact(expert.phone)
    expert.save()
    expert.tracks.set(values["tracks"])
    changed = sorted(name for name in before if before[name] != str(getattr(expert, name)))
    record_change(
        expert,
        act,
        facts={"changed": changed, "at": database_now().isoformat()} if before else {},
        acting_user=acting_user,
    )
    return expert
