"""How much an account may hold: the dated rule, and where a credit goes that does not fit."""

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Message
from config.demo.cast import system_user
from tests.at_once import at_once
from tests.factories.timebank import ASKED, make_bank, make_record
from tests.factories.timebank_activities import make_volunteer
from tests.factories.timebank_orders import an_hour_ago, make_order
from timebank.errors.books import BeginsInThePast
from timebank.errors.ledger import OverCeiling
from timebank.models import Transfer
from timebank.models.ledger import AccountKind
from timebank.models.ledger_limits import AccountChange, LimitPolicy
from timebank.selectors.audit import differences_in
from timebank.selectors.overflow import limit_in_force, overflow_of, overflows_of
from timebank.selectors.passbook import passbook_lines
from timebank.selectors.statements import balance_of, statement_of
from timebank.services.banks import account_of, city_pool_of, issuance_of, pool_of
from timebank.services.ledger import post_transfer, reverse_transfer
from timebank.services.limits import apply_ceilings, set_ceiling, set_limit_policy
from timebank.services.order_endings import confirm_order
from timebank.services.orders import accept_order, deliver_order
from timebank.services.record_decisions import confirm_record
from timebank.services.rewards import reward_service

pytestmark = pytest.mark.django_db

WhenFull = LimitPolicy.WhenFull


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def station(cast, bank):
    return cast.stations["nanguanxiang"]


@pytest.fixture
def rule(cast, bank):
    def rule(ceiling=100, when_full=WhenFull.POOL, *, days=0):
        return set_ceiling(
            bank,
            ceiling=ceiling,
            when_full=when_full,
            begins_on=timezone.localdate() + timedelta(days=days),
            reason="试行办法第九条",
            acting_user=cast.fan,
        )

    return rule


def have(user, bank, minutes):
    """Let somebody have so much, from before any of this."""
    account = account_of(user, bank)
    post_transfer(
        book=bank.book, from_account=issuance_of(bank), to_account=account, amount=minutes,
        kind="opening", reason="", source="test", key=str(uuid4()), acting_user=system_user(),
    )  # fmt: skip
    return account


def test_what_does_not_fit_goes_to_the_stations_pool_in_one_transfer(cast, bank, station, rule):
    rule(100)
    account = have(cast.anan, bank, 70)
    record = make_record(cast.anan, station, minutes=60)

    record = confirm_record(record, word=ASKED, acting_user=cast.chen)

    sides = dict(record.credit.entries.values_list("account__kind", "amount"))
    assert sides == {"issuance": -60, "person": 30, "pool": 30}
    assert (balance_of(account).posted, balance_of(pool_of(station)).posted) == (100, 30)
    assert record.credit.policy_version == limit_in_force(bank.book_id).version
    overflow = overflow_of(record.credit)
    assert overflow.words == "账户已到上限，其中 30 分 转入南关厢时间银行服务站爱心时间库"
    told = dict(Message.objects.filter(to_user=cast.anan).values_list("kind", "title"))
    assert told["record_confirmed"].startswith("30 分已记入")
    assert "30 分" in told["hours_overflowed"]
    line = passbook_lines(statement_of(account).lines, reader=cast.anan)[0]
    assert overflow.words in line.detail
    assert differences_in(bank.book) == []


def test_full_account_gives_all_to_the_pool_and_is_told_of_it(cast, bank, station, rule):
    rule(100)
    account = have(cast.anan, bank, 100)
    record = confirm_record(
        make_record(cast.anan, station, minutes=60), word=ASKED, acting_user=cast.chen
    )

    again = reward_service(
        cast.anan, minutes=60, source=record.ledger_source, reason=record.credit.reason,
        bank=bank, happened_at=record.ended_at, acting_user=cast.chen,
    )  # fmt: skip

    assert again.pk == record.credit_id
    assert statement_of(account).lines[0].kind == "opening"
    assert [one.amount for one in overflows_of(account.owner_key, bank)] == [60]
    reverse_transfer(record.credit, reason="记错", key="undo", acting_user=cast.fan)
    assert balance_of(pool_of(station)).posted == 0
    assert differences_in(bank.book) == []


@pytest.mark.parametrize("drawn_from_pool", [False, True])
def test_settled_order_overflows_too(cast, bank, station, rule, drawn_from_pool):
    volunteer = make_volunteer(station.region)
    have(volunteer, bank, 90)
    order = make_order(cast) if not drawn_from_pool else _pool_order(cast)
    order = accept_order(order, acting_user=volunteer)
    rule(100)
    order = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=volunteer
    )
    confirmer = cast.chen if drawn_from_pool else cast.fang

    order = confirm_order(order, stars=5, word="问过，来过", acting_user=confirmer)

    pool = city_pool_of(bank) if drawn_from_pool else pool_of(station)
    assert order.settled_minutes == 30
    assert balance_of(account_of(volunteer, bank)).posted == 100
    assert overflow_of(order.hold.end.transfer).amount == 20
    assert overflow_of(order.hold.end.transfer).pool == pool.label
    assert differences_in(bank.book) == []


