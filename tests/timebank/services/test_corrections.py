"""A wrong record is put right by its reverse, visibly and once."""

import pytest

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message
from tests.factories.timebank import make_bank, make_confirmed_record, make_record
from timebank.models import TransferKind
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of, city_pool_of
from timebank.services.corrections import reverse_record
from timebank.services.ledger import post_transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def record(cast, bank):
    return make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)


def test_reversal_takes_the_minutes_back_and_frees_the_time(cast, bank, record):
    reversed_record = reverse_record(record, reason="登记错了人", acting_user=cast.fan)

    assert reversed_record.state == "reversed"
    assert balance_of(account_of(cast.anan, bank)).posted == 0
    assert Change.objects.get(verb="reverse").reason == "登记错了人"
    assert Message.objects.filter(to_user=cast.anan, kind="record_reversed").count() == 1
    make_record(cast.anan, cast.stations["nanguanxiang"])


def test_hours_already_given_away_stand_as_a_debt(cast, bank, record):
    account = account_of(cast.anan, bank)
    post_transfer(
        book=bank.book,
        from_account=account,
        to_account=city_pool_of(bank),
        amount=45,
        kind=TransferKind.GIFT,
        reason="捐给爱心时间库",
        source="test",
        key="gift",
        acting_user=cast.anan,
    )

    reverse_record(record, reason="登记错了人", acting_user=cast.fan)

    balance = balance_of(account)
    assert (balance.posted, balance.debt) == (-45, 45)


def test_reversing_twice_is_refused(cast, bank, record):
    reverse_record(record, reason="登记错了人", acting_user=cast.fan)

    with pytest.raises(OutOfTurn):
        reverse_record(record, reason="再来一次", acting_user=cast.fan)

    assert balance_of(account_of(cast.anan, bank)).posted == 0


@pytest.mark.parametrize("who", ["chen", "anan", "xu", "shu", "guo"])
def test_only_an_officer_over_the_place_reverses(cast, bank, record, who):
    with pytest.raises(NotAllowed):
        reverse_record(record, reason="登记错了人", acting_user=getattr(cast, who))

    assert balance_of(account_of(cast.anan, bank)).posted == 60


def test_who_confirmed_does_not_reverse(cast, bank):
    record = make_confirmed_record(cast.zhu, cast.stations["nanguanxiang"], cast.fan)

    with pytest.raises(NotAllowed):
        reverse_record(record, reason="登记错了人", acting_user=cast.fan)


def test_reversal_needs_a_reason(cast, record):
    with pytest.raises(ReasonMissing):
        reverse_record(record, reason=" ", acting_user=cast.fan)
