"""How the database reads statements where there is much: by indexes, never the whole table."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.timebank_ledger import make_account, make_book, make_issuance, make_user
from timebank.models.ledger import AccountKind
from timebank.selectors.books import more_movements_than, movements_of
from timebank.selectors.statements import (
    Narrowing,
    balance_curve,
    balance_of,
    number_of_lines,
    open_holds_of,
    statement_of,
    totals_by_kind,
    totals_by_month,
)
from timebank.services.ledger import gather_statistics

PEOPLE, EACH = 300, 200
LARGE = {"entry", "transfer"}  # of the others there are a few hundred here

# Every person earns day by day, and gives every tenth time to the pool.
FILL = """
    SET session_replication_role = replica;
    INSERT INTO ledger.transfer (id, book_id, kind, reason, source, policy_version, happened_at,
                                 recorded_at, acting_user_id)
    SELECT {first} + n, {book}, CASE WHEN n %% 10 = 0 THEN 'gift' ELSE 'reward' END, '理发',
           'test:' || n, '', t.at, t.at, {chen}
      FROM generate_series(0, {people} * {each} - 1) AS n,
           LATERAL (SELECT now() - interval '1 day' * ({each} - n / {people})) AS t (at);
    INSERT INTO ledger.entry (book_id, transfer_id, account_id, amount, balance_after, seq)
    SELECT {book}, {first} + n, account, amount, 0, seq
      FROM generate_series(0, {people} * {each} - 1) AS n,
           LATERAL (VALUES ({person} + n %% {people},
                            CASE WHEN n %% 10 = 0 THEN -1 ELSE 1 END, n / {people} + 1),
                           (CASE WHEN n %% 10 = 0 THEN {pool} ELSE {issuance} END,
                            CASE WHEN n %% 10 = 0 THEN 1 ELSE -1 END,
                            CASE WHEN n %% 10 = 0 THEN n / 10 + 1 END))
           AS side (account, amount, seq);
    UPDATE ledger.account SET seq = CASE id WHEN {pool} THEN {people} * {each} / 10 ELSE {each} END
     WHERE book_id = {book} AND is_counted;
    RESET session_replication_role;
"""


@pytest.fixture
def ground():
    """Sixty thousand movements in one book."""
    chen = make_user()
    book = make_book(chen)
    issuance = make_issuance(book)
    pool = make_account(book, "爱心时间库", kind=AccountKind.POOL)
    people = [make_account(book, f"第{n}人") for n in range(PEOPLE)]
    assert people[-1].pk - people[0].pk == PEOPLE - 1
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT nextval('ledger.transfer_id_seq')")
        first = cursor.fetchone()[0] + 1_000
        cursor.execute(
            FILL.format(
                first=first, book=book.pk, chen=chen.pk, people=PEOPLE, each=EACH,
                person=people[0].pk, pool=pool.pk, issuance=issuance.pk,
            ).replace("%%", "%")
        )  # fmt: skip
    gather_statistics()
    pool.refresh_from_db()
    people[0].refresh_from_db()
    return people[0], pool


def narrowings() -> list[Narrowing]:
    today = timezone.localdate()
    return [
        Narrowing(),
        Narrowing(kind="gift"),
        Narrowing(kind="adjustment"),
        Narrowing(direction="out"),
        Narrowing(since=today - timedelta(days=30), until=today - timedelta(days=20)),
        Narrowing(since=date(2020, 1, 1), kind="gift", direction="in", words="理"),
    ]


def read_whole(ask) -> list[str]:
    """The tables that the statements of a question read from end to end."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN (FORMAT TEXT) {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            found += [
                f"{line.strip()}\n{plan}"
                for line in plan.splitlines()
                if "Seq Scan on " in line and line.split("Seq Scan on ")[1].split()[0] in LARGE
            ]
    return found


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_statements_and_movements_are_read_by_indexes(ground):
    person, pool = ground
    questions = {}
    for number, narrowing in enumerate(narrowings()):
        questions |= {
            f"person {number}": lambda n=narrowing: statement_of(person, narrowing=n),
            f"person before {number}": lambda n=narrowing: statement_of(
                person, before=100, narrowing=n
            ),
            # Words are looked for among the newest lines; where those are a tenth of the whole
            # table, as here, reading the table is the shorter way.
            f"pool {number}": lambda n=narrowing: statement_of(
                pool, narrowing=replace(n, words="")
            ),
            f"lines {number}": lambda n=narrowing: number_of_lines(person, n),
            f"months {number}": lambda n=narrowing: totals_by_month(person, n),
            f"kinds {number}": lambda n=narrowing: totals_by_kind(person, n),
            f"book {number}": lambda n=narrowing: movements_of(person.book, narrowing=n),
        }
    questions |= {
        "many": lambda: more_movements_than(person.book, 2_000),
        "balance": lambda: balance_of(person),
        "curve": lambda: balance_curve(person),
        "curve of the newest": lambda: balance_curve(pool),
        "holds": lambda: open_holds_of(person),
    }

    found = {name: plans for name, ask in questions.items() if (plans := read_whole(ask))}

    assert found == {}, "\n".join(plans[0] for plans in found.values())
    assert len(statement_of(person).lines) == 50
    assert sum(one.lines for one in totals_by_kind(person)) == EACH
