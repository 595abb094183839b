"""Write who may apply: of a round while it is a draft, of a programme or a place from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.errors import NotAllowed
from accounts.models import Region, User
from accounts.services.changes import record_change
from ventures.models import Condition, Programme, Round
from ventures.rules import rounds as rules
from ventures.services.round_locks import locked_round
from ventures.services.rounds import require_draft_of


@transaction.atomic
def write_conditions(
    round: Round, rows: Sequence[Mapping[str, Any]], *, acting_user: User
) -> Round:
    """Replace the round's own conditions. Once it is proposed or published they stand."""
    round = locked_round(round)
    require_draft_of(acting_user, round)
    round.conditions.all().delete()
    Condition.objects.bulk_create(Condition(round=round, set_by=acting_user, **row) for row in rows)
    Round.objects.filter(pk=round.pk).update(edited_by=acting_user)
    record_change(round, "set_conditions", facts=_facts(rows), acting_user=acting_user)
    return round


@transaction.atomic
def write_standing_conditions(
    place: Programme | Region,
    rows: Sequence[Mapping[str, Any]],
    *,
    valid_from: date,
    document_number: str,
    acting_user: User,
) -> None:
    """From that day on these hold instead of those before, which end the day before.

    Rounds that open earlier keep theirs. Refused to everybody but an officer of the place.
    """
    region = place.region if isinstance(place, Programme) else place
    if not rules.keeps_rules_of(acting_user, region):
        raise NotAllowed()
    owner: dict[str, Any] = {"programme" if isinstance(place, Programme) else "region": place}
    Region.objects.select_for_update().only("pk").get(pk=region.pk)
    before = Condition.objects.filter(**owner)
    before.filter(valid_from__gte=valid_from).delete()
    before.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=valid_from)).update(
        valid_until=valid_from - timedelta(days=1)
    )
    Condition.objects.bulk_create(
        Condition(
            **owner,
            valid_from=valid_from,
            document_number=document_number,
            set_by=acting_user,
            **row,
        )
        for row in rows
    )
    record_change(
        place,
        "set_conditions",
        after=valid_from.isoformat(),
        reason=document_number,
        facts=_facts(rows),
        acting_user=acting_user,
    )


def _facts(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"conditions": [{name: value for name, value in row.items()} for row in rows]}