def _pool_order(cast):
    return make_order(
        cast, requested_by=cast.chen, recipient=cast.persons["bai"], drawn_from="pool"
    )


def test_rule_may_say_that_nothing_overflows(cast, bank, station, rule):
    rule(100, WhenFull.REFUSE)
    account = have(cast.anan, bank, 70)

    with pytest.raises(OverCeiling) as refused:
        confirm_record(
            make_record(cast.anan, station, minutes=60), word=ASKED, acting_user=cast.chen
        )

    assert (refused.value.facts["room"], refused.value.facts["ceiling"]) == (30, 100)
    assert "账户上限是 1 小时 40 分，现在最多还能存入 30 分" in str(refused.value)
    assert balance_of(account).posted == 70
    assert not Message.objects.filter(to_user=cast.anan).exists()


def test_rule_begins_on_its_day_and_leaves_what_is_there(cast, bank, rule):
    account, other = have(cast.anan, bank, 150), have(cast.zhu, bank, 10)
    rule(120, days=3)
    assert limit_in_force(bank.book_id) is None
    account.refresh_from_db()
    assert account.ceiling is None

    rule(100)
    account.refresh_from_db()
    other.refresh_from_db()

    assert (account.ceiling, other.ceiling) == (150, 100)
    changes = AccountChange.objects.filter(book_id=bank.book_id, what="limits")
    assert changes.get(account_id=other.pk).after == "0 100"
    assert apply_ceilings() == 0
    post_transfer(
        book=bank.book, from_account=account, to_account=other, amount=40, kind="gift",
        reason="", source="", key="g", acting_user=cast.anan,
    )  # fmt: skip
    assert reward_service(
        cast.anan, minutes=30, source="t:1", reason="", bank=bank, acting_user=cast.chen
    ).policy_version  # what it had above the rule is not room: all went to the pool
    assert apply_ceilings() == 1
    assert account_of(make_volunteer(bank.region), bank).ceiling == 100
    rule(None)
    account.refresh_from_db()
    assert account.ceiling is None
    assert differences_in(bank.book) == []


def test_only_keepers_rule_with_a_reason_and_not_for_the_past(cast, bank, rule):
    for who, facts, refusal in [
        (cast.chen, {}, NotAllowed),
        (cast.shu, {}, NotAllowed),
        (cast.fan, {"reason": " "}, ReasonMissing),
        (cast.fan, {"begins_on": timezone.localdate() - timedelta(days=1)}, BeginsInThePast),
    ]:
        told = {
            "ceiling": 60, "when_full": WhenFull.POOL, "begins_on": timezone.localdate(),
            "reason": "办法", **facts,
        }  # fmt: skip
        with pytest.raises(refusal):
            set_ceiling(bank, **told, acting_user=who)

    assert not LimitPolicy.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("when_full", [WhenFull.POOL, WhenFull.REFUSE])
def test_the_last_room_is_filled_once_by_many_at_once(cast, bank, rule, when_full):
    account = have(cast.anan, bank, 70)
    pool = city_pool_of(bank)
    rule(100, when_full)

    outcomes = at_once(
        *[
            partial(
                reward_service, cast.anan, minutes=20, source=f"t:{number}", reason="",
                bank=bank, acting_user=cast.chen,
            )
            for number in range(6)
        ]
    )  # fmt: skip

    refused = Counter(map(type, outcomes))[OverCeiling]
    assert refused == (5 if when_full == WhenFull.REFUSE else 0)
    assert balance_of(account).posted == (90 if refused else 100)
    assert balance_of(pool).posted == (0 if refused else 90)
    assert Transfer.objects.filter(book_id=bank.book_id, kind="reward").count() == 6 - refused
    assert differences_in(bank.book) == []


def test_policy_of_another_kind_or_book_limits_nobody(cast, bank, station):
    set_limit_policy(
        bank.book, kind=AccountKind.ORGANISATION, floor=0, ceiling=1, version="o", reason="",
        acting_user=cast.fan,
    )  # fmt: skip

    confirm_record(make_record(cast.anan, station, minutes=60), word=ASKED, acting_user=cast.chen)

    assert balance_of(account_of(cast.anan, bank)).posted == 60
