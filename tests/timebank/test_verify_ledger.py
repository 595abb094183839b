"""verify_ledger names what somebody with the owner's rights changed behind the ledger's back."""

import json
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.factories.timebank_ledger import give, make_account, make_book, make_user
from timebank.models.ledger import TransferKind
from timebank.selectors import ledger_code
from timebank.selectors.audit import differences_in, differences_in_code
from timebank.services.holds import place_hold, settle_hold
from timebank.services.ledger import post_transfer, reverse_transfer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def chen():
    return make_user()


@pytest.fixture
def book(chen):
    """安安 earned 90 + 30, gave 20, holds 10, was settled 15; 30 was reversed."""
    book = make_book(chen, owner_key="test:verify")
    anan, bai = make_account(book, "安安"), make_account(book, "白奶奶")
    give(anan, 90, acting_user=chen)
    wrong = give(anan, 30, acting_user=chen)
    post_transfer(
        book=book,
        from_account=anan,
        to_account=bai,
        amount=20,
        kind=TransferKind.GIFT,
        reason="",
        source="test:1",
        key="gift",
        acting_user=chen,
    )
    for number, amount in enumerate((10, 15)):
        hold = place_hold(
            anan, amount=amount, to_account=bai, source="o:1", key=f"h:{number}", reason="",
            acting_user=chen,
        )  # fmt: skip
    settle_hold(hold, key="s:1", acting_user=chen)
    reverse_transfer(wrong, reason="记错了", key="r:1", acting_user=chen)
    return book


def tamper(statement: str) -> None:
    """What a superuser can do who switches the walls off."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET search_path = ledger, public")
        try:
            cursor.execute(statement)
        finally:
            cursor.execute("RESET session_replication_role")
            cursor.execute("RESET search_path")


@contextmanager
def using_the_owners_connection():
    """Let the selectors look through the owner's open transaction, which nobody else can see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_code, "connection", connections["owner"])
        yield


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=out)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue()
    return 0, out.getvalue()


AN = "(SELECT id FROM account WHERE label = '安安')"
A_GIFT = "(SELECT id FROM transfer WHERE kind = 'gift')"


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        (f"UPDATE account SET posted = posted + 1 WHERE id = {AN}",
         {"posted_is_sum_of_entries", "posted_is_last_balance"}),
        (f"UPDATE account SET held = held + 1 WHERE id = {AN}", {"held_is_sum_of_open_holds"}),
        (f"UPDATE account SET seq = seq + 1 WHERE id = {AN}", {"numbers_without_gap"}),
        (f"UPDATE account SET debt = debt + 1 WHERE id = {AN}", {"within_limits"}),
        (f"UPDATE entry SET amount = amount - 1 WHERE transfer_id = {A_GIFT} AND amount < 0",
         {"book_sums_to_zero", "transfer_sums_to_zero", "posted_is_sum_of_entries",
          "balance_follows_from_the_one_before"}),
        (f"UPDATE entry SET amount = amount * 2 WHERE transfer_id = {A_GIFT}",
         {"posted_is_sum_of_entries", "balance_follows_from_the_one_before"}),
        ("UPDATE entry SET balance_after = balance_after + 1"
         f" WHERE transfer_id = {A_GIFT} AND amount < 0", {"balance_follows_from_the_one_before"}),
        (f"DELETE FROM entry WHERE transfer_id = {A_GIFT}",
         {"transfer_sums_to_zero", "posted_is_sum_of_entries", "numbers_without_gap",
          "balance_follows_from_the_one_before"}),
        (f"DELETE FROM transfer WHERE id = {A_GIFT}",
         {"entry_has_its_transfer_and_account", "key_has_its_answer"}),
        ("UPDATE entry SET account_id = 999999999 WHERE amount = 20",
         {"entry_has_its_transfer_and_account", "posted_is_sum_of_entries"}),
        (f"DELETE FROM idempotency_key WHERE answer_id = {A_GIFT}", {"transfer_has_its_key"}),
        ("DELETE FROM hold_resolution", {"held_is_sum_of_open_holds"}),
        ("UPDATE hold_resolution SET settled_amount = 14", {"settlement_moves_what_it_says"}),
        (f"UPDATE transfer SET reverses_id = {A_GIFT} WHERE kind = 'reversal'",
         {"reversal_mirrors_its_transfer"}),
        (f"UPDATE transfer SET acting_user_id = 999999999 WHERE id = {A_GIFT}",
         {"somebody_acted"}),
    ],
)  # fmt: skip
def test_each_kind_of_tampering_is_named(book, statement, rules):
    assert differences_in(book) == []

    tamper(statement)

    assert {difference.rule for difference in differences_in(book)} >= rules
    assert verify()[0] == 1


