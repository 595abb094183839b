"""Who may read and correct the books. Pure questions."""

from collections.abc import Iterable

from accounts.models import User
from accounts.rules import (
    has_role_over,
    organisations_of,
    stations_of,
)
from timebank.models.adjustments import KEEPERS, Adjustment, OpeningImport, TwoPerson
from timebank.models.banks import TimeBank
from timebank.models.ledger import LedgerAccount


def keeps_books_of(user: User, bank: TimeBank) -> bool:
    """An officer or administrator of the bank's place."""
    return has_role_over(user, bank.region, *KEEPERS)


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


def may_propose_on(user: User, bank: TimeBank, owner_keys: Iterable[str]) -> bool:
    """Who keeps the books, and neither gains nor loses by it."""
    return keeps_books_of(user, bank) and not any(stands_behind(user, key) for key in owner_keys)


def may_decide_correction(user: User, correction: Adjustment) -> bool:
    """The second person: keeps the books, did not propose it, stands behind no account in it."""
    return correction.proposed_by_id != user.pk and may_propose_on(
        user, correction.bank, correction.owner_keys()
    )


def may_decide_opening(user: User, opening: OpeningImport) -> bool:
    """The second person: keeps the books, did not bring the file, and is in none of its rows."""
    return (
        opening.proposed_by_id != user.pk
        and keeps_books_of(user, opening.bank)
        and not opening.rows.filter(person=user).exists()
    )


def proposed_it(user: User, thing: TwoPerson) -> bool:
    return thing.proposed_by_id == user.pk


def may_hold_still(user: User, bank: TimeBank, account: LedgerAccount) -> bool:
    """Freeze, suspend, close or open an account: who keeps the books, never one's own."""
    return may_propose_on(user, bank, [account.owner_key])
