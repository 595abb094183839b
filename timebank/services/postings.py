"""Many postings answered one by one, and one amount shared out over several accounts.

The rules are in `timebank/sql/ledger.sql` (`post_each`, `post_shared`); the plain verbs, and the
batch that is all or nothing, are in `services.ledger`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models.people import User
from timebank.errors.ledger import LedgerRefusal
from timebank.models.ledger import Book, LedgerAccount, Transfer
from timebank.services.ledger import Posting, in_json
from timebank.services.ledger_call import call_ledger, read_row, refusal_for


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one posting: its transfer, new or of an earlier time; or why not."""

    transfer_id: int | None
    is_new: bool
    refusal: LedgerRefusal | None = None


def post_each(book: Book, postings: Sequence[Posting], *, acting_user: User) -> list[RowAnswer]:
    """Post those that can be posted, in one call; an answer for each, in order.

    Limits hold as if the postings came one after the other, those that are refused left out: what
    stands against one is its answer, with the facts of `post_transfer`'s refusals and `row` (from
    0). Nothing of it stays, its key neither, so the same batch may be asked again: what is posted
    is answered as such, what was refused is tried anew. Each key stands once in a batch.
    """
    if not postings:
        return []
    (rows,) = call_ledger("post_each", book.pk, in_json(postings), acting_user.pk)
    return [
        RowAnswer(
            row.get("transfer"),
            row["answer"] == "posted",
            refusal_for(row["code"], row["facts"]) if row["answer"] == "refused" else None,
        )
        for row in json.loads(rows)
    ]


def post_shared(
    book: Book,
    ways: Sequence[tuple[LedgerAccount, LedgerAccount]],
    *,
    amount: int,
    of_cause: bool = False,
    kind: str,
    reason: str,
    source: str,
    key: str,
    acting_user: User,
) -> Transfer:
    """Move an amount over several ways at once, each from an account to another of its owner.

    Each way bears its share of what its giver has, to the unit; with `of_cause` of what this
    `source` brought to the giver and has not taken away since, so that it goes back where it came
    from. The first way tells the request from others, so a way that is added later comes after it.
    The same key with the same facts gives the first transfer again, however it was shared.
    Refused: `NotEnoughHours` / `NotEnoughMoney` when all together have not enough,
    `AccountFrozen`, `AccountSuspended`, `AccountClosed`, `NothingToMove`, `KeyUsedForOther`.
    """
    row = call_ledger(
        "post_shared",
        book.pk,
        key,
        [giver.pk for giver, _taker in ways],
        [taker.pk for _giver, taker in ways],
        amount,
        of_cause,
        str(kind),
        reason,
        source,
        "",
        None,
        acting_user.pk,
        None,
    )
    return read_row(Transfer, row)
