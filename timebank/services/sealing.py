"""Seal the ledger, publish where its chains stand, and take a person's words out of it.

A sealed transfer cannot be changed by anybody, superusers included, without the chain of its book
no longer leading to the heads that were published before; so a head is worth what its copies
outside the database are worth. What is hashed, byte by byte, stands in `timebank/sql/ledger.sql`
(section 6) and `docs/ledger.md`; checking the seal is `selectors.audit`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.models import Role, User
from accounts.services.messages import tell
from timebank.models.ledger import Book, Transfer
from timebank.models.sealing import Head
from timebank.services.ledger_call import call_ledger, read_row

BLOCK_SIZE = 1_000
BLOCKS_AT_ONCE = 10  # so many as are sorted in memory
HEADS_FILE = "ledger-heads.jsonl"


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """Where a book's chain stood at an instant, as it is written outside the database."""

    book: int
    owner_key: str
    name: str
    unit: str
    number: int
    hash: str
    transfers: int
    at: str


def seal_book(book: Book, *, block_size: int = BLOCK_SIZE) -> int:
    """Seal all that is settled past doubt, in blocks; how many transfers that were.

    What a transaction still running wrote, or one younger than it, waits for the next time.
    """
    sealed = 0
    while True:
        count = int(call_ledger("seal", book.pk, block_size, BLOCKS_AT_ONCE)[0])
        sealed += count
        if count < block_size * BLOCKS_AT_ONCE:
            return sealed


def seal_all_books() -> int:
    """Seal every book; how many transfers that were."""
    return sum(seal_book(book) for book in Book.objects.order_by("pk"))


def heads_now() -> list[PublishedHead]:
    """The head of every book that has a block, oldest book first: what `/verify/` may show."""
    at = database_now()
    heads = Head.objects.filter(number__gt=0).select_related("book").order_by("book_id")
    return [_published(head, at) for head in heads]


def publish_heads() -> list[PublishedHead]:
    """Write every head that moved since the last time to the heads file; those that were written.

    The file lies outside the database (`settings.DATA_DIR`), one JSON object a line, only ever
    added to; `/verify/` shows the heads and auditors get them by message (`tasks`).
    """
    heads = heads_now()
    path = heads_file()
    known = {(row["book"], row["number"]) for row in published_heads()}
    new = [head for head in heads if (head.book, head.number) not in known]
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for head in new:
                file.write(json.dumps(asdict(head), ensure_ascii=False) + "\n")
    return new


def tell_auditors_of_heads() -> int:
    """Send every auditor today's heads, so that copies lie where nobody here can change them.

    By mail where there is a verified address; once a day however often it is called. Returns how
    many people were told.
    """
    heads = heads_now()
    if not heads:
        return 0
    day = localdate()
    auditors = User.objects.filter(
        is_active=True, roles__in=Role.objects.active().filter(kind=Role.Kind.AUDITOR)
    ).distinct()
    for auditor in auditors:
        with override(auditor.language):
            tell(
                auditor,
                kind="ledger_heads",
                title=_("账簿封存指纹 %(day)s") % {"day": day.isoformat()},
                body="\n".join(
                    [
                        _("请保留这封信。以后核对账簿时，区块指纹应当与这里一致："),
                        *(f"{head.name} #{head.number} {head.hash}" for head in heads),
                    ]
                ),
                key=f"ledger_heads:{day}:{auditor.pk}",
            )
    return len(auditors)


def published_heads() -> Sequence[dict[str, str | int]]:
    """Every head ever written to the heads file, oldest first."""
    path = heads_file()
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def heads_file() -> Path:
    return Path(settings.DATA_DIR) / HEADS_FILE


def erase_reason(transfer: Transfer, *, why: str, acting_user: User) -> Transfer:
    """Take a person's words out of a transfer, and out of the hold it settled, for good.

    Their salted hash stays in their place, so the seal still holds; an `Erasure` says who and why.
    Erasing again changes nothing. A request with the transfer's key is from then on refused
    (`KeyUsedForOther`), because what it asked can no longer be compared.
    """
    row = call_ledger("erase_reason", transfer.book_id, transfer.pk, why, acting_user.pk)
    return read_row(Transfer, row)


def _published(head: Head, at: datetime) -> PublishedHead:
    return PublishedHead(
        book=head.book_id,
        owner_key=head.book.owner_key,
        name=head.book.name,
        unit=head.book.unit,
        number=head.number,
        hash=bytes(head.hash).hex(),
        transfers=head.transfers,
        at=at.isoformat(),
    )
