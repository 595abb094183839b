"""Books and accounts for tests: the dullest valid ones, each book new."""

from itertools import count

from accounts.models import User
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Transfer, TransferKind, Unit
from timebank.services.ledger import open_account, open_book, post_transfer

numbers = count(1)


def make_user(name: str = "陈站长") -> User:
    """Someone who acts; the ledger asks no more of them."""
    return User.objects.create_user(display_name=name, email=f"ledger{next(numbers)}@example.org")


def make_book(acting_user: User, *, unit: Unit = Unit.MINUTE, owner_key: str = "") -> Book:
    return open_book(
        name="海宁时间银行",
        unit=unit,
        owner_key=owner_key or f"test:{next(numbers)}",
        acting_user=acting_user,
    )


def make_account(
    book: Book,
    label: str = "安安",
    *,
    kind: AccountKind = AccountKind.PERSON,
    floor: int | None = 0,
    ceiling: int | None = None,
) -> LedgerAccount:
    return open_account(
        book, kind=kind, owner_key=f"{label}:{next(numbers)}", label=label, floor=floor,
        ceiling=ceiling,
    )  # fmt: skip


def make_issuance(book: Book) -> LedgerAccount:
    return open_account(
        book,
        kind=AccountKind.ISSUANCE,
        owner_key="issuance",
        label="发放账户",
        is_counted=False,
    )


def give(account: LedgerAccount, amount: int, *, acting_user: User) -> Transfer:
    """Let an account have something, from issuance."""
    number = next(numbers)
    return post_transfer(
        book=account.book,
        from_account=make_issuance(account.book),
        to_account=account,
        amount=amount,
        kind=TransferKind.REWARD,
        reason="为白奶奶理发",
        source=f"test:{number}",
        key=f"give:{number}",
        acting_user=acting_user,
    )
