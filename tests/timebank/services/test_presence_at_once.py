"""Two phones at the same moment, on two connections: one presence, one record."""

import threading

import pytest
from django.db import connection

from accounts.errors import Refusal
from tests.factories.timebank_presence import came, shift_under_way
from timebank.models import Attendance, ServiceRecord
from timebank.services.presence import check_in, check_out
from timebank.services.presence_steps import Evidence

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

How = Attendance.How


def at_once(act, times=2):
    """The same act on a connection each, started together; what each said."""
    start = threading.Barrier(times)
    said = []

    def run(number):
        try:
            start.wait()
            act(number)
            said.append("done")
        except Refusal as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


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

    assert at_once(arrive) == ["arrived_before", "done"]
    assert at_once(leave) == ["done", "left_before"]
    assert Attendance.objects.count() == 2
    assert ServiceRecord.objects.count() == 1
