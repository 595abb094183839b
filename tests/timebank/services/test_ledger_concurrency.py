"""Many at once, each on a connection of its own: exactly as much happens as may happen.

Threads stand for people: each has its own database connection, and all start together.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from time import sleep

import pytest
from django.db import OperationalError, connections, transaction

from accounts.errors import Refusal
from tests.at_once import at_once
from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.errors.ledger import AlreadyReversed, AlreadySettled, NotEnoughHours
from timebank.models.ledger import Leg, Transfer, TransferKind
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import Balance, balance_of
from timebank.services.holds import expire_holds, place_hold, release_hold, settle_hold
from timebank.services.ledger import Posting, post_batch, post_transfer, reverse_transfer

pytestmark = pytest.mark.django_db(transaction=True)


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


def gift(from_account, to_account, amount, key, chen):
    return post_transfer(
        book=from_account.book,
        from_account=from_account,
        to_account=to_account,
        amount=amount,
        kind=TransferKind.GIFT,
        reason="",
        source="test:1",
        key=key,
        acting_user=chen,
    )


def hold_for(anan, bai, amount, key, chen, **facts):
    return place_hold(
        anan, amount=amount, to_account=bai, source="test:1", key=key, reason="",
        acting_user=chen, **facts,
    )  # fmt: skip


def rounds(short: int, full: int):
    """How often: a few times always, all figures in the long run."""
    return pytest.mark.parametrize(
        "times", [short, pytest.param(full, marks=pytest.mark.long)], ids=["short", "full"]
    )


@rounds(5, 200)
def test_last_minutes_are_used_once(times, book, anan, bai, chen):
    for number in range(times):
        give(anan, 60, acting_user=chen)

        outcomes = at_once(
            *[partial(gift, anan, bai, 60, f"g:{number}:{n}", chen) for n in range(4)],
            *[partial(hold_for, anan, bai, 60, f"h:{number}:{n}", chen) for n in range(4)],
        )

        assert Counter(map(type, outcomes))[NotEnoughHours] == 7
        assert balance_of(anan).available == 0
    assert differences_in(book) == []


@rounds(5, 100)
def test_hold_ends_once_however_many_end_it(times, book, anan, bai, chen):
    def expire() -> None:
        if not expire_holds(before=book.opened_at):
            raise AlreadySettled(hold=0, how="expired", ended_at=book.opened_at)

    for number in range(times):
        give(anan, 60, acting_user=chen)
        hold = hold_for(anan, bai, 60, f"h:{number}", chen, expires_at=book.opened_at)

        outcomes = at_once(
            partial(settle_hold, hold, key=f"s:{number}:1", acting_user=chen),
            partial(settle_hold, hold, amount=30, key=f"s:{number}:2", acting_user=chen),
            partial(release_hold, hold, key=f"x:{number}", reason="", acting_user=chen),
            expire,
        )

        assert Counter(map(type, outcomes))[AlreadySettled] == 3
    assert balance_of(anan).held == 0
    assert differences_in(book) == []


@rounds(5, 100)
def test_same_key_at_the_same_moment_is_one_transfer(times, book, anan, bai, chen):
    give(anan, 60 * times, acting_user=chen)
    for number in range(times):
        outcomes = at_once(*[partial(gift, anan, bai, 60, f"g:{number}", chen)] * 6)

        assert len({transfer.pk for transfer in outcomes}) == 1
    assert balance_of(anan) == Balance(0, 0, 0, 0)
    assert differences_in(book) == []


@rounds(5, 100)
def test_transfer_is_reversed_once_however_many_try(times, book, anan, chen):
    for number in range(times):
        reward = give(anan, 60, acting_user=chen)

        outcomes = at_once(
            *[
                partial(
                    reverse_transfer, reward, reason="", key=f"r:{number}:{n}", acting_user=chen
                )
                for n in range(4)
            ]
        )

        assert Counter(map(type, outcomes))[AlreadyReversed] == 3
    assert balance_of(anan).posted == 0
    assert differences_in(book) == []


@rounds(3, 60)
def test_gifts_in_a_ring_and_batches_in_opposite_order_all_arrive(times, book, chen):
    ring = [make_account(book, f"第{n}人") for n in range(4)]
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    for account in ring:
        give(account, 600, acting_user=chen)

    def batch(name, pairs):
        return post_batch(
            book,
            [
                Posting(
                    legs=Leg.pair(from_account=one, to_account=two, amount=1),
                    kind=TransferKind.GIFT,
                    reason="",
                    source="test:batch",
                    key=f"{name}:{n}",
                )
                for n, (one, two) in enumerate(pairs)
            ],
            acting_user=chen,
        )

    for number in range(times):
        outcomes = at_once(
            partial(batch, f"b:{number}:1", pairs),
            partial(batch, f"b:{number}:2", pairs[::-1]),
            *[partial(gift, *pair, 1, f"g:{number}:{pair[0].pk}", chen) for pair in pairs],
            *[partial(gift, *pair[::-1], 1, f"back:{number}:{pair[0].pk}", chen) for pair in pairs],
        )

        assert not [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert [balance_of(account).posted for account in ring] == [600] * 4
    assert differences_in(book) == []


def test_callers_who_lock_in_opposite_order_are_both_heard(book, anan, bai, chen):
    """Two transactions of two transfers each can meet in a ring; PostgreSQL ends one of them,
    whose owner hears of it and may begin again."""
    give(anan, 60, acting_user=chen)
    give(bai, 60, acting_user=chen)
    both_have_one = Barrier(2)
    pool, school = make_account(book, "爱心时间库"), make_account(book, "学校")

    def give_twice(first, second, name):
        for tried in range(3):
            try:
                with transaction.atomic():
                    gift(first, pool if name == "1" else school, 10, f"{name}:a", chen)
                    if not tried:
                        both_have_one.wait(timeout=20)
                    gift(second, pool if name == "1" else school, 10, f"{name}:b", chen)
                return "given"
            except OperationalError:
                continue
        return "not given"

    outcomes = at_once(lambda: give_twice(anan, bai, "1"), lambda: give_twice(bai, anan, "2"))

    assert outcomes == ["given", "given"]
    assert balance_of(anan).posted == balance_of(bai).posted == 40
    assert differences_in(book) == []


def test_every_full_read_sums_to_the_same_while_others_post(book, chen):
    accounts = [make_account(book, f"第{n}人") for n in range(5)]
    for account in accounts:
        give(account, 100, acting_user=chen)

    def read():
        return [sum(row.posted for row in book.accounts.filter(is_counted=True)) for _ in range(40)]

    def recount():
        return [differences_in(book) for _ in range(10)]

    def post(start):
        for n in range(40):
            gift(accounts[start], accounts[(start + n) % 4 + 1 if start == 0 else 0], 1,
                 f"{start}:{n}", chen)  # fmt: skip

    totals, recounts, *_ = at_once(read, recount, lambda: post(0), lambda: post(1), lambda: post(2))

    assert set(totals) == {500}
    assert not any(recounts)
    assert make_issuance(book).posted == 0
    assert Transfer.objects.filter(book_id=book.pk).count() == 5 + 120


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_posting_that_a_deadlock_ended_is_tried_again(book, anan, bai, chen):
    """Somebody with the owner's rights locks the two accounts in the wrong order."""
    give(anan, 60, acting_user=chen)
    lock = "SELECT 1 FROM ledger.account WHERE book_id = %s AND id = %s FOR NO KEY UPDATE"

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(lock, [book.pk, bai.pk])
            posting = threads.submit(at_once, partial(gift, anan, bai, 30, "g:1", chen))
            for _ in range(500):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone() != (0,):
                    break
                sleep(0.01)
            sleep(0.4)  # who began to wait first looks for a deadlock first: the posting
            cursor.execute(lock, [book.pk, anan.pk])
        (outcome,) = posting.result(timeout=20)

    assert isinstance(outcome, Transfer)
    assert balance_of(bai).posted == 30
    assert differences_in(book) == []
