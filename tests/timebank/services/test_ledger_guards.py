"""The database's own walls: what the web role may not do, and what nobody may."""

import pytest
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connections, transaction

from tests.factories.timebank_ledger import give, make_account, make_book, make_user
from timebank.models.ledger import Entry, Transfer
from timebank.selectors.statements import balance_of

TABLES = [
    "book", "account", "transfer", "entry", "hold", "hold_resolution", "idempotency_key",
    "account_change", "limit_policy", "block", "head", "epoch", "erasure", "version",
]  # fmt: skip
VERBS = {
    "open_book", "open_account", "set_policy", "apply_policy", "set_limits", "set_state", "close",
    "post", "post_batch", "post_each", "post_openings", "post_shared", "credit", "reverse",
    "place_hold", "settle", "release", "expire_holds", "seal", "erase_reason",
    "differences", "seal_differences", "gather_statistics",
}  # fmt: skip
WRITTEN_ONCE = [table for table in TABLES if table not in ("account", "head")]
A_COLUMN = {
    "hold_resolution": "hold_id", "idempotency_key": "key", "block": "book_id", "head": "book_id",
    "epoch": "number", "erasure": "book_id", "version": "file_hash",
}  # fmt: skip
INTERNAL = [
    "ledger.move_uncounted(1, 1, '{}', '{}', 0, true, true)",
    "ledger.claim_key(1, 'k', 'post', ''::bytea, 1)",
    "ledger.write_transfer("
    "1, 1, '{}', '{}', 'k', '', '', '', NULL, 1, NULL, NULL, NULL, 0, true, true)",
    "ledger.refuse('QC001', '{}')",
]


def attempt(alias, statement):
    """Run one statement as a role; what it raised is undone."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(statement)


def statements_against(table):
    column = A_COLUMN.get(table, "id")
    return {
        "insert": f"INSERT INTO ledger.{table} DEFAULT VALUES",
        "update": f"UPDATE ledger.{table} SET {column} = {column}",
        "delete": f"DELETE FROM ledger.{table}",
        "truncate": f"TRUNCATE ledger.{table} CASCADE",
    }


GRANTED = """
    SELECT 'table ' || c.relname FROM pg_class AS c
     WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND (has_table_privilege(%(web)s, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
            OR has_any_column_privilege(%(web)s, c.oid, 'INSERT, UPDATE'))
    UNION ALL
    SELECT 'sequence ' || c.relname FROM pg_class AS c
     WHERE c.relnamespace = 'ledger'::regnamespace
       AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(%(web)s, c.oid, 'USAGE, UPDATE') END
    UNION ALL
    SELECT 'function ' || p.proname FROM pg_proc AS p
     WHERE p.pronamespace = 'ledger'::regnamespace
       AND has_function_privilege(%(web)s, p.oid, 'EXECUTE')
    UNION ALL
    SELECT 'function elsewhere ' || p.proname FROM pg_proc AS p
     WHERE p.prosecdef AND p.pronamespace <> 'ledger'::regnamespace
       AND p.proowner IN ('ledger'::regrole, (SELECT relowner FROM pg_class
                                              WHERE oid = 'ledger.entry'::regclass))
    UNION ALL
    SELECT 'schema' WHERE has_schema_privilege(%(web)s, 'ledger', 'CREATE')
    UNION ALL
    SELECT 'role ' || r.rolname FROM pg_roles AS r
     WHERE r.rolname <> %(web)s AND pg_has_role(%(web)s, r.oid, 'MEMBER')
"""


@pytest.mark.django_db
def test_web_role_may_call_the_verbs_and_nothing_else():
    """Whatever tables and functions the ledger has, and whoever was granted what on the way."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, relname FROM pg_class"
            " WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'"
        )
        rows = cursor.fetchall()
        cursor.execute(GRANTED, {"web": rows[0][0]})
        granted = {name for (name,) in cursor.fetchall()}

    assert {role for role, _table in rows} == {settings.WEB_DATABASE_ROLE}
    assert {table for _role, table in rows} == set(TABLES)
    assert granted == {f"function {verb}" for verb in VERBS}


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["insert", "update", "delete", "truncate"])
@pytest.mark.parametrize("table", TABLES)
def test_web_role_writes_no_table(table, verb):
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt("default", statements_against(table)[verb])


