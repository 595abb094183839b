"""What every trial stands on: a migrated database, one book, accounts with plenty in them.

The account numbers of a trial follow each other, so that a script can pick one by chance.
"""

from dataclasses import dataclass
from datetime import date

from django.core.management import call_command
from django.db import connections, transaction

from accounts.models import Region, Role, User
from accounts.services.roles import grant_role
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Leg, TransferKind, Unit
from timebank.services.ledger import Posting, open_account, open_book, post_batch

AT_ONCE = 1000
STRIPES = 16


@dataclass(frozen=True)
class Ground:
    """The book of a trial, who acts in it, and its accounts in the order of their numbers."""

    book: Book
    officer: User
    accounts: list[LedgerAccount]
    issuance: LedgerAccount
    striped: LedgerAccount
    region: Region


def prepare(*, accounts: int, each: int) -> Ground:
    """Make all tables, an officer, a book and its accounts with so much in each."""
    call_command("migrate", database="owner", verbosity=0)
    officer = User.objects.create_user(display_name="Officer", email="trial@example.org")
    region = _region()
    grant_role(officer, Role.Kind.OFFICER, region=region, acting_user=officer)
    book = open_book(name="Trial", unit=Unit.MINUTE, owner_key="trial", acting_user=officer)
    issuance = open_account(
        book, kind=AccountKind.ISSUANCE, owner_key="trial", label="Issuance", is_counted=False
    )
    striped = open_account(
        book, kind=AccountKind.POOL, owner_key="trial", label="Pool", floor=None, stripes=STRIPES
    )
    with transaction.atomic():
        opened = [
            open_account(book, kind=AccountKind.PERSON, owner_key=f"trial:{n}", label=f"Person {n}")
            for n in range(accounts)
        ]
    for start in range(0, accounts, AT_ONCE):
        post_batch(
            book,
            [
                Posting(
                    legs=Leg.pair(from_account=issuance, to_account=account, amount=each),
                    kind=TransferKind.OPENING,
                    reason="",
                    source="trial:opening",
                    key=f"opening:{account.pk}",
                )
                for account in opened[start : start + AT_ONCE]
            ],
            acting_user=officer,
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()
    return Ground(book, officer, opened, issuance, striped, region)


def _region() -> Region:
    region = Region.objects.create(
        code="330000000000",
        name="Trial",
        short_name="Trial",
        level=Region.Level.PROVINCE,
        kind=Region.Kind.PROVINCE,
        valid_from=date(2020, 1, 1),
    )
    region.lineage = [region.pk]
    region.save(update_fields=["lineage"])
    return region
