"""Real processes, each with its own connection, all at the same instant: exactly as much happens
as may happen, nobody sees an error that is not a refusal, and lines that break in the middle are
made good by asking again with the same key.

A few processes and rounds always; 64 processes and 200 rounds under `-m long`.
"""

from collections import Counter
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import core

from accounts.models import User
from tests.factories.timebank_ledger import make_account, make_book, make_issuance, make_user
from tests.timebank.proof.crowd import in_processes
from timebank.models.ledger import Book, LedgerAccount, Leg, Transfer
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of
from timebank.services.holds import place_hold
from timebank.services.ledger import Posting, post_batch, post_transfer
from timebank.services.postings import post_each

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

POST = """
    SELECT ledger.post(%s, %s, %s::bigint[], %s::bigint[], 'use', '', %s, '', NULL, %s, NULL)
"""

figures = pytest.mark.parametrize(
    ("processes", "rounds"),
    [(6, 4), pytest.param(64, 200, marks=pytest.mark.long)],
    ids=["short", "full"],
)


@pytest.fixture
def chen():
    return make_user()


@pytest.fixture
def book(chen):
    return make_book(chen)


@pytest.fixture
def accounts(book, chen):
    """A function that makes so many accounts with so much in each."""

    def make(number: int, amount: int) -> list[LedgerAccount]:
        issuance = make_issuance(book)
        made = [make_account(book, f"第{n}人") for n in range(number)]
        post_batch(book, [
            posting(issuance, one, amount, f"opening:{one.pk}") for one in made
        ], acting_user=chen)  # fmt: skip
        return made

    return make


def posting(payer: LedgerAccount, payee: LedgerAccount, amount: int, key: str) -> Posting:
    return Posting(
        legs=Leg.pair(from_account=payer, to_account=payee, amount=amount),
        kind="use",
        reason="",
        source=key,
        key=key,
    )


def post(payer: LedgerAccount, payee: LedgerAccount, amount: int, key: str, user) -> Transfer:
    return post_transfer(
        book=payer.book,
        from_account=payer,
        to_account=payee,
        amount=amount,
        kind="use",
        reason="",
        source=key,
        key=key,
        acting_user=user,
    )


def told(book, accounts, chen, **more) -> dict[str, Any]:
    """What a process must know: numbers, not objects."""
    return {"book": book.pk, "accounts": [one.pk for one in accounts], "chen": chen.pk, **more}


@figures
def test_whole_balance_is_used_once_by_many_processes(processes, rounds, book, accounts, chen):
    givers, (taker,) = accounts(rounds, 60), accounts(1, 1)

    outcomes = in_processes(processes, rounds, use_it_all, told(book, [*givers, taker], chen))

    assert outcomes == [Counter(used=1, not_enough_hours=processes - 1)] * rounds
    assert [balance_of(giver).available for giver in givers] == [0] * rounds
    assert differences_in(book) == []


@figures
def test_batches_in_any_order_all_arrive(processes, rounds, book, accounts, chen):
    ring = accounts(8, 100_000)

    outcomes = in_processes(processes, rounds, batch_round_the_ring, told(book, ring, chen))

    assert outcomes == [Counter({"8": processes})] * rounds
    assert [balance_of(account).posted for account in ring] == [100_000] * 8
    each = Transfer.objects.filter(book_id=book.pk, source__startswith="each:")
    assert each.count() == 8 * rounds  # though several asked
    assert differences_in(book) == []


@figures
def test_one_key_is_one_transfer_and_other_facts_are_refused(
    processes, rounds, book, accounts, chen
):
    giver, taker = accounts(2, 100_000)

    outcomes = in_processes(processes, rounds, ask_with_one_key, told(book, [giver, taker], chen))

    moved = 0
    for outcome in outcomes:
        refused = outcome.pop("key_used_for_other")
        ((answer, answered),) = outcome.items()
        moved += int(answer.split(":")[0])
        assert answered == refused == processes // 2
    assert balance_of(giver).posted == 100_000 - moved
    assert differences_in(book) == []


