"""What is not recorded in time: 民政部令第67号 art. 11, within 10 working days.

A record counts as recorded once it is confirmed; presence that nobody verified is not recorded.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, make_aware

from accounts.models import User
from accounts.rules import stations_of
from accounts.working_days import add_working_days, last_day_overdue
from timebank.models import Attendance, ServiceRecord
from timebank.selectors.screening import towns_over

WITHIN_WORKING_DAYS = 10
SOON = 3
UNVERIFIED = (Attendance.State.PRESENT, Attendance.State.LEFT)
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Due:
    """One service that is not recorded yet, and the last day for it."""

    title: str
    who: str
    where: str
    state: str
    ended_on: date
    due_on: date
    url: str
    is_overdue: bool


def not_recorded(user: User, today: date) -> list[Due]:
    """What is overdue or nearly, at one's stations or in one's towns; the oldest first."""
    soon = last_day_overdue(today, WITHIN_WORKING_DAYS - SOON)
    records = (
        _records(user, soon)
        .select_related("volunteer", "station", "service_type")
        .order_by("ended_at")[:SHOWN]
    )
    seats = (
        _seats(user, soon)
        .select_related("volunteer", "shift__activity__station")
        .order_by("shift__ends_at")[:SHOWN]
    )
    due: dict[date, date] = {}

    def due_on(day: date) -> date:
        if day not in due:
            due[day] = add_working_days(day, WITHIN_WORKING_DAYS)
        return due[day]

    rows = [
        Due(
            title=one.service_type.name,
            who=one.volunteer.display_name,
            where=one.station.name,
            state=one.get_state_display(),
            ended_on=localdate(one.ended_at),
            due_on=due_on(localdate(one.ended_at)),
            url=one.get_absolute_url(),
            is_overdue=due_on(localdate(one.ended_at)) < today,
        )
        for one in records
    ] + [
        Due(
            title=seat.shift.activity.title,
            who=seat.volunteer.display_name,
            where=seat.shift.activity.station.name,
            state=seat.get_state_display(),
            ended_on=localdate(seat.shift.ends_at),
            due_on=due_on(localdate(seat.shift.ends_at)),
            url=seat.get_absolute_url(),
            is_overdue=due_on(localdate(seat.shift.ends_at)) < today,
        )
        for seat in seats
    ]
    return sorted(rows, key=lambda row: (row.ended_on, row.where))


def overdue_count(user: User, today: date) -> int:
    """How many are overdue: what a home page says."""
    late = last_day_overdue(today, WITHIN_WORKING_DAYS)
    return _records(user, late).count() + _seats(user, late).count()


def _records(user: User, last_day: date) -> QuerySet[ServiceRecord]:
    """Handed in or sent back, of service that ended by that day."""
    return ServiceRecord.objects.filter(
        Q(station__in=stations_of(user)) | Q(region__lineage__overlap=towns_over(user)),
        state__in=[ServiceRecord.State.SUBMITTED, ServiceRecord.State.RETURNED],
        ended_at__lt=_end_of(last_day),
    )


def _seats(user: User, last_day: date) -> QuerySet[Attendance]:
    """Somebody came, and nobody verified it, at shifts that ended by that day."""
    return Attendance.objects.filter(
        Q(shift__activity__station__in=stations_of(user))
        | Q(shift__region__lineage__overlap=towns_over(user)),
        state__in=UNVERIFIED,
        shift__ends_at__lt=_end_of(last_day),
    )


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day + timedelta(days=1), time.min))
