"""The numbers for the wall: hours, people, places. Public, so only confirmed service counts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from accounts.models import Region, User
from timebank.models.ledger import AccountKind, Entry, TransferKind
from timebank.models.orders import ServiceOrder
from timebank.models.records import ServiceRecord

WEEKS_SHOWN = 26


@dataclass(frozen=True)
class Figures:
    """What a time bank has brought together so far."""

    volunteers: int
    records: int
    minutes: int
    minutes_this_week: int
    orders_served: int
    weeks: list[tuple[date, int]]
    """Mondays and the minutes of their weeks, oldest first; weeks without service are zero."""

    @property
    def whole_weeks(self) -> list[tuple[date, int]]:
        """Without the week that is still running: a curve would fall where nothing fell."""
        return self.weeks[:-1]


def public_figures(region: Region | None = None) -> Figures:
    """The public figures of a place, or of everywhere: three questions to the database."""
    confirmed = ServiceRecord.objects.confirmed()
    orders = ServiceOrder.objects.filter(state=ServiceOrder.State.SETTLED)
    if region is not None:
        confirmed = confirmed.filter(region__lineage__contains=[region.pk])
        orders = orders.filter(station__region__lineage__contains=[region.pk])
    totals = confirmed.aggregate(
        records=Count("pk"), minutes=Sum("minutes"), volunteers=Count("volunteer", distinct=True)
    )
    weeks = _weekly(confirmed)
    return Figures(
        volunteers=totals["volunteers"],
        records=totals["records"],
        minutes=totals["minutes"] or 0,
        minutes_this_week=weeks[-1][1],
        orders_served=orders.count(),
        weeks=weeks,
    )


def _weekly(confirmed: QuerySet[ServiceRecord]) -> list[tuple[date, int]]:
    today = timezone.localdate()
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]
    since = timezone.make_aware(datetime.combine(mondays[0], time.min))
    found = dict(
        confirmed.filter(ended_at__gte=since)
        .annotate(week=TruncWeek("ended_at"))
        .order_by()
        .values_list("week")
        .annotate(total=Sum("minutes"))
    )
    by_monday = {timezone.localdate(week): total for week, total in found.items()}
    return [(monday, by_monday.get(monday, 0)) for monday in mondays]


def volunteer_hours_total(user: User) -> int:
    """The confirmed minutes a person has served in all, wherever."""
    total = ServiceRecord.objects.confirmed().of_volunteer(user).aggregate(total=Sum("minutes"))
    return total["total"] or 0


def hours_by_source(prefix: str) -> dict[str, int]:
    """Minutes given for sources that start so, by source: rewarded directly, or by a record.

    What was reversed does not count.
    """
    records = (
        ServiceRecord.objects.confirmed()
        .filter(source__startswith=prefix)
        .order_by()
        .values_list("source")
        .annotate(total=Sum("minutes"))
    )
    rewards = (
        Entry.objects.filter(
            transfer__source__startswith=prefix,
            transfer__kind=TransferKind.REWARD,
            transfer__reversed_by=None,
            account__kind=AccountKind.PERSON,
        )
        .order_by()
        .values_list(F("transfer__source"))
        .annotate(total=Sum("amount"))
    )
    found: dict[str, int] = {}
    for source, minutes in [*records, *rewards]:
        found[source] = found.get(source, 0) + minutes
    return found
