"""A ledger of an earlier file gets this one's functions; its tables are looked at first."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.factories.timebank_ledger import give, make_account, make_book, make_user
from timebank.selectors.audit import differences_in, differences_in_code
from timebank.selectors.statements import balance_of
from timebank.services.ledger import reverse_transfer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

# What an earlier version could have left: another body, another signature still granted, a function
# and a trigger that are gone or were not there yet.
EARLIER = """
SET ROLE ledger;
CREATE OR REPLACE FUNCTION ledger.room_on(p_account ledger.account, p_policy ledger.limit_policy)
    RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint';
CREATE FUNCTION ledger.post(p_book bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION ledger.shift(p_book bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
GRANT EXECUTE ON FUNCTION ledger.post(bigint), ledger.shift TO qicai_web;
DROP TRIGGER entries_are_append_only ON ledger.entry;
DROP FUNCTION ledger.release;
RESET ROLE
"""


def by_hand(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def install(*arguments: str) -> str:
    out = StringIO()
    call_command("install_ledger", *arguments, stdout=out)
    return out.getvalue()


@contextmanager
def after_an_earlier_file():
    """As if the functions of another file were the last ones installed; put right at the end."""
    by_hand(EARLIER)
    by_hand("INSERT INTO ledger.version (file_hash) VALUES ('earlier')")
    try:
        yield
    finally:
        install("--again")


def test_functions_of_an_earlier_file_are_put_right_once():
    chen = make_user()
    account = make_account(make_book(chen))
    given = give(account, 90, acting_user=chen)
    assert "Nothing to do" in install()

    with after_an_earlier_file():
        found = {one.subject for one in differences_in_code()}
        said = install()

        assert found >= {
            "schema ledger", "function room_on", "function post", "function shift",
            "function release", "trigger entries_are_append_only",
        }  # fmt: skip
        assert "was earlier" in said
        assert "Nothing to do" in install()
        assert differences_in_code() == []
    reverse_transfer(given, reason="错", key="r", acting_user=chen)
    assert balance_of(account).posted == 0
    assert differences_in(account.book) == []


def test_tables_that_differ_stop_it_and_nothing_changes():
    with after_an_earlier_file():
        by_hand("ALTER TABLE ledger.hold ADD COLUMN colour text")
        try:
            with pytest.raises(CommandError, match=r"\+ column hold.colour text") as stopped:
                install()
            assert "\n- " not in str(stopped.value)
            assert "function shift" in {one.subject for one in differences_in_code()}
        finally:
            by_hand("ALTER TABLE ledger.hold DROP COLUMN colour")


def test_function_changed_by_hand_is_named_not_mended():
    by_hand(EARLIER)
    try:
        assert "Nothing to do" in install()
        assert "function room_on" in {one.subject for one in differences_in_code()}
    finally:
        install("--again")
    assert differences_in_code() == []
