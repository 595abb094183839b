"""Somebody with a superuser's rights edits, deletes, inserts or reorders what was sealed, and may
even make the whole chain anew: judged by heads kept outside, it is found, and found where it is.

The database's own recount and the stand-alone verifier, which reads nothing but an export, must
come to the same verdict. A thousand rows under `-m long`.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.db import connections
from hypothesis import core

from tests.factories.timebank_ledger import make_account, make_book, make_issuance, make_user
from timebank.models.ledger import Leg, Transfer
from timebank.models.sealing import Block
from timebank.selectors.audit import PublishedBlock, differences_from_published, differences_in
from timebank.services.holds import place_hold, settle_hold
from timebank.services.ledger import Posting, post_batch, post_transfer
from timebank.services.sealed_export import rows_of_book
from timebank.services.sealing import erase_reason, seal_book
from timebank.standalone import verify_book

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

BATCHES, PER_BATCH, BLOCK = 6, 20, 10
FORGED = 10_000_000  # added to a number, for rows that never were
KEPT = ("transfer", "entry", "block", "head")
OF_THE_SEAL = {
    "block_follows_the_one_before",
    "block_has_its_hash",
    "head_is_the_last_block",
    "sealed_transfer_is_unchanged",
    "transfer_is_sealed_once",
    "settled_transfer_is_sealed",
    "published_head_stands",
    "erased_words_stay_erased",
}
EDITS = [
    "UPDATE transfer SET happened_at = happened_at + interval '1 day' WHERE id = {id}",
    "UPDATE transfer SET recorded_at = recorded_at - interval '1 microsecond' WHERE id = {id}",
    "UPDATE transfer SET source = source || '0' WHERE id = {id}",
    "UPDATE transfer SET kind = 'gift' WHERE id = {id}",
    "UPDATE transfer SET policy_version = '2099-1' WHERE id = {id}",
    "UPDATE transfer SET reason = reason || '。' WHERE id = {id}",
    "UPDATE transfer SET acting_user_id = acting_user_id + 1 WHERE id = {id}",
    "UPDATE transfer SET on_behalf_of_id = 1 WHERE id = {id}",
    "UPDATE entry SET amount = amount * 2 WHERE transfer_id = {id}",
    "UPDATE entry SET balance_after = balance_after + 1 WHERE transfer_id = {id}",
    "UPDATE entry SET account_id = -account_id WHERE transfer_id = {id}",
]
DELETION = "DELETE FROM entry WHERE transfer_id = {id}; DELETE FROM transfer WHERE id = {id}"
INSERTION = """
    INSERT INTO transfer (id, book_id, kind, reason, source, policy_version, happened_at,
                          recorded_at, acting_user_id, epoch, xid)
    SELECT {new}, book_id, kind, '', source, '', happened_at, recorded_at, acting_user_id, epoch,
           xid
      FROM transfer WHERE id = {id};
    INSERT INTO entry (id, book_id, transfer_id, account_id, amount)
    SELECT id + {new}, book_id, {new}, account_id, amount FROM entry WHERE transfer_id = {id}
"""
SWAP = """
    UPDATE block SET transfers = (
        SELECT array_agg(CASE t WHEN {id} THEN {other} WHEN {other} THEN {id} ELSE t END
                         ORDER BY place) FROM unnest(transfers) WITH ORDINALITY AS s (t, place))
     WHERE book_id = {book} AND {id} = ANY (transfers)
