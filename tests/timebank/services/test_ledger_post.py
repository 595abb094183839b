"""Posting one transfer: what it writes, what it refuses, and that its key makes it happen once."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from accounts.clock import database_now
from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.errors.ledger import (
    AccountFrozen,
    KeyUsedForOther,
    NotEnoughHours,
    NotEnoughMoney,
    NothingToMove,
    OverCeiling,
    SameAccount,
    UnknownLedgerAccount,
)
from timebank.models.ledger import AccountKind, Entry, Leg, Transfer, TransferKind, Unit
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import Balance, balance_of
from timebank.services.holds import place_hold
from timebank.services.ledger import (
    freeze_account,
    open_account,
    open_book,
    post_transfer,
    unfreeze_account,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen():
    return make_user()


@pytest.fixture
def book(chen):
    return make_book(chen)


@pytest.fixture
def anan(book):
    return make_account(book, "安安")


@pytest.fixture
def bai(book):
    return make_account(book, "白奶奶")


def gift(book, anan, bai, amount, chen, *, key="gift:1", **facts):
    return post_transfer(
        book=book,
        from_account=anan,
        to_account=bai,
        amount=amount,
        kind=facts.pop("kind", TransferKind.GIFT),
        reason=facts.pop("reason", "送给白奶奶"),
        source=facts.pop("source", "timebank.gift:1"),
        key=key,
        acting_user=chen,
        **facts,
    )


def test_book_of_an_owner_is_opened_once(chen):
    first = open_book(name="海宁", unit=Unit.MINUTE, owner_key="timebank:haining", acting_user=chen)

    again = open_book(
        name="另一个名字", unit=Unit.MINUTE, owner_key="timebank:haining", acting_user=chen
    )

    assert again == first
    assert again.name == "海宁"
    with pytest.raises(KeyUsedForOther):
        open_book(name="海宁", unit=Unit.FEN, owner_key="timebank:haining", acting_user=chen)


def test_account_of_an_owner_and_kind_is_opened_once(book):
    first = open_account(book, kind=AccountKind.PERSON, owner_key="person:1", label="安安")

    again = open_account(
        book, kind=AccountKind.PERSON, owner_key="person:1", label="安安", ceiling=60
    )
    pool = open_account(book, kind=AccountKind.POOL, owner_key="person:1", label="爱心时间库")

    assert again == first
    assert again.ceiling is None
    assert pool != first


def test_transfer_moves_the_amount_and_says_who_when_and_why(book, anan, bai, chen):
    give(anan, 90, acting_user=chen)
    fan = make_user("范科长")
    happened_at = datetime(2025, 10, 1, 8, 30, tzinfo=UTC)
    before = database_now()

    transfer = gift(
        book, anan, bai, 30, chen,
        happened_at=happened_at, on_behalf_of=fan, policy_version="海宁 2025-1",
    )  # fmt: skip

    assert balance_of(anan) == Balance(posted=60, held=0, available=60, debt=0)
    assert balance_of(bai) == Balance(posted=30, held=0, available=30, debt=0)
    kept = Transfer.objects.get(book_id=book.pk, pk=transfer.pk)
    assert kept.recorded_at == transfer.recorded_at >= before
    assert kept.happened_at == happened_at
    assert (kept.kind, kept.reason, kept.source) == ("gift", "送给白奶奶", "timebank.gift:1")
    assert (kept.acting_user, kept.on_behalf_of) == (chen, fan)
    assert kept.policy_version == "海宁 2025-1"
    entries = Entry.objects.filter(book_id=book.pk, transfer_id=transfer.pk).order_by("amount")
    assert list(entries.values_list("account_id", "amount", "balance_after", "seq")) == [
        (anan.pk, -30, 60, 2),
        (bai.pk, 30, 30, 1),
    ]
    assert differences_in(book) == []


def test_transfer_may_have_many_legs(book, anan, bai, chen):
    give(anan, 90, acting_user=chen)
    pool = make_account(book, "爱心时间库", kind=AccountKind.POOL)

    post_transfer(
        book=book,
        legs=[Leg(anan, -90), Leg(bai, 60), Leg(pool, 30)],
        kind=TransferKind.GIFT,
        reason="分给两处",
        source="timebank.gift:1",
        key="gift:1",
        acting_user=chen,
    )

    assert [balance_of(account).posted for account in (anan, bai, pool)] == [0, 60, 30]
    assert differences_in(book) == []


def test_issuance_keeps_no_balance_but_its_entries_add_up(book, anan, chen):
    give(anan, 90, acting_user=chen)
    give(anan, 30, acting_user=chen)
    issuance = make_issuance(book)

    issuance.refresh_from_db()

    assert (issuance.posted, issuance.seq, issuance.floor) == (0, 0, None)
    assert balance_of(issuance).posted == -120


def test_more_than_available_is_refused_with_the_most_that_works(book, anan, bai, chen):
    give(anan, 30, acting_user=chen)

    with pytest.raises(NotEnoughHours) as refused:
        gift(book, anan, bai, 90, chen)

    assert refused.value.facts == {
        "needed": 90, "available": 30, "posted": 30, "held": 0, "account": anan.pk,
        "unit": "minute",
    }  # fmt: skip
    assert str(refused.value) == "可用时间不够：需要 1 小时 30 分，现在最多可用 30 分。"
    assert balance_of(anan).posted == 30
    assert balance_of(bai).posted == 0
    gift(book, anan, bai, 30, chen)
    assert balance_of(anan).posted == 0


def test_a_book_of_money_speaks_of_money(chen):
    book = make_book(chen, unit=Unit.FEN)
    fund = make_account(book, "创投资金", kind=AccountKind.FUND)
    payee = make_account(book, "恩泽社", kind=AccountKind.PAYEE)
    give(fund, 834_400, acting_user=chen)

    with pytest.raises(NotEnoughMoney) as refused:
        gift(book, fund, payee, 900_000, chen)

    assert str(refused.value) == "可用资金不够：需要 ¥9,000.00，现在最多可用 ¥8,344.00。"


def test_floor_may_lie_below_zero_or_be_missing(book, bai, chen):
    team = make_account(book, "服务队", floor=-60)
    station = make_account(book, "站点", floor=None)

    gift(book, team, bai, 60, chen, key="team")
    gift(book, station, bai, 6000, chen, key="station")

    assert balance_of(team).posted == -60
    assert balance_of(station).posted == -6000
    with pytest.raises(NotEnoughHours):
        gift(book, team, bai, 1, chen, key="team again")


def test_refusal_says_how_much_is_set_aside(book, anan, bai, chen):
    give(anan, 90, acting_user=chen)
    place_hold(
        anan, amount=60, to_account=bai, source="o", key="h", reason="", acting_user=chen
    )  # fmt: skip

    with pytest.raises(NotEnoughHours) as refused:
        gift(book, anan, bai, 45, chen)

    facts = {name: refused.value.facts[name] for name in ("needed", "posted", "held", "available")}
    assert facts == {"needed": 45, "posted": 90, "held": 60, "available": 30}
    assert str(refused.value) == (
        "可用时间不够：需要 45 分。账户里有 1 小时 30 分，其中 1 小时 已留给别的服务，"
        "现在最多能用 30 分。"
    )


def test_above_the_ceiling_is_refused_with_the_room_left(book, chen):
    anan = make_account(book, "安安", ceiling=100)
    give(anan, 70, acting_user=chen)

    with pytest.raises(OverCeiling) as refused:
        give(anan, 31, acting_user=chen)

    assert refused.value.facts["room"] == 30
    assert "上限是 1 小时 40 分" in str(refused.value)
    give(anan, 30, acting_user=chen)
    assert balance_of(anan).posted == 100


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_moved(book, anan, bai, chen, amount):
    with pytest.raises(NothingToMove):
        gift(book, anan, bai, amount, chen)


def test_zero_leg_is_refused(book, anan, bai, chen):
    with pytest.raises(NothingToMove):
        post_transfer(
            book=book,
            legs=[Leg(anan, 0), Leg(bai, 0)],
            kind=TransferKind.GIFT,
            reason="",
            source="test:1",
            key="1",
            acting_user=chen,
        )


def test_account_cannot_give_to_itself(book, anan, chen):
    give(anan, 30, acting_user=chen)

    with pytest.raises(SameAccount):
        gift(book, anan, anan, 30, chen)


def test_legs_that_do_not_balance_are_our_mistake_and_write_nothing(book, anan, bai, chen):
    give(anan, 30, acting_user=chen)

    with pytest.raises(DatabaseError, match="do not sum to zero"):
        post_transfer(
            book=book,
            legs=[Leg(anan, -30), Leg(bai, 29)],
            kind=TransferKind.GIFT,
            reason="",
            source="test:1",
            key="1",
            acting_user=chen,
        )

    assert Transfer.objects.filter(book_id=book.pk).count() == 1


def test_account_of_another_book_is_unknown(book, anan, chen):
    give(anan, 30, acting_user=chen)
    elsewhere = make_account(make_book(chen), "桐乡的人")

    with pytest.raises(UnknownLedgerAccount) as refused:
        gift(book, anan, elsewhere, 30, chen)

    assert refused.value.facts == {"account": elsewhere.pk, "book": book.pk}


@pytest.mark.parametrize("side", ["from", "to", "issuance"])
def test_frozen_account_neither_gives_nor_gains(book, anan, bai, chen, side):
    give(anan, 60, acting_user=chen)
    frozen = {"from": anan, "to": bai, "issuance": make_issuance(book)}[side]
    freeze_account(frozen, reason="核查中", acting_user=chen)
    payer = anan if side != "issuance" else frozen

    with pytest.raises(AccountFrozen):
        gift(book, payer, bai, 30, chen)

    unfreeze_account(frozen, reason="核查完毕", acting_user=chen)
    gift(book, payer, bai, 30, chen)
    assert balance_of(bai).posted == 30


def test_same_key_and_facts_give_the_first_transfer_again(book, anan, bai, chen):
    give(anan, 60, acting_user=chen)

    first = gift(book, anan, bai, 30, chen)
    again = gift(book, anan, bai, 30, make_user("系统"))

    assert again == first
    assert again.acting_user_id == chen.pk
    assert balance_of(bai).posted == 30
    assert differences_in(book) == []


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 29},
        {"reason": "别的说明"},
        {"source": "timebank.gift:2"},
        {"kind": TransferKind.USE},
        {"happened_at": datetime(2025, 10, 1, tzinfo=UTC)},
        {"policy_version": "2"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_same_key_for_another_request_is_refused(book, anan, bai, chen, other):
    give(anan, 60, acting_user=chen)
    gift(book, anan, bai, 30, chen)

    with pytest.raises(KeyUsedForOther) as refused:
        gift(book, anan, bai, other.pop("amount", 30), chen, **other)

    assert refused.value.facts["key"] == "gift:1"
    assert balance_of(bai).posted == 30


def test_key_of_a_refused_request_is_free(book, anan, bai, chen):
    with pytest.raises(NotEnoughHours):
        gift(book, anan, bai, 30, chen)

    give(anan, 30, acting_user=chen)
    gift(book, anan, bai, 30, chen)

    assert balance_of(bai).posted == 30


def test_same_key_may_be_used_in_another_book(book, anan, bai, chen):
    other_book = make_book(chen)
    one, two = make_account(other_book, "甲"), make_account(other_book, "乙")
    give(anan, 60, acting_user=chen)
    give(one, 60, acting_user=chen)

    here = gift(book, anan, bai, 30, chen)
    there = gift(other_book, one, two, 30, chen)

    assert here != there


def test_refusal_leaves_the_callers_transaction_usable(book, anan, bai, chen):
    give(anan, 30, acting_user=chen)

    with transaction.atomic():
        with pytest.raises(NotEnoughHours):
            gift(book, anan, bai, 90, chen)
        gift(book, anan, bai, 30, chen)

    assert balance_of(bai).posted == 30


def test_transfer_goes_with_the_callers_transaction(book, anan, bai, chen):
    give(anan, 30, acting_user=chen)

    def change_state_and_fail():
        with transaction.atomic():
            gift(book, anan, bai, 30, chen)
            raise RuntimeError("the state did not change after all")

    with pytest.raises(RuntimeError):
        change_state_and_fail()

    assert balance_of(bai).posted == 0
    assert balance_of(anan).posted == 30
