"""Codes that change every 30 seconds: on the leader's phone or the station's screen.

Nothing is stored: what the screen shows is a keyed hash of the shift and the half-minute, 128 bits
as an address and six digits for typing. This half-minute's and the last one's are accepted, each
once per person. Wrong digits are counted per person and shift; after five it is up to staff.
"""

import base64
import math
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Consent, User
from accounts.selectors.people import has_consented
from accounts.services.changes import record_change
from timebank.errors.presence import CodeLocked, CodeOver, NoSeat
from timebank.models import Attendance, CodeTries, MeetingPoint, Shift, Signup
from timebank.models.presence import CODE_TRIES
from timebank.rules import presence as rules
from timebank.services.order_steps import one_at_a_time
from timebank.services.presence import check_in, check_out
from timebank.services.presence_steps import Evidence

SALT = "timebank.check_in"
WINDOW_SECONDS = 30
WINDOWS_ACCEPTED = 2
TOKEN_BYTES = 16
EARTH_RADIUS_METRES = 6_371_000
How = Attendance.How


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the screen shows now, and for how long still."""

    token: str
    digits: str
    seconds_left: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the phone told along: which device, when by its clock, where (only with consent)."""

    device: str = ""
    device_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class DigitsTry:
    """What came of typing six digits."""

    attendance: Attendance | None
    left: int


# The code ---------------------------------------------------------------------------


def window_at(now: datetime) -> int:
    return int(now.timestamp()) // WINDOW_SECONDS


def token_of(shift_pk: int, window: int) -> str:
    """128 bits as 22 letters, for this shift and this half-minute alone."""
    return base64.urlsafe_b64encode(_hash(shift_pk, window)[:TOKEN_BYTES]).decode().rstrip("=")


def digits_of(shift_pk: int, window: int) -> str:
    """Six digits from other bits of the same hash: they tell nothing of the token."""
    number = int.from_bytes(_hash(shift_pk, window)[TOKEN_BYTES:], "big") % 1_000_000
    return f"{number:06d}"


def shown_code(shift: Shift) -> ShownCode:
    now = database_now()
    window = window_at(now)
    left = (window + 1) * WINDOW_SECONDS - now.timestamp()
    return ShownCode(token_of(shift.pk, window), digits_of(shift.pk, window), math.ceil(left))


def window_of_token(shift_pk: int, token: str, now: datetime) -> int | None:
    """The half-minute a token belongs to, if it is accepted now; None for whatever else."""
    latest = window_at(now)
    found = None
    for window in range(latest, latest - WINDOWS_ACCEPTED, -1):
        if constant_time_compare(token, token_of(shift_pk, window)):
            found = window
    return found


def window_of_digits(shift_pk: int, digits: str, now: datetime) -> int | None:
    latest = window_at(now)
    found = None
    for window in range(latest, latest - WINDOWS_ACCEPTED, -1):
        if constant_time_compare(digits, digits_of(shift_pk, window)):
            found = window
    return found


def _hash(shift_pk: int, window: int) -> bytes:
    return salted_hmac(SALT, f"{shift_pk}:{window}", algorithm="sha256").digest()


# Using it ---------------------------------------------------------------------------


def use_token(shift: Shift, token: str, verb: str, told: Told, *, acting_user: User) -> Attendance:
    """Check in or out with the code one has scanned.

    Refused: `CodeOver` for whatever is not shown now or a moment ago, `CodeUsed`, and everything
    of `check_in` and `check_out`.
    """
    window = window_of_token(shift.pk, token, database_now())
    if window is None:
        raise CodeOver()
    return _tell(shift, verb, How.CODE, window, told, acting_user)


def try_digits(shift: Shift, digits: str, verb: str, told: Told, *, acting_user: User) -> DigitsTry:
    """Check in or out with the six digits; five wrong ones in all, then staff.

    Wrong digits are remembered, so nothing is raised for them: `attendance` is None.
    Refused: `CodeLocked`, `NoSeat`, everything of `check_in` and `check_out`.
    """
    with transaction.atomic():
        one_at_a_time(acting_user)
        if not Signup.objects.seated().filter(shift=shift, volunteer=acting_user).exists():
            raise NoSeat()
        tries, _new = CodeTries.objects.get_or_create(shift=shift, volunteer=acting_user)
        if tries.left <= 0:
            raise CodeLocked()
        window = window_of_digits(shift.pk, digits, database_now())
        if window is None:
            CodeTries.objects.filter(pk=tries.pk).update(
                wrong=F("wrong") + 1, last_at=database_now()
            )
            left = CODE_TRIES - tries.wrong - 1
            if left == 0:
                record_change(tries, "lock", acting_user=acting_user)
            return DigitsTry(None, left)
    attendance = _tell(shift, verb, How.DIGITS, window, told, acting_user)
    return DigitsTry(attendance, tries.left)


def _tell(
    shift: Shift, verb: str, how: str, window: int, told: Told, acting_user: User
) -> Attendance:
    in_range, distance = range_of(shift, told, acting_user)
    evidence = Evidence(
        how=how,
        window=window,
        device=told.device,
        device_at=told.device_at,
        in_range=in_range,
        distance_metres=distance,
    )
    act = check_in if verb == "arrive" else check_out
    return act(shift, acting_user, evidence, acting_user=acting_user)


# Where ------------------------------------------------------------------------------


@transaction.atomic
def set_meeting_point(
    shift: Shift, latitude: float, longitude: float, *, acting_user: User
) -> MeetingPoint:
    """Keep where a shift meets, as the leader's phone sees it on the spot."""
    if not rules.may_keep_presence(acting_user, shift):
        raise NotAllowed()
    point, _new = MeetingPoint.objects.update_or_create(
        shift=shift,
        defaults={"latitude": latitude, "longitude": longitude, "set_by": acting_user},
    )
    record_change(point, "set", acting_user=acting_user)
    return point


def range_of(shift: Shift, told: Told, person: User) -> tuple[bool | None, int | None]:
    """Within range and how far, where the person consented; the coordinates go no further."""
    if told.latitude is None or told.longitude is None:
        return None, None
    point = MeetingPoint.objects.filter(shift=shift).first()
    if point is None or not has_consented(person, Consent.Purpose.LOCATION):
        return None, None
    distance = round(metres_between(told.latitude, told.longitude, point))
    return distance <= point.metres, distance


def metres_between(latitude: float, longitude: float, point: MeetingPoint) -> float:
    """Great-circle distance (haversine)."""
    lat1, lon1, lat2, lon2 = map(
        math.radians, (latitude, longitude, point.latitude, point.longitude)
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(half))
