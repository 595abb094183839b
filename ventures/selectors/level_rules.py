"""What stands in a place or a programme on a day."""

from datetime import date

from django.db.models import Q

from accounts.models import Region
from ventures.models import Condition, Programme
from ventures.rules.applicants import Asked
from ventures.rules.conditions import strictest
from ventures.selectors.applicants import asked_of


def standing_rows(place: Programme | Region, day: date) -> list[Condition]:
    """Its own rows in force on that day."""
    owner = {"programme" if isinstance(place, Programme) else "region": place}
    return list(
        Condition.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day, **owner
        ).select_related("programme", "region")
    )


def standing_asked(place: Programme | Region, day: date) -> list[Asked]:
    return strictest(asked_of(row) for row in standing_rows(place, day))