"""


@dataclass(frozen=True)
class Tampering:
    """What is done to which transfer, and whether the chain is made anew afterwards."""

    how: str
    transfer: int
    block: int
    statement: str
    covers_up: bool


class Keep:
    """A sealed book, its published heads, and the rows as they were."""

    def __init__(self) -> None:
        chen = make_user()
        self.book = make_book(chen)
        issuance = make_issuance(self.book)
        people = [make_account(self.book, f"第{n}人") for n in range(8)]
        for batch in range(BATCHES):
            rows = [
                Posting(
                    legs=Leg.pair(from_account=issuance, to_account=people[n % 8], amount=30 + n),
                    kind="reward",
                    reason="为白奶奶理发",
                    source=f"test:{batch}:{n}",
                    key=f"k:{batch}:{n}",
                )
                for n in range(PER_BATCH - 2)
            ]
            ids = post_batch(self.book, rows, acting_user=chen)
            hold = place_hold(
                people[0], amount=20, to_account=people[1], source="o:1", key=f"h:{batch}",
                reason="陪白奶奶就医", acting_user=chen,
            )  # fmt: skip
            settle_hold(hold, amount=15, key=f"s:{batch}", acting_user=chen)
            post_transfer(
                book=self.book,
                legs=[Leg(people[2], -10), Leg(people[3], 4), Leg(people[4], 6)],
                kind="use", reason="两人一起", source="o:2", key=f"u:{batch}", acting_user=chen,
            )  # fmt: skip
        erase_reason(Transfer.objects.get(pk=ids[0]), why="本人要求", acting_user=chen)
        seal_book(self.book, block_size=BLOCK)
        blocks = Block.objects.filter(book=self.book).order_by("number")
        self.block_of = {pk: block.number for block in blocks for pk in block.transfers}
        self.heads = [
            PublishedBlock(self.book.pk, block.number, bytes(block.hash).hex()) for block in blocks
        ]
        for table in KEPT:
            superuser(f"CREATE TABLE public.kept_{table} AS TABLE ledger.{table}")

    def put_back(self) -> None:
        for table in KEPT:
            superuser(
                f"DELETE FROM {table} WHERE book_id IN ({self.book.pk}, -{self.book.pk});"
                f"INSERT INTO {table} SELECT * FROM public.kept_{table}"
                f" WHERE book_id = {self.book.pk}"
            )

    def throw_away(self) -> None:
        for table in KEPT:
            superuser(f"DROP TABLE public.kept_{table}")

    def tampering(self, chance: Random) -> Tampering:
        how = chance.choice(["edit"] * 4 + ["delete", "insert", "reorder"])
        numbers = sorted(self.block_of)
        if how == "insert":
            numbers.pop()  # what comes after the last belongs to the tail, which nothing seals yet
        number = chance.choice(numbers)
        block = self.block_of[number]
        others = [pk for pk, its in self.block_of.items() if its == block and pk != number]
        statement = {
            "edit": chance.choice(EDITS),
            "delete": DELETION,
            "insert": INSERTION,
            "reorder": SWAP,
        }[how]
        facts = {
            "id": number,
            "new": number + FORGED,
            "other": chance.choice(others),
            "book": self.book.pk,
        }
        return Tampering(how, number, block, statement.format(**facts), chance.random() < 0.4)


def superuser(statement: str):
    """Whoever may do everything, with the walls switched off."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica; SET search_path = ledger, public;" + statement
        )
        rows = cursor.fetchall() if cursor.description else []
        cursor.execute("RESET session_replication_role; RESET search_path")
    return rows


def make_chain_anew(keep: Keep, tampering: Tampering) -> None:
    """Hash everything again from the tampered block on, as somebody who knows how would."""
    book = keep.book.pk
    now_in_block = {
        "delete": f"array_remove(b.transfers, {tampering.transfer}::bigint)",
        "insert": f"b.transfers || {tampering.transfer + FORGED}::bigint",
    }
    for number in range(tampering.block, len(keep.heads) + 1):
        transfers = "b.transfers"
        if number == tampering.block:
            transfers = now_in_block.get(tampering.how, transfers)
        superuser(
            f"""
            UPDATE block AS b SET transfers = {transfers}, leaves = (
                   SELECT string_agg(l.leaf, ''::bytea ORDER BY s.place)
                     FROM unnest({transfers}) WITH ORDINALITY AS s (id, place)
                     JOIN leaves({book}, -9223372036854775808, 9223372036854775807) AS l
                          ON l.transfer_id = s.id)
             WHERE book_id = {book} AND number = {number};
            UPDATE block AS b SET previous_hash = p.hash FROM block AS p
             WHERE b.book_id = {book} AND b.number = {number}
               AND p.book_id = {book} AND p.number = {number - 1};
            UPDATE block SET
                   hash = hash_of_block(book_id, number, sealed_at, previous_hash, leaves)
             WHERE book_id = {book} AND number = {number};
            UPDATE head SET hash = b.hash FROM block AS b
             WHERE head.book_id = {book} AND b.book_id = {book} AND b.number = {number}
            """
        )


