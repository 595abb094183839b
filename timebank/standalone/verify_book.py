#!/usr/bin/env python3
"""Check an exported book of 七彩 against heads that were published. Needs Python 3.11 alone.

    python3 verify_book.py book.jsonl --heads ledger-heads.jsonl
    python3 verify_book.py book.jsonl --head 12:9f86d081…

The export holds the book's transfers with their entries, its accounts, its holds and its blocks.
This program counts everything again, makes every hash again from the bytes it was made of, and
compares the chain with the heads you kept or were sent. Whoever changed a sealed transfer and then
the whole chain after it cannot have changed your copy of a head.

It prints what does not bear out, one line each, and ends with 1; nothing and 0 are the good answer.
What no block holds yet is counted and said: only the database vouches for it.

What is hashed (all numbers 8 bytes, big-endian; an absent number is 0; instants in microseconds
since 2000-01-01 00:00 UTC; texts as their length in bytes, then UTF-8):

    transfer = "qicai:transfer:1" book id epoch xid happened_at recorded_at acting_user on_behalf_of
               reverses hold kind source policy_version reason_hash number-of-entries entries
    entry    = id account amount seq balance_after      in the order of the accounts' numbers
    leaf     = SHA-256(transfer)         reason_hash = SHA-256(salt, UTF-8 of the reason)
    block    = SHA-256("qicai:block:1" book number sealed_at previous number-of-leaves leaves)
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

FORMAT = "qicai:book:1"
SHOWN = 20
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
NOTHING_BEFORE = bytes(32)

Row = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One claim of the book that does not bear out."""

    rule: str
    subject: str
    expected: str
    found: str


@dataclass
class Counted:
    """What was looked at."""

    transfers: int = 0
    entries: int = 0
    accounts: int = 0
    holds: int = 0
    blocks: int = 0
    unsealed: int = 0