@figures
def test_lines_that_break_are_made_good_with_the_same_key(processes, rounds, book, accounts, chen):
    few = accounts(4, 1_000_000)

    outcomes = in_processes(
        processes,
        rounds,
        post_though_the_line_breaks,
        told(book, few, chen, seed=core.global_force_seed),
    )

    assert outcomes == [Counter(posted=processes)] * rounds
    posted = Transfer.objects.filter(book_id=book.pk).exclude(source__startswith="opening")
    assert posted.count() == processes * rounds
    assert sum(balance_of(account).posted for account in few) == 4_000_000
    assert differences_in(book) == []


# What a process does ------------------------------------------------------------------


class Scene:
    """The book, its accounts and who acts, as a process finds them by their numbers."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.book = Book.objects.get(pk=facts["book"])
        found = LedgerAccount.objects.filter(book=self.book).select_related("book")
        by_number = found.in_bulk(facts["accounts"])
        self.accounts = [by_number[number] for number in facts["accounts"]]
        self.chen = User.objects.get(pk=facts["chen"])


_scenes: dict[int, Scene] = {}


def scene_of(facts: dict[str, Any]) -> Scene:
    """Looked up once in each process."""
    return _scenes.setdefault(0, _scenes.get(0) or Scene(facts))


def use_it_all(facts: dict[str, Any], process: int, number: int) -> str:
    scene = scene_of(facts)
    *givers, taker = scene.accounts
    giver, key = givers[number], f"{number}:{process}"
    match process % 4:
        case 3:
            (answer,) = post_each(
                scene.book, [posting(giver, taker, 60, key)], acting_user=scene.chen
            )
            if answer.refusal:
                raise answer.refusal
        case 0:
            post(giver, taker, 60, key, scene.chen)
        case 1:
            place_hold(
                giver, amount=60, to_account=taker, source=key, key=key, reason="",
                acting_user=scene.chen,
            )  # fmt: skip
        case _:
            post_batch(scene.book, [posting(giver, taker, 60, key)], acting_user=scene.chen)
    return "used"


def batch_round_the_ring(facts: dict[str, Any], process: int, number: int) -> str:
    scene = scene_of(facts)
    ring = scene.accounts
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    order = pairs if process % 2 else pairs[::-1]
    if process % 4 > 1:
        order = Random(process).sample(pairs, len(pairs))
    if process % 3 == 0:  # row by row, and these all with the same keys
        rows = [posting(one, two, 1, f"each:{number}:{one.pk}") for one, two in order]
        first, again = (post_each(scene.book, rows, acting_user=scene.chen) for _ in range(2))
        same = [one.transfer_id for one in first] == [one.transfer_id for one in again]
        return str(len(first)) if same else "other answers"
    rows = [posting(one, two, 1, f"{process}:{number}:{n}") for n, (one, two) in enumerate(order)]
    return str(len(post_batch(scene.book, rows, acting_user=scene.chen)))


def ask_with_one_key(facts: dict[str, Any], process: int, number: int) -> str:
    scene = scene_of(facts)
    giver, taker = scene.accounts
    amount = 1 + process % 2
    return f"{amount}:{post(giver, taker, amount, f'same:{number}', scene.chen).pk}"


def post_though_the_line_breaks(facts: dict[str, Any], process: int, number: int) -> str:
    scene = scene_of(facts)
    chance = Random(f"{facts['seed']}:{process}:{number}")
    payer, payee = chance.sample(scene.accounts, 2)
    key = f"{process}:{number}"
    if chance.random() < 0.5:
        ask_and_hang_up(payer, payee, key, scene.chen)
    post(payer, payee, 1, key, scene.chen)
    return "posted"


def ask_and_hang_up(payer: LedgerAccount, payee: LedgerAccount, key: str, user) -> None:
    """Send the very same request, and break the line without waiting for an answer."""
    connection.ensure_connection()
    line = connection.connection
    statement = psycopg.ClientCursor(line).mogrify(
        POST, [payer.book_id, key, [payer.pk, payee.pk], [-1, 1], key, user.pk]
    )
    line.pgconn.send_query(statement.encode())
    line.pgconn.finish()
    connection.close()
