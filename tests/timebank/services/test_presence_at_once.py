"""Two phones at the same moment, on two connections: one presence, one record."""

from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.clock import database_now
from tests.at_once import said_at_once
from tests.factories.timebank_presence import came, shift_under_way
from timebank.models import Attendance, CodeTries, OfflineScan, ServiceRecord
from timebank.services.check_ins import Told, digits_of, try_digits, window_at
from timebank.services.manifests import issue_manifest
from timebank.services.offline_scans import Bundle, ToldScan, take_in_scans
from timebank.services.presence import check_in, check_out
from timebank.services.presence_steps import Evidence
from timebank.services.service_cards import badge_of, token_of_badge

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

How = Attendance.How


def together(act, times=2):
    """The same act on a connection each, started together; what each said."""
    return said_at_once(*(partial(act, number) for number in range(times)))


def test_two_phones_check_in_and_out_at_once_and_count_once(cast):
    shift = shift_under_way(
        cast.stations["nanguanxiang"], cast.anan, cast.zhu, led_by=cast.chen, since_minutes=110
    )

    def arrive(number):
        evidence = Evidence(how=How.CODE, window=5)
        check_in(shift, cast.anan, evidence, acting_user=cast.anan)

    def leave(number):
        evidence = Evidence(how=How.CODE, window=6 + number)
        check_out(shift, cast.zhu, evidence, acting_user=cast.zhu)

    came(shift, cast.zhu, ago_minutes=110)

    assert together(arrive) == ["arrived_before", "done"]
    assert together(leave) == ["done", "left_before"]
    assert Attendance.objects.count() == 2
    assert ServiceRecord.objects.count() == 1


def test_the_same_scans_brought_in_twice_at_once_count_once(cast):
    """A phone that heard no answer sends again while the first try is still being taken in."""
    shift = shift_under_way(
        cast.stations["nanguanxiang"], cast.anan, led_by=cast.chen, since_minutes=110
    )
    token = token_of_badge(badge_of(cast.anan))
    now = timezone.now()
    bundle = Bundle(
        manifest=issue_manifest(shift, acting_user=cast.chen).signed,
        sent_at=now,
        scans=[ToldScan(client_id=uuid4(), token=token, verb="arrive", device_at=now)],
    )

    said = together(lambda _number: take_in_scans(shift, bundle, acting_user=cast.chen), times=6)

    assert said == ["done"] * 6
    assert OfflineScan.objects.count() == Attendance.objects.count() == 1


@pytest.mark.parametrize("guesses", [12, pytest.param(50, marks=pytest.mark.long)])
def test_guessing_digits_from_many_phones_at_once_is_locked_after_five(cast, guesses):
    shift = shift_under_way(cast.stations["nanguanxiang"], cast.anan, led_by=cast.chen)
    now = database_now()
    right = {digits_of(shift.pk, window_at(now) + ahead) for ahead in range(-2, 4)}
    wrong = next(f"{n:06d}" for n in range(10) if f"{n:06d}" not in right)

    said = together(
        lambda _number: try_digits(shift, wrong, "arrive", Told(), acting_user=cast.anan),
        times=guesses,
    )

    assert said == ["code_locked"] * (guesses - 5) + ["done"] * 5
    assert CodeTries.objects.get().wrong == 5
    assert not Attendance.objects.exists()