@dataclass
class Book:
    """An export as it is read, row by row."""

    id: int = 0
    counted: Counted = field(default_factory=Counted)
    differences: list[Difference] = field(default_factory=list)
    blocks: dict[int, bytes] = field(default_factory=dict)
    sealed: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    head: Row | None = None
    accounts: dict[int, Row] = field(default_factory=dict)
    entries: dict[int, list[tuple[int, int, int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    total: int = 0
    is_whole: bool = False

    def miss(self, rule: str, subject: str, expected: object, found: object) -> None:
        self.differences.append(Difference(rule, subject, str(expected), str(found)))


# Bytes ----------------------------------------------------------------------------------


def whole(number: int | None) -> bytes:
    return (number or 0).to_bytes(8, "big", signed=True)


def text(words: str) -> bytes:
    raw = words.encode()
    return whole(len(raw)) + raw


def instant(written: str) -> bytes:
    return whole((datetime.fromisoformat(written) - BEGINNING) // timedelta(microseconds=1))


def hash_of_reason(row: Row) -> bytes:
    """Of the words where they were exported, so that they are checked too; else as it is given."""
    if row.get("reason") is not None and row.get("salt"):
        return sha256(bytes.fromhex(row["salt"]) + row["reason"].encode()).digest()
    return bytes.fromhex(row["reason_hash"])


def leaf_of(book: int, row: Row) -> bytes:
    """The fingerprint of a transfer with its entries."""
    entries = sorted(row["entries"], key=lambda entry: entry[1])
    return sha256(
        b"qicai:transfer:1"
        + whole(book)
        + whole(row["id"])
        + whole(row["epoch"])
        + whole(row["xid"])
        + instant(row["happened_at"])
        + instant(row["recorded_at"])
        + b"".join(whole(row[n]) for n in ("acting_user", "on_behalf_of", "reverses", "hold"))
        + b"".join(text(row[name]) for name in ("kind", "source", "policy_version"))
        + hash_of_reason(row)
        + whole(len(entries))
        + b"".join(whole(figure) for entry in entries for figure in entry)
    ).digest()


def hash_of_block(book: int, row: Row) -> bytes:
    leaves = [bytes.fromhex(leaf) for leaf in row["leaves"]]
    return sha256(
        b"qicai:block:1"
        + whole(book)
        + whole(row["number"])
        + instant(row["sealed_at"])
        + bytes.fromhex(row["previous"])
        + whole(len(leaves))
        + b"".join(leaves)
    ).digest()


# Row by row -----------------------------------------------------------------------------


def take_block(book: Book, row: Row) -> None:
    """A block follows the one before and has the hash of what it says."""
    number, name = row["number"], f"block {row['number']}"
    before = book.blocks.get(number - 1, NOTHING_BEFORE)
    if number != len(book.blocks) + 1 or bytes.fromhex(row["previous"]) != before:
        book.miss(
            "block_follows_the_one_before",
            name,
            f"number {len(book.blocks) + 1} after {before.hex()}",
            f"after {row['previous']}",
        )
    again = hash_of_block(book.id, row)
    if again.hex() != row["hash"]:
        book.miss("block_has_its_hash", name, again.hex(), row["hash"])
    book.blocks[number] = bytes.fromhex(row["hash"])
    book.counted.blocks += 1
    for transfer, leaf in zip(row["transfers"], row["leaves"], strict=True):
        if transfer in book.sealed:
            book.miss("transfer_is_sealed_once", f"transfer {transfer}", "1 block", "2 blocks")
        book.sealed[transfer] = (number, bytes.fromhex(leaf))


def take_transfer(book: Book, row: Row, seen: set[int]) -> None:
    """A transfer sums to zero, and is the one that was sealed."""
    name = f"transfer {row['id']}"
    seen.add(row["id"])
    book.counted.transfers += 1
    book.counted.entries += len(row["entries"])
    total = sum(entry[2] for entry in row["entries"])
    book.total += total
    if total or len(row["entries"]) < 2:
        book.miss(
            "transfer_sums_to_zero", name, "0 over 2 entries or more",
            f"{total} over {len(row['entries'])}",
        )  # fmt: skip
    if row.get("has_words_again"):  # after they were erased: no hash covers what was written since
        book.miss("erased_words_stay_erased", name, "no words", "words")
    for number, account, amount, seq, after in row["entries"]:
        book.entries[account].append((seq or 0, number, amount, after or 0))
    if row["id"] not in book.sealed:
        book.counted.unsealed += 1
        if book.head and (row["epoch"], row["xid"], row["id"]) <= (
            book.head["epoch"], book.head["xid"], book.head["transfer"],
        ):  # fmt: skip
            book.miss("settled_transfer_is_sealed", name, "in a block", "in none")
        return
    block, leaf = book.sealed[row["id"]]
    again = leaf_of(book.id, row)
    if again != leaf:
        book.miss(
            "sealed_transfer_is_unchanged", f"{name} in block {block}", leaf.hex(), again.hex()
        )


def read(lines: Iterable[str]) -> Book:
    """Read an export and check all that can be checked on the way."""
    book, seen = Book(), set[int]()
    for line in lines:
        row = json.loads(line)
        match row["type"]:
            case "book":
                if row["format"] != FORMAT:
                    raise SystemExit(f"This is not an export of the kind {FORMAT}.")
                book.id = row["id"]
            case "head":
                book.head = row
            case "block":
                take_block(book, row)
            case "transfer":
                take_transfer(book, row, seen)
            case "account":
                book.accounts[row["id"]] = row
                book.counted.accounts += 1
            case "hold":
                book.counted.holds += 1
                if row["is_open"]:
                    book.held[row["account"]] += row["amount"]
            case "end":
                book.is_whole = row["transfers"] == book.counted.transfers
    for transfer in sorted(book.sealed.keys() - seen):
        block, leaf = book.sealed[transfer]
        book.miss(
            "sealed_transfer_is_unchanged", f"transfer {transfer} in block {block}", leaf.hex(),
            "no such transfer",
        )  # fmt: skip
    return book


# The whole ------------------------------------------------------------------------------


def check_accounts(book: Book) -> None:
    """Every account is what its entries say, line after line."""
    if book.total:
        book.miss("book_sums_to_zero", f"book {book.id}", 0, book.total)
    for number in sorted(book.entries.keys() - book.accounts.keys()):
        for _, entry, _, _ in book.entries[number]:
            book.miss(
                "entry_has_its_transfer_and_account", f"entry {entry}", "both",
                f"no account {number}",
            )  # fmt: skip
    for number, account in sorted(book.accounts.items()):
        name = f"account {number}"
        if account["held"] != book.held[number]:
            book.miss("held_is_sum_of_open_holds", name, book.held[number], account["held"])
        if account["is_counted"]:
            check_counted(book, name, account, sorted(book.entries[number]))


def check_counted(
    book: Book, name: str, account: Row, entries: list[tuple[int, int, int, int]]
) -> None:
    before = 0
    for _, entry, amount, after in entries:
        if after != before + amount:
            book.miss(
                "balance_follows_from_the_one_before", f"entry {entry}", before + amount, after
            )
        before = after
    total = sum(amount for _, _, amount, _ in entries)
    if account["posted"] != total:
        book.miss("posted_is_sum_of_entries", name, total, account["posted"])
    if account["posted"] != before:
        book.miss("posted_is_last_balance", name, before, account["posted"])
    if [seq for seq, _, _, _ in entries] != list(range(1, account["seq"] + 1)):
        book.miss("numbers_without_gap", name, f"1 to {account['seq']}", f"{len(entries)} entries")
    available = account["posted"] - account["held"]
    floor, ceiling = account["floor"], account["ceiling"]
    if (floor is not None and available < floor - account["debt"]) or (
        ceiling is not None and account["posted"] > ceiling
    ):
        book.miss("within_limits", name, f"{floor} to {ceiling}", account["posted"])


def check_heads(book: Book, heads: Iterable[tuple[int, str]]) -> int:
    """The chain leads to every head that was kept; how many there were."""
    kept = 0
    for number, kept_hash in heads:
        kept += 1
        now = book.blocks[number].hex() if number in book.blocks else "no such block"
        if now != kept_hash:
            book.miss("published_head_stands", f"book {book.id} block {number}", kept_hash, now)
    last = max(book.blocks, default=0)
    if book.head and (book.head["number"], book.head["hash"]) != (
        last, book.blocks[last].hex() if last else NOTHING_BEFORE.hex(),
    ):  # fmt: skip
        book.miss("head_is_the_last_block", f"book {book.id}", book.head["number"], last)
    return kept


def heads_in(path: str, book: int) -> Iterator[tuple[int, str]]:
    """The heads of one book in a file of published heads, one JSON object a line."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                row = json.loads(line)
                if row["book"] == book:
                    yield row["number"], row["hash"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check an exported book against published heads.")
    parser.add_argument("export", help="the file that export_book wrote; - reads standard input")
    parser.add_argument("--heads", action="append", default=[], help="a file of published heads")
    parser.add_argument("--head", action="append", default=[], help="one head: NUMBER:HASH")
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    asked = parser.parse_args(arguments)
    if asked.export == "-":
        book = read(sys.stdin)
    else:
        with open(asked.export, encoding="utf-8") as file:
            book = read(file)
    check_accounts(book)
    heads = [head for path in asked.heads for head in heads_in(path, book.id)]
    for head in asked.head:
        number, _, kept_hash = head.partition(":")
        heads.append((int(number), kept_hash))
    kept = check_heads(book, heads)
    if not book.is_whole:
        book.miss("export_is_whole", f"book {book.id}", "a last line", "none, or other counts")
    tell(book, kept, in_json=asked.json)
    return 1 if book.differences else 0


def tell(book: Book, kept: int, *, in_json: bool) -> None:
    if in_json:
        report = {
            "command": "verify_book",
            "ok": not book.differences,
            "book": book.id,
            "counted": asdict(book.counted),
            "heads": kept,
            "differences": [asdict(difference) for difference in book.differences],
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    counts = ", ".join(f"{number} {name}" for name, number in asdict(book.counted).items())
    print(f"book {book.id}: {counts}; compared with {kept} published heads")
    for one in book.differences[:SHOWN]:
        print(f"  {one.rule}: {one.subject} should be {one.expected}, is {one.found}")
    if len(book.differences) > SHOWN:
        print(f"  and {len(book.differences) - SHOWN} more")
    print(f"{len(book.differences)} differences." if book.differences else "Everything bears out.")


if __name__ == "__main__":
    sys.exit(main())
