"""Two people at the same moment, on two connections: nothing is counted twice."""

import threading
import time

import pytest
from django.db import transaction

from accounts.errors import Refusal
from accounts.models import Change, Message
from accounts.services.roles import grant_role
from tests.at_once import at_once, said, said_at_once
from tests.factories.timebank import (
    ASKED,
    at,
    make_bank,
    make_record,
    make_service,
    make_service_type,
)
from timebank.models import ServiceRecord, Transfer
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.record_decisions import confirm_record
from timebank.services.records import submit_record, withdraw_record

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_two_coordinators_confirming_at_once_credit_once(cast):
    bank = make_bank()
    station = cast.stations["nanguanxiang"]
    grant_role(cast.cheng, "coordinator", station=station, acting_user=cast.system)
    record = make_record(cast.anan, station)

    words = said_at_once(
        lambda: confirm_record(record, word=ASKED, acting_user=cast.chen),
        lambda: confirm_record(record, word=ASKED, acting_user=cast.cheng),
    )

    assert words == ["done", "out_of_turn"]
    assert balance_of(account_of(cast.anan, bank)).posted == 60
    assert Transfer.objects.count() == 1
    assert Change.objects.filter(verb="confirm").count() == 1
    assert Message.objects.count() == 1


def test_confirming_and_withdrawing_at_once_leave_one_truth(cast):
    bank = make_bank()
    record = make_record(cast.anan, cast.stations["nanguanxiang"])

    outcomes = at_once(
        lambda: confirm_record(record, word=ASKED, acting_user=cast.chen),
        lambda: withdraw_record(record, acting_user=cast.anan),
    )

    record.refresh_from_db()
    confirmed = not isinstance(outcomes[0], Refusal)
    assert said(outcomes) == ["done", "out_of_turn"]
    assert record.state == ("confirmed" if confirmed else "withdrawn")
    assert balance_of(account_of(cast.anan, bank)).posted == (60 if confirmed else 0)


def test_two_overlapping_records_at_once_leave_one(cast):
    make_bank()
    station = cast.stations["nanguanxiang"]
    earlier = make_service(station, started_at=at(9), ended_at=at(11))
    later = make_service(station, started_at=at(10), ended_at=at(12))

    words = said_at_once(
        lambda: submit_record(cast.anan, earlier, acting_user=cast.anan),
        lambda: submit_record(cast.anan, later, acting_user=cast.anan),
    )

    assert words == ["done", "records_overlap"]
    assert ServiceRecord.objects.count() == 1


def test_a_record_whose_service_changes_while_one_waits_is_not_lost(cast):
    make_bank()
    record = make_record(cast.anan, cast.stations["nanguanxiang"])
    other = make_service_type("S02", name="读报")
    words = []
    waiting = threading.Thread(
        target=lambda: words.extend(
            said_at_once(lambda: withdraw_record(record, acting_user=cast.anan))
        )
    )

    with transaction.atomic():
        ServiceRecord.objects.filter(pk=record.pk).update(service_type=other)
        waiting.start()
        time.sleep(0.5)
    waiting.join()

    assert words == ["done"]
