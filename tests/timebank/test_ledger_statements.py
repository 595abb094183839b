"""Every statement about the ledger names its book, so that a book can stand on its own server."""

import re

import pytest
from django.db import connection

from tests.factories.timebank_ledger import give, make_account, make_book, make_user
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import (
    balance_curve,
    balance_of,
    open_holds_of,
    statement_of,
    totals_by_month,
)
from timebank.services.holds import place_hold, release_hold, settle_hold
from timebank.services.ledger import close_account, freeze_account, reverse_transfer
from timebank.services.sealing import erase_reason, seal_book

pytestmark = pytest.mark.django_db

TABLE = re.compile(r'"?ledger"?\."?(account|transfer|entry|hold|hold_resolution|block)"?\b')
VERB = re.compile(r"ledger\.\w+\(")
NAMES_BOOK = re.compile(r'WHERE.*"?book_id"? = (%s|\d+|\$\d+)', re.DOTALL)


@pytest.fixture
def sent():
    """What goes to the database within the test."""
    statements = []

    def listen(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield statements


def bookless(statements, book):
    """Those about the ledger that do not say which book."""
    for sql, params in statements:
        if VERB.search(sql):
            if not params or params[0] != book.pk:
                yield sql
        elif TABLE.search(sql) and not NAMES_BOOK.search(sql):
            yield sql


def test_every_statement_names_its_book(sent):
    chen = make_user()
    book = make_book(chen)
    anan, bai = make_account(book, "安安"), make_account(book, "白奶奶")
    wrong = give(anan, 90, acting_user=chen)
    holds = [
        place_hold(anan, amount=20, to_account=bai, source="o", key=f"h:{number}", reason="",
                   acting_user=chen)
        for number in range(3)
    ]  # fmt: skip
    del sent[:]

    settle_hold(holds[0], key="s", acting_user=chen)
    release_hold(holds[1], key="x", reason="", acting_user=chen)
    reverse_transfer(wrong, reason="错", key="r", acting_user=chen, allow_debt=True)
    freeze_account(bai, reason="查", acting_user=chen)
    erase_reason(wrong, why="要求", acting_user=chen)
    close_account(make_account(book, "空"), reason="走", acting_user=chen)
    balance_of(anan)
    statement_of(anan)
    open_holds_of(anan)
    totals_by_month(anan)
    balance_curve(anan)
    seal_book(book)
    differences_in(book)

    opened = [one for one in sent if "open_account" not in one[0]]
    assert len(opened) > 15
    assert list(bookless(opened, book)) == []
    assert list(bookless([('SELECT 1 FROM "ledger"."entry" WHERE id = %s', [1])], book))