def by_database(keep: Keep) -> set[tuple[str, str]]:
    found = [*differences_in(keep.book), *differences_from_published(keep.heads)]
    return {(one.rule, one.subject) for one in found}


def by_verifier(keep: Keep) -> set[tuple[str, str]]:
    book = verify_book.read(json.dumps(row) for row in rows_of_book(keep.book))
    verify_book.check_accounts(book)
    verify_book.check_heads(book, [(head.number, head.hash) for head in keep.heads])
    return {(one.rule, one.subject) for one in book.differences}


def of_seal(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {one for one in found if one[0] in OF_THE_SEAL}


def located(keep: Keep, tampering: Tampering, found: set[tuple[str, str]]) -> bool:
    """At the transfer while the leaves are intact; else at the first block that was published."""
    if ("erased_words_stay_erased", f"transfer {tampering.transfer}") in found:
        return True  # words written again where they were erased: no hash covers them
    if tampering.covers_up:
        broken = {subject for rule, subject in found if rule == "published_head_stands"}
        name = f"book {keep.book.pk} block {{}}"
        first = next(one.number for one in keep.heads if name.format(one.number) in broken)
        return first == tampering.block
    if tampering.how == "insert":
        return ("settled_transfer_is_sealed", f"transfer {tampering.transfer + FORGED}") in found
    where = f"transfer {tampering.transfer} in block {tampering.block}"
    return ("sealed_transfer_is_unchanged", where) in found


@pytest.mark.parametrize("rows", [20, pytest.param(1000, marks=pytest.mark.long)])
def test_all_tampering_is_found_and_located_by_both(rows, capsys):
    keep = Keep()
    chance = Random(core.global_force_seed)
    assert by_database(keep) == by_verifier(keep) == set()
    done = []
    try:
        for _ in range(rows):
            tampering = keep.tampering(chance)
            superuser(tampering.statement)
            if tampering.covers_up:
                make_chain_anew(keep, tampering)
            database, verifier = by_database(keep), by_verifier(keep)
            keep.put_back()

            assert of_seal(database) == of_seal(verifier), tampering
            assert located(keep, tampering, database), (tampering, database)
            done.append((tampering.how, tampering.covers_up))
        assert by_database(keep) == by_verifier(keep) == set()
    finally:
        keep.throw_away()
    with capsys.disabled():
        kinds = {kind: done.count(kind) for kind in sorted(set(done))}
        print(f"\ntampered rows found and located: {len(done)} of {rows}, {kinds}")


def test_verifier_stands_alone_and_reads_what_the_command_writes(tmp_path):
    """Another Python, isolated, without site packages and without our folder."""
    keep = Keep()
    keep.throw_away()
    export, heads = tmp_path / "book.jsonl", tmp_path / "heads.jsonl"
    call_command("export_book", keep.book.owner_key, to=export, with_reasons=True)
    lines = [{"book": one.book_id, "number": one.number, "hash": one.hash} for one in keep.heads]
    heads.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def verify(*more: str) -> subprocess.CompletedProcess[str]:
        program = Path(verify_book.__file__)
        return subprocess.run(
            [sys.executable, "-I", "-S", str(program), str(export), "--heads", str(heads), *more],
            capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    good = verify()
    text = export.read_text()
    export.write_text(text.replace("为白奶奶理发", "为白奶奶烫发", 1))
    changed = json.loads(verify("--json").stdout)
    export.write_text(text[: text.rindex('{"type": "end"')])
    cut = verify()

    assert good.returncode == 0, good.stdout + good.stderr
    assert f"{len(keep.heads)} published heads" in good.stdout
    assert not changed["ok"]
    assert [one["rule"] for one in changed["differences"]] == ["sealed_transfer_is_unchanged"]
    assert cut.returncode == 1
    assert "export_is_whole" in cut.stdout
    assert "白奶奶" not in "".join(json.dumps(row) for row in rows_of_book(keep.book))
