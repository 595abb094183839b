"""Undoing a transfer by its opposite: once, whole, and with debts in sight."""

import pytest

from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.errors.ledger import (
    AlreadyReversed,
    KeyUsedForOther,
    NotEnoughHours,
    OverCeiling,
    ReversalIsFinal,
)
from timebank.models.ledger import Entry, Leg, TransferKind
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import Balance, balance_of
from timebank.services.holds import place_hold, release_hold, settle_hold
from timebank.services.ledger import freeze_account, post_transfer, reverse_transfer

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


def pass_on(anan, bai, amount, chen, key="pass on"):
    return post_transfer(
        book=anan.book,
        from_account=anan,
        to_account=bai,
        amount=amount,
        kind=TransferKind.GIFT,
        reason="",
        source="test:1",
        key=key,
        acting_user=chen,
    )


def test_reversal_is_the_opposite_and_names_what_it_undoes(book, anan, chen):
    reward = give(anan, 90, acting_user=chen)
    fan = make_user("范科长")

    reversal = reverse_transfer(reward, reason="记错了人", key="r:1", acting_user=fan)

    assert (reversal.kind, reversal.reverses_id) == (TransferKind.REVERSAL, reward.pk)
    assert (reversal.source, reversal.reason) == (reward.source, "记错了人")
    assert reversal.acting_user_id == fan.pk
    assert balance_of(anan) == Balance(0, 0, 0, 0)
    assert balance_of(make_issuance(book)).posted == 0
    assert differences_in(book) == []


def test_all_legs_are_undone(book, anan, bai, chen):
    give(anan, 90, acting_user=chen)
    pool = make_account(book, "爱心时间库")
    transfer = post_transfer(
        book=book,
        legs=[Leg(anan, -90), Leg(bai, 60), Leg(pool, 30)],
        kind=TransferKind.GIFT,
        reason="",
        source="test:1",
        key="1",
        acting_user=chen,
    )

    reversal = reverse_transfer(transfer, reason="记错了", key="r:1", acting_user=chen)

    amounts = Entry.objects.filter(book_id=book.pk, transfer_id=reversal.pk)
    assert dict(amounts.values_list("account_id", "amount")) == {
        anan.pk: 90, bai.pk: -60, pool.pk: -30,
    }  # fmt: skip
    assert differences_in(book) == []


def test_transfer_is_reversed_once(anan, chen):
    reward = give(anan, 90, acting_user=chen)
    first = reverse_transfer(reward, reason="记错了", key="r:1", acting_user=chen)

    again = reverse_transfer(reward, reason="记错了", key="r:1", acting_user=chen)
    with pytest.raises(AlreadyReversed) as refused:
        reverse_transfer(reward, reason="记错了", key="r:2", acting_user=chen)

    assert again == first
    assert refused.value.facts["reversed_by"] == first.pk
    assert balance_of(anan).posted == 0


def test_reversal_itself_stays(anan, chen):
    reward = give(anan, 90, acting_user=chen)
    reversal = reverse_transfer(reward, reason="记错了", key="r:1", acting_user=chen)

    with pytest.raises(ReversalIsFinal):
        reverse_transfer(reversal, reason="没记错", key="r:2", acting_user=chen)


def test_key_of_another_request_is_refused(anan, chen):
    reward = give(anan, 90, acting_user=chen)
    pass_key = "r:1"
    reverse_transfer(reward, reason="记错了", key=pass_key, acting_user=chen)

    with pytest.raises(KeyUsedForOther):
        reverse_transfer(
            give(anan, 30, acting_user=chen), reason="记错了", key=pass_key, acting_user=chen
        )


def test_what_is_no_longer_there_is_not_taken_unasked(anan, bai, chen):
    reward = give(anan, 90, acting_user=chen)
    pass_on(anan, bai, 60, chen)

    with pytest.raises(NotEnoughHours) as refused:
        reverse_transfer(reward, reason="记错了", key="r:1", acting_user=chen)

    assert (refused.value.facts["needed"], refused.value.facts["available"]) == (90, 30)
    assert balance_of(anan) == Balance(30, 0, 30, 0)


def test_debt_is_asked_for_seen_and_paid_off_first(book, anan, bai, chen):
    reward = give(anan, 90, acting_user=chen)
    pass_on(anan, bai, 60, chen)

    reverse_transfer(reward, reason="记错了", key="r:1", acting_user=chen, allow_debt=True)

    assert balance_of(anan) == Balance(posted=-60, held=0, available=-60, debt=60)
    assert differences_in(book) == []
    with pytest.raises(NotEnoughHours) as refused:
        pass_on(anan, bai, 1, chen, key="more")
    assert refused.value.facts["available"] == 0
    give(anan, 45, acting_user=chen)
    assert balance_of(anan) == Balance(posted=-15, held=0, available=-15, debt=15)
    give(anan, 45, acting_user=chen)
    assert balance_of(anan) == Balance(posted=30, held=0, available=30, debt=0)
    pass_on(anan, bai, 30, chen, key="at last")
    assert differences_in(book) == []


def test_debt_does_not_lock_in_what_is_held(book, anan, bai, chen):
    reward = give(anan, 60, acting_user=chen)
    first = place_hold(
        anan, amount=40, to_account=bai, source="o:1", key="h:1", reason="", acting_user=chen
    )
    second = place_hold(
        anan, amount=20, to_account=bai, source="o:2", key="h:2", reason="", acting_user=chen
    )

    reverse_transfer(reward, reason="记错了", key="r:1", acting_user=chen, allow_debt=True)
    assert balance_of(anan) == Balance(posted=0, held=60, available=-60, debt=60)
    settle_hold(first, amount=30, key="s:1", acting_user=chen)
    assert balance_of(anan) == Balance(posted=-30, held=20, available=-50, debt=50)
    release_hold(second, key="s:2", reason="", acting_user=chen)

    assert balance_of(anan) == Balance(posted=-30, held=0, available=-30, debt=30)
    assert differences_in(book) == []


def test_frozen_account_does_not_stand_in_the_way(anan, chen):
    reward = give(anan, 90, acting_user=chen)
    freeze_account(anan, reason="核查中", acting_user=chen)

    reverse_transfer(reward, reason="查实是重复登记", key="r:1", acting_user=chen)

    assert balance_of(anan).posted == 0


def test_ceiling_holds_for_what_comes_back(book, bai, chen):
    anan = make_account(book, "安安", ceiling=60)
    give(anan, 60, acting_user=chen)
    gift = pass_on(anan, bai, 60, chen)
    give(anan, 30, acting_user=chen)

    with pytest.raises(OverCeiling) as refused:
        reverse_transfer(gift, reason="记错了", key="r:1", acting_user=chen)

    assert refused.value.facts["room"] == 30


def test_settlement_is_reversed_and_its_hold_stays_ended(book, anan, bai, chen):
    give(anan, 60, acting_user=chen)
    hold = place_hold(
        anan, amount=60, to_account=bai, source="o:1", key="h:1", reason="", acting_user=chen
    )
    settled = settle_hold(hold, key="s:1", acting_user=chen)

    reverse_transfer(settled, reason="服务没有做", key="r:1", acting_user=chen)

    assert balance_of(anan) == Balance(60, 0, 60, 0)
    hold.refresh_from_db()
    assert not hold.is_open
    assert differences_in(book) == []
