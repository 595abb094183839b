"""Accounts over their life: opening balances, limits, stripes, suspended, closed."""

import pytest

from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.errors.ledger import (
    AccountClosed,
    AccountFrozen,
    AccountHasMoved,
    AccountNotEmpty,
    AccountSuspended,
    KeyUsedForOther,
    NotEnoughHours,
    OutsideNewLimits,
    OverCeiling,
)
from timebank.models.ledger import (
    AccountKind,
    AccountState,
    Entry,
    LedgerAccount,
    Leg,
    Transfer,
)
from timebank.models.ledger_limits import AccountChange
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of, statement_of
from timebank.services.holds import place_hold, release_hold, settle_hold
from timebank.services.ledger import (
    OpeningBalance,
    Posting,
    close_account,
    freeze_account,
    open_account,
    open_balances,
    post_batch,
    post_transfer,
    reopen_account,
    reverse_transfer,
    suspend_account,
    unfreeze_account,
)
from timebank.services.limits import set_limit_policy, set_limits

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


def move(giver, taker, amount, key, *, acting_user):
    return post_transfer(
        book=giver.book, from_account=giver, to_account=taker, amount=amount, kind="gift",
        reason="", source="test", key=key, acting_user=acting_user,
    )  # fmt: skip


def hold(account, for_account, amount, key, *, acting_user):
    return place_hold(
        account, amount=amount, to_account=for_account, source="o:1", key=key, reason="",
        acting_user=acting_user,
    )  # fmt: skip


# Opening balances -----------------------------------------------------------------------------


def bring(book, *balances, acting_user):
    return open_balances(
        book, [OpeningBalance(*one) for one in balances], reason="旧系统结转", source="import:1",
        acting_user=acting_user,
    )  # fmt: skip


def test_opening_balances_come_once_and_before_all_else(book, anan, bai, chen):
    ids = bring(book, (anan, 90), (bai, 30), acting_user=chen)

    assert bring(book, (anan, 90), (bai, 30), acting_user=chen) == ids
    assert (balance_of(anan).posted, balance_of(bai).posted) == (90, 30)
    assert set(Transfer.objects.filter(pk__in=ids).values_list("kind", flat=True)) == {"opening"}
    opening = LedgerAccount.objects.get(book=book, kind=AccountKind.OPENING)
    assert balance_of(opening).posted == -120
    with pytest.raises(KeyUsedForOther):
        bring(book, (anan, 91), acting_user=chen)
    assert differences_in(book) == []


def test_opening_balance_after_something_moved_is_refused_with_its_row(book, anan, bai, chen):
    give(bai, 10, acting_user=chen)

    with pytest.raises(AccountHasMoved) as refused:
        bring(book, (anan, 90), (bai, 30), acting_user=chen)

    assert refused.value.facts["row"] == 1
    assert balance_of(anan).posted == 0


# Limits ---------------------------------------------------------------------------------------


def test_newest_policy_of_a_kind_limits_new_accounts(book, chen):
    for ceiling in (500, 90_000):
        set_limit_policy(
            book, kind=AccountKind.PERSON, floor=0, ceiling=ceiling, version=f"{ceiling}",
            reason="试行办法", acting_user=chen,
        )  # fmt: skip

    account = open_account(
        book, kind=AccountKind.PERSON, owner_key="user:1", label="安安", by_policy=True
    )
    other = open_account(
        book, kind=AccountKind.TEAM, owner_key="team:1", label="队", floor=-60, by_policy=True
    )

    assert (account.floor, account.ceiling) == (0, 90_000)
    assert (other.floor, other.ceiling) == (-60, None)


def test_limits_change_where_the_balance_fits_and_leave_a_row(anan, chen):
    give(anan, 100, acting_user=chen)

    with pytest.raises(OutsideNewLimits) as refused:
        set_limits(anan, floor=0, ceiling=99, reason="下调", acting_user=chen)
    with pytest.raises(OutsideNewLimits):
        set_limits(anan, floor=101, ceiling=None, reason="上调", acting_user=chen)
    changed = set_limits(anan, floor=-30, ceiling=100, reason="下调", acting_user=chen)

    assert refused.value.facts["posted"] == 100
    assert (changed.floor, changed.ceiling) == (-30, 100)
    with pytest.raises(OverCeiling):
        give(anan, 1, acting_user=chen)
    change = AccountChange.objects.get(account_id=anan.pk)
    assert (change.what, change.before, change.after) == ("limits", "0 -", "-30 100")


# Suspended and closed -------------------------------------------------------------------------


def test_suspended_account_gains_but_gives_nothing(book, anan, bai, chen):
    give(anan, 60, acting_user=chen)
    begun = hold(anan, bai, 20, "h:1", acting_user=chen)
    suspend_account(anan, reason="失联", acting_user=chen)

    give(anan, 30, acting_user=chen)
    with pytest.raises(AccountSuspended):
        move(anan, bai, 1, "m:1", acting_user=chen)
    with pytest.raises(AccountSuspended):
        hold(anan, bai, 1, "h:2", acting_user=chen)
    with pytest.raises(AccountSuspended):
        post_batch(
            book,
            [
                Posting(
                    legs=Leg.pair(from_account=anan, to_account=bai, amount=1), kind="gift",
                    reason="", source="t", key="b:1",
                )
            ],
            acting_user=chen,
        )  # fmt: skip
    settle_hold(begun, key="s:1", acting_user=chen)

    assert balance_of(anan).posted == 70
    unfreeze_account(anan, reason="已联系上", acting_user=chen)
    move(anan, bai, 1, "m:2", acting_user=chen)
    assert differences_in(book) == []


