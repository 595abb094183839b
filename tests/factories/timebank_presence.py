"""A shift under way, somebody who came, somebody who has gone. What matters a test writes."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from accounts.models import Station, User
from tests.factories.timebank import make_bank
from tests.factories.timebank_activities import in_days, make_open_shift, move_in_time
from timebank.models import Attendance, Shift, Signup
from timebank.services.presence import check_in
from timebank.services.presence_steps import Evidence
from timebank.services.signups import sign_up

How = Attendance.How
DAYS = count(30)


def shift_under_way(
    station: Station,
    *volunteers: User,
    led_by: User,
    since_minutes: int = 30,
    minutes: int = 120,
    **facts: object,
) -> Shift:
    """It began half an hour ago, and these have seats."""
    make_bank()
    shift = make_open_shift(
        station, led_by=led_by, starts_at=in_days(next(DAYS)), minutes=minutes, **facts
    )
    for volunteer in volunteers:
        sign_up(shift, acting_user=volunteer)
    begun = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=since_minutes)
    return move_in_time(shift, begun, minutes)


def seat_of(shift: Shift, volunteer: User) -> Signup:
    signup = Signup.objects.select_related("volunteer").get(shift=shift, volunteer=volunteer)
    signup.shift = shift
    return signup


def came(shift: Shift, volunteer: User, *, ago_minutes: int) -> Attendance:
    """Checked in by code so many minutes ago: nobody may write the past, so the row is set."""
    attendance = check_in(shift, volunteer, Evidence(how=How.CODE, window=1), acting_user=volunteer)
    at = timezone.now() - timedelta(minutes=ago_minutes)
    Attendance.objects.filter(pk=attendance.pk).update(arrived_at=at)
    attendance.refresh_from_db()
    return attendance