def test_good_ledger_leaves_with_0_and_says_what_it_counted(book):
    code, told = verify("--book", "test:verify")

    assert code == 0
    assert "3 accounts, 5 transfers, 10 entries, 2 holds, 5 unsealed" in told
    assert "Every figure bears out." in told


def test_json_stands_alone_and_has_the_common_shape(book):
    code, told = verify("--json")

    report = json.loads(told)
    assert code == 0
    assert set(report) == {
        "command", "ok", "machine", "seconds", "results", "targets", "differences",
    }  # fmt: skip
    assert (report["command"], report["ok"]) == ("verify_ledger", True)
    assert report["differences"] == []
    assert {"name": "test:verify entries", "unit": "rows", "median": 10, "low": 10, "high": 10} in (
        report["results"]
    )


def test_json_names_the_first_differences(book):
    tamper(f"UPDATE account SET posted = posted + 1 WHERE id = {AN}")

    code, told = verify("--json")

    report = json.loads(told)
    assert code == 1
    assert report["ok"] is False
    assert report["differences"][0] == {
        "book": "test:verify",
        "rule": "posted_is_last_balance",
        "subject": f"account {book.accounts.get(label='安安').pk}",
        "expected": "55",
        "found": "56",
    }


def test_a_good_book_beside_a_bad_one_is_not_blamed(book, chen):
    other = make_book(chen)
    give(make_account(other, "桐乡的人"), 60, acting_user=chen)
    tamper(f"UPDATE account SET posted = posted + 1 WHERE id = {AN}")

    assert differences_in(other) == []
    assert differences_in(book) != []


def test_unknown_book_is_one_clear_sentence():
    with pytest.raises(CommandError, match="There is no book of nobody"):
        verify("--book", "nobody")


@pytest.mark.parametrize(
    ("statement", "rule", "subject"),
    [
        ("CREATE OR REPLACE FUNCTION refuse(p_state text, p_facts jsonb) RETURNS void"
         " LANGUAGE plpgsql AS $$ BEGIN END $$", "function_is_as_written", "function refuse"),
        ("ALTER TABLE entry DISABLE TRIGGER entries_are_append_only",
         "trigger_is_as_written", "trigger entries_are_append_only"),
        ("GRANT UPDATE ON account TO qicai_web", "rights_are_as_written", "table account"),
        ("GRANT EXECUTE ON FUNCTION leaves TO qicai_web",
         "rights_are_as_written", "function leaves"),
        ("INSERT INTO version (file_hash) VALUES ('0')",
         "ledger_is_of_this_version", "schema ledger"),
    ],
)  # fmt: skip
def test_a_changed_ledger_is_named_though_its_figures_bear_out(book, statement, rule, subject):
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SET LOCAL search_path = ledger")
        try:
            cursor.execute(statement)
            with using_the_owners_connection():
                found = differences_in_code()
        finally:
            cursor.execute("ROLLBACK")

    assert [(one.rule, one.subject) for one in found] == [(rule, subject)]
    assert differences_in_code() == []