def test_first_refusal_is_told_whatever_stands_still_after_it(book, anan, bai, chen):
    """The first row's, and in it the first account's: also where what follows is not counted."""
    pool = open_account(book, kind=AccountKind.POOL, owner_key="hot", label="活动", stripes=4)
    suspend_account(pool, reason="停用", acting_user=chen)
    rows = [(anan, bai, "b:1"), (pool, bai, "b:2")]
    postings = [
        Posting(
            legs=Leg.pair(from_account=giver, to_account=taker, amount=1), kind="gift",
            reason="", source="t", key=key,
        )
        for giver, taker, key in rows
    ]  # fmt: skip

    with pytest.raises(NotEnoughHours):
        post_batch(book, postings, acting_user=chen)
    with pytest.raises(AccountSuspended):
        post_batch(book, postings[::-1], acting_user=chen)
    freeze_account(pool, reason="核实", acting_user=chen)
    with pytest.raises(NotEnoughHours):
        move(anan, pool, 1, "m:1", acting_user=chen)
    with pytest.raises(AccountFrozen):
        move(pool, bai, 1, "m:2", acting_user=chen)


def test_account_is_closed_empty_or_into_another_in_one_act(book, anan, bai, chen):
    give(anan, 45, acting_user=chen)

    with pytest.raises(AccountNotEmpty) as refused:
        close_account(anan, reason="迁走", acting_user=chen)
    closed = close_account(anan, to_account=bai, reason="迁走", acting_user=chen)
    again = close_account(anan, to_account=bai, reason="迁走", acting_user=chen)

    assert refused.value.facts["posted"] == 45
    assert closed.state == again.state == AccountState.CLOSED
    assert (balance_of(anan).posted, balance_of(bai).posted) == (0, 45)
    assert Transfer.objects.get(book=book, kind="closing").reason == "迁走"
    with pytest.raises(AccountClosed):
        give(anan, 1, acting_user=chen)
    with pytest.raises(AccountClosed):
        reverse_transfer(
            Transfer.objects.get(book=book, kind="reward"), reason="错", key="r:1",
            acting_user=chen, allow_debt=True,
        )  # fmt: skip
    assert differences_in(book) == []
    reopen_account(anan, reason="又回来了", acting_user=chen)
    give(anan, 1, acting_user=chen)
    assert [
        (change.before, change.after)
        for change in AccountChange.objects.filter(account_id=anan.pk).order_by("pk")
    ] == [("open", "closed"), ("closed", "open")]


@pytest.mark.parametrize("side", ["payer", "payee"])
def test_open_hold_keeps_both_accounts_open(anan, bai, chen, side):
    give(anan, 45, acting_user=chen)
    begun = hold(anan, bai, 45, "h:1", acting_user=chen)

    account, other = (anan, bai) if side == "payer" else (bai, anan)
    with pytest.raises(AccountNotEmpty) as refused:
        close_account(account, to_account=other, reason="迁走", acting_user=chen)

    assert refused.value.facts["holds"] == 1
    release_hold(begun, key="x:1", reason="取消", acting_user=chen)
    close_account(account, to_account=other, reason="迁走", acting_user=chen)


# Stripes --------------------------------------------------------------------------------------


def test_striped_account_is_the_sum_of_its_stripes(book, anan, chen):
    pool = open_account(book, kind=AccountKind.POOL, owner_key="hot", label="活动", stripes=4)
    give(anan, 100, acting_user=chen)

    wrong = move(anan, pool, 40, "m:1", acting_user=chen)
    post_batch(
        book,
        [
            Posting(legs=Leg.pair(from_account=a, to_account=b, amount=5), kind="gift", reason="",
                    source="t", key=f"b:{n}")
            for n, (a, b) in enumerate([(anan, pool), (pool, anan), (anan, pool)])
        ],
        acting_user=chen,
    )  # fmt: skip
    settle_hold(hold(anan, pool, 10, "h:1", acting_user=chen), key="s:1", acting_user=chen)
    reverse_transfer(wrong, reason="错", key="r:1", acting_user=chen)

    assert LedgerAccount.objects.filter(whole_id=pool.pk).count() == 4
    assert not Entry.objects.filter(book=book, account_id=pool.pk).exists()
    assert balance_of(pool).posted == 15
    assert [line.amount for line in statement_of(pool).lines] == [-40, 10, 5, -5, 5, 40]
    assert differences_in(book) == []
    close_account(pool, to_account=anan, reason="活动结束", acting_user=chen)
    assert (balance_of(pool).posted, balance_of(anan).posted) == (0, 100)
    with pytest.raises(AccountClosed):
        move(anan, pool, 1, "m:2", acting_user=chen)
    assert differences_in(book) == []


def test_issuance_closes_only_when_all_it_gave_is_back(book, anan, chen):
    issuance = make_issuance(book)
    give(anan, 10, acting_user=chen)

    with pytest.raises(AccountNotEmpty):
        close_account(issuance, reason="合并", acting_user=chen)
