"""Every statement on a ledger table says which book it means, so that a book can one day stand on a
server of its own; and nothing else in the product keeps a balance.

The statements are those of the real thing: every path that moves hours or money is played, the
statements of accounts, banks and the recount are read, and the ledger's pages opened, while each
statement is looked at.
"""

import re
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse

from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_corrections import make_adjustment
from tests.timebank.proof.paths import PATHS, Stage
from timebank.models.ledger import LedgerAccount
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import (
    balance_curve,
    balance_of,
    open_holds_of,
    statement_of,
    totals_by_month,
)
from timebank.services.banks import account_of
from timebank.services.sealed_export import rows_of_book
from timebank.services.sealing import seal_book

TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?ledger"?\."?(\w+)"?(?![\w"]*\()', re.IGNORECASE)
ON_BOOK = re.compile(r'\bbook_id"?\s*(=|IN\b|<|>)|\(book_id', re.IGNORECASE)
CALL = re.compile(r"FROM ledger\.(\w+)\((\S+?)[,)]")
WITHOUT_BOOK = {"book"}  # the books themselves
# The sweeper's one question to all servers: in which books is something due?
ASKS_ALL_BOOKS = 'SELECT DISTINCT "ledger"."hold"."book_id" AS "book_id" FROM "ledger"."hold" '


def asks_without_book(statement: str) -> bool:
    """Whether a statement reads or writes a ledger table and names no book to look in."""
    if CALL.search(statement):
        return False  # a verb: its first argument is the book (`open_book` makes one)
    tables = set(TABLE.findall(statement)) - WITHOUT_BOOK
    condition = re.split(r"\bWHERE\b|\bON\b", statement, maxsplit=1, flags=re.IGNORECASE)
    return bool(tables) and (len(condition) < 2 or not ON_BOOK.search(condition[1]))


@pytest.mark.parametrize(
    ("statement", "is_without"),
    [
        ("SELECT a FROM ledger.entry WHERE account_id = 1", True),
        ('SELECT "ledger"."entry"."book_id" FROM "ledger"."entry" WHERE id = 1', True),
        ("SELECT count(*) FROM ledger.transfer", True),
        ("SELECT a FROM ledger.entry WHERE book_id = 1 AND account_id = 1", False),
        ('SELECT 1 FROM "ledger"."entry" WHERE "ledger"."entry"."book_id" = 3', False),
        ("SELECT * FROM ledger.book WHERE owner_key = 'x'", False),
        ("SELECT * FROM ledger.post(1, 'k')", False),
        ("SELECT 1 FROM accounts_user WHERE id = 1", False),
    ],
)
def test_guard_sees_what_it_should(statement, is_without):
    assert asks_without_book(statement) is is_without


@contextmanager
def watched():
    """Every statement of the web role in the block, those that name no book."""
    seen: list[str] = []

    def look(execute, sql, params, many, context):
        if asks_without_book(str(sql)):
            seen.append(re.sub(r"\s+", " ", str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield seen


@pytest.mark.django_db
def test_statements_of_the_ledger_carry_their_book(cast, django_capture_on_commit_callbacks):
    stage = Stage(cast)
    scenes = [getattr(stage, path)() for path in PATHS]

    with watched() as seen:
        for scene in scenes:
            with django_capture_on_commit_callbacks(execute=True):
                scene.act()
        for account in LedgerAccount.objects.filter(book_id=stage.bank.book_id)[:3]:
            balance_of(account)
            statement_of(account)
            open_holds_of(account)
            totals_by_month(account)
            balance_curve(account)
        seal_book(stage.bank.book)
        assert differences_in(stage.bank.book) == []
        assert list(rows_of_book(stage.bank.book))[-1]["type"] == "end"

    assert [one for one in sorted(set(seen)) if not one.startswith(ASKS_ALL_BOOKS)] == []


# Whose page, which, of what.
PAGES = [
    ("anan", "home", ""),
    ("anan", "timebank:statement", ""),
    ("anan", "timebank:passbook", ""),
    ("chen", "timebank:account-list", ""),
    ("anan", "timebank:account-detail", "account"),
    ("fan", "timebank:account-detail", "account"),
    ("anan", "timebank:statement-export", "account csv"),
    ("jin", "timebank:book-list", ""),
    ("fan", "timebank:book-detail", "book"),
    ("fan", "timebank:book-trial", "book"),
    ("fan", "timebank:limit-list", "book"),
    ("fan", "timebank:position-list", ""),
    ("anan", "timebank:transfer-detail", "transfer"),
    ("fan", "timebank:reversal-new", "transfer"),
    ("fan", "timebank:adjustment-new", "account"),
    ("jin", "timebank:correction-list", ""),
    ("fan", "timebank:correction-detail", "correction"),
]


@pytest.mark.django_db
def test_pages_of_the_ledger_name_the_books_they_look_in(cast, client):
    bank = make_bank()
    record = make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    account = account_of(cast.anan, bank)
    things = {
        "book": bank.book_id,
        "account": account.pk,
        "transfer": record.credit_id,
        "correction": make_adjustment(bank, account, cast.fan).pk,
    }

    with watched() as seen:
        for who, name, of in PAGES:
            client.force_login(getattr(cast, who))
            page = client.get(reverse(name, args=[things.get(one, one) for one in of.split()]))
            assert page.status_code == 200, (who, name)

    assert seen == []


def test_no_other_table_keeps_a_balance():
    """Columns that count up and down stand in the ledger; elsewhere amounts are of one event."""
    kept = re.compile(r"balance|posted|available|结余")
    found = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if not model._meta.db_table.startswith('"ledger"')
        for field in model._meta.concrete_fields
        if isinstance(field, models.IntegerField)
        and not field.is_relation
        and kept.search(f"{field.name} {field.verbose_name}")
    ]

    assert found == []
