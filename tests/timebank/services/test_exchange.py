"""Records are given only where their people allow it, each once, and what came back adds up."""

from io import BytesIO

import pytest

from accounts.errors import NotAllowed
from accounts.models import Consent
from accounts.services.consents import give_consent, withdraw_consent
from tests.factories.timebank import at, make_bank, make_confirmed_record
from timebank.errors.exchange import (
    NothingToSend,
    ReconciledBefore,
    RejectedWithoutReason,
    UnknownLines,
)
from timebank.models import ExchangeLine, ServiceRecord
from timebank.selectors.exchange import told_of
from timebank.services.corrections import reverse_record
from timebank.services.exchange import make_exchange, reconcile_exchange
from timebank.terms.exchange import MAPPINGS, mapping_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


def served(cast, who, days_ago=1):
    return make_confirmed_record(
        who,
        cast.stations["nanguanxiang"],
        cast.chen,
        started_at=at(9, days_ago=days_ago),
        ended_at=at(10, 30, days_ago=days_ago),
    )


def allow(user):
    give_consent(user, Consent.Purpose.EXCHANGE, acting_user=user)


def test_only_who_allows_it_and_each_record_once(cast, bank):
    first = served(cast, cast.anan)
    served(cast, cast.baijia)
    with pytest.raises(NothingToSend):
        make_exchange(bank, acting_user=cast.fan)
    allow(cast.anan)
    for who in (cast.chen, cast.shu, cast.xu):
        with pytest.raises(NotAllowed):
            make_exchange(bank, acting_user=who)

    batch = make_exchange(bank, acting_user=cast.fan)

    assert (batch.sent, batch.people, batch.without_consent) == (1, 1, 1)
    (line,) = batch.lines.all()
    assert line.content["record_number"] == first.number
    assert line.content["service_hours"] == "1.50"
    with pytest.raises(NothingToSend):
        make_exchange(bank, acting_user=cast.fan)
    second = served(cast, cast.anan, days_ago=2)
    withdraw_consent(cast.anan, Consent.Purpose.EXCHANGE, acting_user=cast.anan)
    with pytest.raises(NothingToSend):
        make_exchange(bank, acting_user=cast.fan)
    allow(cast.anan)
    assert [one.record for one in make_exchange(bank, acting_user=cast.fan).lines.all()] == [second]


def test_every_element_of_the_draft_and_no_number_that_could_harm(cast, bank):
    told = told_of(served(cast, cast.anan))

    (mapping,) = MAPPINGS
    assert mapping_of("draft-1") is mapping
    assert set(told) == {element.key for element in mapping.elements}
    assert cast.anan.phone not in str(told)


def test_what_was_sent_and_what_was_taken_add_up(cast, bank):
    allow(cast.anan)
    good, bad = served(cast, cast.anan), served(cast, cast.anan, days_ago=2)
    batch = make_exchange(bank, acting_user=cast.fan)
    with pytest.raises(UnknownLines):
        reconcile_exchange(batch, rejected={"FW1": "没有"}, acting_user=cast.fan)
    with pytest.raises(RejectedWithoutReason):
        reconcile_exchange(batch, rejected={bad.number: " "}, acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        reconcile_exchange(batch, rejected={}, acting_user=cast.shu)

    batch = reconcile_exchange(batch, rejected={bad.number: "姓名不符"}, acting_user=cast.guo)

    assert (batch.sent, batch.accepted, batch.rejected) == (2, 1, 1)
    with pytest.raises(ReconciledBefore):
        reconcile_exchange(batch, rejected={}, acting_user=cast.fan)
    again = make_exchange(bank, acting_user=cast.fan)  # what was rejected may go again
    assert [line.record for line in again.lines.all()] == [bad]
    reverse_record(ServiceRecord.objects.get(pk=good.pk), reason="有误", acting_user=cast.fan)
    gone = make_exchange(bank, acting_user=cast.fan)  # what was taken and fell is taken back
    assert [(line.record, line.operation) for line in gone.lines.all()] == [(good, "withdraw")]


def test_pages_make_a_batch_hand_it_out_and_take_the_receipt(client, cast, bank):
    allow(cast.anan)
    record = served(cast, cast.anan)
    client.force_login(cast.fan)

    made = client.post("/time/exchange/", {"bank": bank.pk})

    address = made["Location"]
    told = client.get(f"{address}records.json").json()
    assert (told["standard"], told["is_draft"]) == ("GB/T 42081-2022", True)
    assert [one["record_number"] for one in told["records"]] == [record.number]
    assert record.number in b"".join(client.get(f"{address}records.csv")).decode()
    receipt = BytesIO(f"服务记录编号,退回原因\n{record.number},姓名不符\n".encode())
    receipt.name = "回执.csv"
    assert client.post(address, {}).status_code == 422
    client.post(address, {"upload": receipt})
    assert ExchangeLine.objects.get().reason == "姓名不符"
    assert "接收 0 条，退回 1 条" in client.get("/time/exchange/").content.decode()
