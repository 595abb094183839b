"""Setting aside, settling, releasing, expiring: each hold ends once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from accounts.clock import database_now
from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.errors.ledger import (
    AccountFrozen,
    AlreadySettled,
    KeyUsedForOther,
    MoreThanHeld,
    NotEnoughHours,
    NothingToMove,
    OverCeiling,
    SameAccount,
    UnknownLedgerAccount,
)
from timebank.models.ledger import Hold, HoldEnd, HoldResolution, Transfer, TransferKind
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import Balance, balance_of, open_holds_of
from timebank.services.holds import expire_holds, place_hold, release_hold, settle_hold
from timebank.services.ledger import freeze_account, post_transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen():
    return make_user()


@pytest.fixture
def book(chen):
    return make_book(chen)


@pytest.fixture
def anan(book, chen):
    """安安 has an hour and a half."""
    anan = make_account(book, "安安")
    give(anan, 90, acting_user=chen)
    return anan


@pytest.fixture
def bai(book):
    return make_account(book, "白奶奶")


def hold_for(anan, bai, amount, chen, *, key="h:1", **facts):
    return place_hold(
        anan,
        amount=amount,
        to_account=bai,
        source="timebank.serviceorder:1",
        key=key,
        reason=facts.pop("reason", "陪诊"),
        acting_user=chen,
        **facts,
    )


def test_hold_sets_aside_without_moving(book, anan, bai, chen):
    fan = make_user("范科长")

    hold = hold_for(anan, bai, 60, chen, on_behalf_of=fan)

    assert balance_of(anan) == Balance(posted=90, held=60, available=30, debt=0)
    assert balance_of(bai) == Balance(0, 0, 0, 0)
    assert hold.is_open
    assert open_holds_of(anan) == [hold]
    kept = Hold.objects.get(book_id=book.pk, pk=hold.pk)
    assert (kept.kind, kept.reason) == (TransferKind.USE, "陪诊")
    assert (kept.acting_user, kept.on_behalf_of) == (chen, fan)
    assert differences_in(book) == []


def test_what_is_held_cannot_be_used_otherwise(anan, bai, chen):
    hold_for(anan, bai, 60, chen)

    with pytest.raises(NotEnoughHours) as refused:
        hold_for(anan, bai, 31, chen, key="h:2")

    assert (refused.value.facts["needed"], refused.value.facts["available"]) == (31, 30)
    with pytest.raises(NotEnoughHours):
        post_transfer(
            book=anan.book,
            from_account=anan,
            to_account=bai,
            amount=31,
            kind=TransferKind.GIFT,
            reason="",
            source="test:1",
            key="g",
            acting_user=chen,
        )
    hold_for(anan, bai, 30, chen, key="h:2")
    assert balance_of(anan).available == 0


def test_hold_is_settled_in_full(book, anan, bai, chen):
    hold = hold_for(anan, bai, 60, chen)

    transfer = settle_hold(hold, key="s:1", acting_user=chen)

    assert balance_of(anan) == Balance(posted=30, held=0, available=30, debt=0)
    assert balance_of(bai).posted == 60
    assert (transfer.kind, transfer.reason, transfer.source) == (
        "use", "陪诊", "timebank.serviceorder:1",
    )  # fmt: skip
    assert transfer.hold_id == hold.pk
    end = HoldResolution.objects.get(book_id=book.pk, hold_id=hold.pk)
    assert (end.how, end.settled_amount, end.transfer_id) == ("settled", 60, transfer.pk)
    assert open_holds_of(anan) == []
    assert differences_in(book) == []


def test_hold_is_settled_in_part_and_the_rest_is_free(book, anan, bai, chen):
    hold = hold_for(anan, bai, 60, chen)

    settle_hold(hold, amount=45, key="s:1", acting_user=chen)

    assert balance_of(anan) == Balance(posted=45, held=0, available=45, debt=0)
    assert balance_of(bai).posted == 45
    assert differences_in(book) == []


@pytest.mark.parametrize(
    ("amount", "refusal"), [(0, NothingToMove), (-1, NothingToMove), (61, MoreThanHeld)]
)
def test_settling_nothing_or_too_much_is_refused(anan, bai, chen, amount, refusal):
    hold = hold_for(anan, bai, 60, chen)

    with pytest.raises(refusal):
        settle_hold(hold, amount=amount, key="s:1", acting_user=chen)

    assert balance_of(anan).held == 60


def test_hold_is_released(book, anan, bai, chen):
    hold = hold_for(anan, bai, 60, chen)

    released = release_hold(hold, key="x:1", reason="白奶奶住院了", acting_user=chen)

    assert balance_of(anan) == Balance(posted=90, held=0, available=90, debt=0)
    assert not released.is_open
    assert (released.end.how, released.end.reason) == (HoldEnd.RELEASED, "白奶奶住院了")
    assert not Transfer.objects.filter(book_id=book.pk, hold_id=hold.pk).exists()
    assert differences_in(book) == []


@pytest.mark.parametrize("end", ["settle", "release", "expire"])
@pytest.mark.parametrize("again", ["settle", "release"])
def test_hold_ends_once(anan, bai, chen, end, again):
    hold = hold_for(anan, bai, 60, chen, expires_at=database_now() - timedelta(hours=1))
    ways = {
        "settle": lambda key: settle_hold(hold, key=key, acting_user=chen),
        "release": lambda key: release_hold(hold, key=key, reason="", acting_user=chen),
        "expire": lambda key: expire_holds(before=database_now()),
    }
    ways[end]("first")
    afterwards = balance_of(anan)

    with pytest.raises(AlreadySettled) as refused:
        ways[again]("second")

    assert refused.value.facts["how"].startswith(end)
    assert balance_of(anan) == afterwards
    assert expire_holds(before=database_now()) == 0


def test_same_keys_and_facts_are_answered_again(book, anan, bai, chen):
    system = make_user("系统")
    hold = hold_for(anan, bai, 60, chen)
    assert hold_for(anan, bai, 60, system) == hold
    transfer = settle_hold(hold, amount=45, key="s:1", acting_user=chen)
    assert settle_hold(hold, amount=45, key="s:1", acting_user=system) == transfer
    other = hold_for(anan, bai, 10, chen, key="h:2")
    end = release_hold(other, key="x:1", reason="", acting_user=chen).end

    assert release_hold(other, key="x:1", reason="", acting_user=system).end == end

    assert balance_of(anan) == Balance(posted=45, held=0, available=45, debt=0)
    assert differences_in(book) == []


def test_same_keys_for_other_requests_are_refused(anan, bai, chen):
    hold = hold_for(anan, bai, 60, chen)
    other = hold_for(anan, bai, 20, chen, key="h:2")
    with pytest.raises(KeyUsedForOther):
        hold_for(anan, bai, 59, chen)
    with pytest.raises(KeyUsedForOther):
        settle_hold(hold, key="h:1", acting_user=chen)
    settle_hold(hold, amount=45, key="s:1", acting_user=chen)

    with pytest.raises(KeyUsedForOther):
        settle_hold(hold, amount=44, key="s:1", acting_user=chen)
    with pytest.raises(KeyUsedForOther):
        settle_hold(other, amount=20, key="s:1", acting_user=chen)
    with pytest.raises(KeyUsedForOther):
        release_hold(other, key="s:1", reason="", acting_user=chen)


@pytest.mark.parametrize("amount", [0, -30])
def test_nothing_is_not_held(anan, bai, chen, amount):
    with pytest.raises(NothingToMove):
        hold_for(anan, bai, amount, chen)


def test_hold_needs_two_accounts_of_one_book(anan, chen):
    stranger = make_account(make_book(chen), "桐乡的人")

    with pytest.raises(SameAccount):
        hold_for(anan, anan, 30, chen)
    with pytest.raises(UnknownLedgerAccount):
        hold_for(anan, stranger, 30, chen)
    assert balance_of(anan).held == 0


def test_nothing_is_held_on_an_account_that_is_not_counted(book, anan, chen):
    with pytest.raises(DatabaseError, match="not counted"):
        hold_for(make_issuance(book), anan, 30, chen)


@pytest.mark.parametrize("side", ["payer", "payee"])
def test_freezing_stops_new_holds_and_finishes_old_ones(book, anan, bai, chen, side):
    first = hold_for(anan, bai, 30, chen, key="h:1")
    second = hold_for(anan, bai, 30, chen, key="h:2")
    freeze_account({"payer": anan, "payee": bai}[side], reason="核查中", acting_user=chen)

    with pytest.raises(AccountFrozen):
        hold_for(anan, bai, 30, chen, key="h:3")
    settle_hold(first, key="s:1", acting_user=chen)
    release_hold(second, key="s:2", reason="", acting_user=chen)

    assert balance_of(anan) == Balance(posted=60, held=0, available=60, debt=0)
    assert differences_in(book) == []


def test_receiver_at_the_ceiling_leaves_the_hold_open(book, anan, chen):
    bai = make_account(book, "白奶奶", ceiling=30)
    hold = hold_for(anan, bai, 60, chen)

    with pytest.raises(OverCeiling):
        settle_hold(hold, key="s:1", acting_user=chen)

    assert balance_of(anan).held == 60
    settle_hold(hold, amount=30, key="s:1", acting_user=chen)
    assert differences_in(book) == []


def test_holds_expire_when_their_time_has_come_and_not_before(book, anan, bai, chen):
    now = database_now()
    due = hold_for(anan, bai, 10, chen, key="h:1", expires_at=now - timedelta(days=1))
    later = hold_for(anan, bai, 20, chen, key="h:2", expires_at=now + timedelta(days=1))
    never = hold_for(anan, bai, 30, chen, key="h:3")
    settled = hold_for(anan, bai, 5, chen, key="h:4", expires_at=now - timedelta(days=1))
    settle_hold(settled, key="s:4", acting_user=chen)

    expired = expire_holds(before=now + timedelta(days=7))

    assert expired == 1
    assert open_holds_of(anan) == [later, never]
    end = HoldResolution.objects.get(book_id=book.pk, hold_id=due.pk)
    assert (end.how, end.acting_user_id) == (HoldEnd.EXPIRED, None)
    assert balance_of(anan) == Balance(posted=85, held=50, available=35, debt=0)
    assert differences_in(book) == []


def test_holds_of_all_books_expire(anan, bai, chen):
    other_book = make_book(chen)
    one, two = make_account(other_book, "甲"), make_account(other_book, "乙")
    give(one, 30, acting_user=chen)
    past = database_now() - timedelta(minutes=1)
    hold_for(anan, bai, 10, chen, expires_at=past)
    hold_for(one, two, 10, chen, expires_at=past)

    assert expire_holds(before=past - timedelta(minutes=1)) == 0
    assert expire_holds(before=database_now()) == 2
