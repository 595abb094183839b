"""Hours of a record that stood out after it was confirmed: set aside until somebody has looked."""

import pytest

from accounts.models import Message
from tests.factories.timebank import at, make_bank, make_confirmed_record, make_record
from timebank.errors.ledger import NotEnoughHours
from timebank.models import Screening, ServiceRecord
from timebank.selectors.certificates import confirmed_total
from timebank.selectors.stars import stars_of
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of, pool_of
from timebank.services.corrections import reverse_record
from timebank.services.ledger import post_transfer
from timebank.services.record_looks import clear_screening, find_false
from timebank.services.screening.blocks import block_hours, blocked_minutes
from timebank.services.screening.run import screen_records

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def held(cast, bank):
    """Four hours that were confirmed; five more the same day make them stand out."""
    home = cast.stations["nanguanxiang"]
    record = make_confirmed_record(
        cast.anan, home, cast.chen, started_at=at(8), ended_at=at(12), what="陪护"
    )
    make_record(cast.anan, home, started_at=at(13), ended_at=at(18), what="陪护到晚")

    def hold():
        screen_records([record.pk])
        return ServiceRecord.objects.select_related("screening").get(pk=record.pk)

    return hold


def _balance(cast, bank):
    balance = balance_of(account_of(cast.anan, bank))
    return balance.posted, balance.available


def _give_away(cast, bank, minutes, key):
    post_transfer(
        book=bank.book,
        from_account=account_of(cast.anan, bank),
        to_account=pool_of(cast.stations["nanguanxiang"]),
        amount=minutes,
        kind="gift",
        reason="捐赠",
        source="test",
        key=key,
        acting_user=cast.anan,
    )


def test_held_hours_cannot_be_spent_nor_shown_until_found_true(cast, bank, held):
    record = held()

    assert (_balance(cast, bank), blocked_minutes(record)) == ((240, 0), 240)
    with pytest.raises(NotEnoughHours):
        _give_away(cast, bank, 1, "one")
    assert confirmed_total(cast.anan) == (0, 0)
    assert stars_of(cast.anan).minutes == 0
    assert held().screening.hold_id == record.screening.hold_id
    assert block_hours([record.pk]) == 0

    clear_screening(record.screening, finding="问过家属，确实一整天", acting_user=cast.dai)

    assert _balance(cast, bank) == (240, 240)
    assert confirmed_total(cast.anan) == (240, 1)
    assert blocked_minutes(ServiceRecord.objects.get(pk=record.pk)) == 0
    kinds = set(Message.objects.filter(to_user=cast.anan).values_list("kind", flat=True))
    assert {"record_blocked", "record_cleared"} <= kinds


def test_false_hours_stay_set_aside_until_they_are_reversed(cast, bank, held):
    _give_away(cast, bank, 100, "before")
    record = held()
    assert (_balance(cast, bank), blocked_minutes(record)) == ((140, 0), 140)

    find_false(record.screening, finding="没有这回事", acting_user=cast.dai)
    still = _balance(cast, bank)
    reverse_record(record, reason="没有这回事", acting_user=cast.fan)

    assert still == (140, 0)
    assert Screening.objects.get(record=record).state == "false"
    assert _balance(cast, bank) == (-100, -100)


def test_nothing_is_set_aside_where_all_is_spent(cast, bank, held):
    _give_away(cast, bank, 240, "all")

    record = held()

    assert (record.screening.state, record.screening.hold_id) == ("held", None)
    assert _balance(cast, bank) == (0, 0)
