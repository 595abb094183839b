"""Who may read and correct the books. Pure questions."""

from collections.abc import Iterable

from accounts.models import Region, Role, Station, User
from accounts.rules import (
    has_role_over,
    organisations_of,
    roles_of_kind,
    stations_of,
)
from timebank.models.adjustments import (
    KEEPERS,
    READERS_OF_BOOKS,
    Adjustment,
    OpeningImport,
    TwoPerson,
)
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Unit
from timebank.models.points import PointGrant


def keeps_books_of(user: User, bank: TimeBank) -> bool:
    """An officer or administrator of the bank's place."""
    return has_role_over(user, bank.region, *KEEPERS)


def units_kept(user: User) -> set[Unit]:
    """Of the books that no bank keeps, whose: points by the county's officers and administrators,
    the money of rounds by them and by its finance office.
    """
    return _units_of_county(user, KEEPERS)


def units_read(user: User) -> set[Unit]:
    """The same of those who may read; auditors besides."""
    return _units_of_county(user, READERS_OF_BOOKS)


def _units_of_county(user: User, kinds: Iterable[str]) -> set[Unit]:
    if _serves_county(user, *kinds):
        return {Unit.FEN, Unit.POINT}
    return {Unit.FEN} if _serves_county(user, Role.Kind.FINANCE) else set()


def _serves_county(user: User, *kinds: str) -> bool:
    return any(stands_over_a_bank(role) for role in roles_of_kind(user, *kinds))


def stands_over_a_bank(role: Role) -> bool:
    """Of a county, or above: no bank is below."""
    return role.region is not None and role.region.level <= Region.Level.COUNTY


def keeps_book(user: User, book: Book) -> bool:
    """Whoever keeps the bank's books; of a book without a bank, who has that duty in the county."""
    bank = getattr(book, "time_bank", None)
    return keeps_books_of(user, bank) if bank is not None else book.unit in units_kept(user)


def stands_behind(user: User, owner_key: str) -> bool:
    """Whether an account is the person's own, or of a station or organisation they act for."""
    whose, _colon, number = owner_key.partition(":")
    if whose == "user":
        return number == str(user.pk)
    if whose == "station":
        return number in map(str, stations_of(user))
    if whose == "organisation":
        return number in map(str, organisations_of(user))
    return False


def may_propose_on(user: User, book: Book, owner_keys: Iterable[str]) -> bool:
    """Who keeps the book, and neither gains nor loses by it."""
    return keeps_book(user, book) and not any(stands_behind(user, key) for key in owner_keys)


def may_decide_correction(user: User, correction: Adjustment) -> bool:
    """The second person: keeps the book, did not propose it, stands behind no account in it.

    Of money one of the two is of the finance office.
    """
    return (
        correction.proposed_by_id != user.pk
        and (correction.book.unit != Unit.FEN or _finance_is_one_of(user, correction.proposed_by))
        and may_propose_on(user, correction.book, correction.owner_keys())
    )


def _finance_is_one_of(*two: User) -> bool:
    return any(_serves_county(one, Role.Kind.FINANCE) for one in two)


def is_moved_by_decisions(account: LedgerAccount) -> bool:
    """What awards have taken follows the decisions of its round, or both would tell two stories."""
    return account.kind == AccountKind.COMMITMENT


def mixes_sources(one: LedgerAccount, other: LedgerAccount) -> bool:
    """Whether money of one source of a fund would become another's. (A fund opened before each
    source had accounts of its own has one free account for all, with the fund's own key.)
    """
    of_a_source = {AccountKind.SOURCE, AccountKind.FUND}
    return (
        {one.kind, other.kind} <= of_a_source
        and one.owner_key != other.owner_key
        and one.book.owner_key not in {one.owner_key, other.owner_key}
    )


def may_decide_opening(user: User, opening: OpeningImport) -> bool:
    """The second person: keeps the books, did not bring the file, and is in none of its rows."""
    return (
        opening.proposed_by_id != user.pk
        and keeps_books_of(user, opening.bank)
        and not opening.rows.filter(person=user).exists()
    )


def may_propose_points(user: User, bank: TimeBank) -> bool:
    """Who keeps the bank's books, and who coordinates a station in its place."""
    return (
        keeps_books_of(user, bank)
        or Station.objects.filter(
            pk__in=stations_of(user), region__lineage__contains=[bank.region_id]
        ).exists()
    )


def may_decide_points(user: User, grant: PointGrant) -> bool:
    """The second person: keeps the books, did not propose it, and is in none of its rows."""
    return (
        grant.proposed_by_id != user.pk
        and keeps_books_of(user, grant.bank)
        and not grant.rows.filter(person=user).exists()
    )


def proposed_it(user: User, thing: TwoPerson) -> bool:
    return thing.proposed_by_id == user.pk


def may_ask_to_hold_still(user: User, account: LedgerAccount) -> bool:
    """The same in a book that no bank keeps, where a second person decides; who keeps that book."""
    has_bank = getattr(account.book, "time_bank", None) is not None
    return not has_bank and may_propose_on(user, account.book, [account.owner_key])


def may_hold_still(user: User, bank: TimeBank, account: LedgerAccount) -> bool:
    """Freeze, suspend, close or open an account: who keeps the books, never one's own."""
    return keeps_books_of(user, bank) and not stands_behind(user, account.owner_key)
