"""走访记录: write a home visit down, and turn it into a need in one tap."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.rules import has_role_over
from accounts.services.changes import record_change
from ventures.errors.needs import VisitTold
from ventures.models import Need, Visit
from ventures.rules import needs as rules
from ventures.rules.needs import Kind
from ventures.services.needs import NeedWords, Source, raise_need


@transaction.atomic
def write_visit(values: Mapping[str, Any], *, acting_user: User) -> Visit:
    """Write a visit down; it stays inside the office. Refused: outside one's places."""
    if not has_role_over(acting_user, values["region"], Kind.COMMUNITY_WORKER, Kind.LEAD_WORKER):
        raise NotAllowed()
    visit = Visit.objects.create(**values, visited_by=acting_user)
    record_change(visit, "write", acting_user=acting_user)
    return visit


@transaction.atomic
def turn_into_need(visit: Visit, *, acting_user: User) -> Need:
    """Raise what the visit found as a need, in its public words only.

    Who was visited and the notes stay with the visit. Refused: to others than its writer
    (`NotAllowed`), a second time or without words that may be public (`VisitTold`).
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not rules.wrote_visit(acting_user, visit):
        raise NotAllowed()
    if visit.need_id is not None:
        raise VisitTold(why=_("这次走访已经转成需求，不用再转一次。"))
    if not visit.lack or visit.track is None:
        raise VisitTold(why=_("走访记录里没有写“缺什么”和“谁的需要”，补上以后才能转成需求。"))
    need = raise_need(
        NeedWords(
            title=visit.lack,
            description=visit.details or visit.lack,
            region=visit.region,
            track=visit.track,
            kind=visit.kind,
            severity=visit.severity,
            people=visit.people,
        ),
        source=Source(origin=Need.Origin.VISIT),
        acting_user=acting_user,
    )
    visit.need = need
    visit.save(update_fields=["need"])
    record_change(visit, "turn_into_need", facts={"need": need.pk}, acting_user=acting_user)
    return need