@pytest.mark.django_db
@pytest.mark.parametrize("call", INTERNAL)
def test_web_role_calls_no_inner_step(call):
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt("default", f"SELECT {call}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE ledger",
        "SET session_replication_role = replica",
        "ALTER TABLE ledger.entry DISABLE TRIGGER ALL",
        "CREATE TABLE ledger.mine (id int)",
        "DROP TRIGGER entries_are_append_only ON ledger.entry",
    ],
)
def test_web_role_cannot_open_the_door(statement):
    with pytest.raises(ProgrammingError):
        attempt("default", statement)


@pytest.mark.django_db
def test_models_are_for_reading():
    chen = make_user()
    anan = make_account(make_book(chen))
    transfer = give(anan, 30, acting_user=chen)

    for write in (
        lambda: Transfer(pk=transfer.pk, book_id=anan.book_id).save(force_insert=True),
        lambda: Entry.objects.filter(transfer_id=transfer.pk).update(amount=1),
        lambda: Entry.objects.filter(transfer_id=transfer.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()

    assert balance_of(anan).posted == 30


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_owner_rewrites_nothing(table, verb):
    with pytest.raises(DatabaseError, match="never rewritten"):
        attempt("owner", statements_against(table)[verb])


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger.account",
        "TRUNCATE ledger.account CASCADE",
        "UPDATE ledger.account SET book_id = 2",
        "UPDATE ledger.account SET owner_key = 'another'",
        "UPDATE ledger.account SET is_counted = false",
    ],
)
def test_owner_neither_removes_nor_hands_over_an_account(statement):
    with pytest.raises(DatabaseError, match="never rewritten"):
        attempt("owner", statement)


BOOK = """
    INSERT INTO ledger.book (id, owner_key, name, unit, opened_by_id)
    VALUES (9001, 'test:walls', '', 'minute', 1), (9002, 'test:walls too', '', 'minute', 1);
    INSERT INTO ledger.account (id, book_id, kind, owner_key, label, floor)
    VALUES (9001, 9001, 'person', 'a', '', 0), (9002, 9001, 'person', 'b', '', 0),
           (9003, 9002, 'person', 'c', '', 0);
    INSERT INTO ledger.transfer (id, book_id, kind, reason, source, policy_version, happened_at,
                                 recorded_at, acting_user_id)
    VALUES (9001, 9001, 'gift', '', 'test:1', '', now(), now(), 1);
"""


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "entries",
    ["(9001, 9001, 9001, 30)", "(9001, 9001, 9001, 30), (9001, 9001, 9002, -29)"],
    ids=["one entry", "not zero"],
)
def test_unbalanced_transfer_does_not_commit_whoever_wrote_it(entries):
    with pytest.raises(DatabaseError, match="entries with the sum"):
        attempt(
            "owner",
            f"{BOOK} INSERT INTO ledger.entry (book_id, transfer_id, account_id, amount)"
            f" VALUES {entries}; SET CONSTRAINTS ALL IMMEDIATE",
        )


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("statement", "wall"),
    [
        ("INSERT INTO ledger.entry (book_id, transfer_id, account_id, amount)"
         " VALUES (9001, 9001, 9001, 1), (9001, 9001, 9001, -1)",
         "entry_once_per_transfer_and_account"),
        ("INSERT INTO ledger.entry (book_id, transfer_id, account_id, amount)"
         " VALUES (9001, 9001, 9001, 0)", "entry_moves_something"),
        ("UPDATE ledger.account SET posted = -1 WHERE id = 9001", "account_within_limits"),
        ("UPDATE ledger.account SET held = 1 WHERE id = 9001", "account_within_limits"),
        ("UPDATE ledger.account SET ceiling = 5, posted = 6 WHERE id = 9001",
         "account_within_limits"),
        ("UPDATE ledger.account SET state = 'closed', posted = 1 WHERE id = 9001", "contradicts"),
        ("INSERT INTO ledger.account (book_id, kind, owner_key, label, stripes)"
         " VALUES (9001, 'pool', 'hot', 'x', 4)", "contradicts"),
    ],
)  # fmt: skip
def test_constraints_hold_for_the_owner_too(statement, wall):
    with pytest.raises(DatabaseError, match=wall):
        attempt("owner", f"{BOOK} {statement}")
