"""Who may give records to another system. Pure questions."""

from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.exchange import Exchange
from timebank.rules.books import keeps_books_of


def may_exchange(user: User, bank: TimeBank) -> bool:
    """An officer or administrator of the bank's place."""
    return keeps_books_of(user, bank)


def may_reconcile(user: User, exchange: Exchange) -> bool:
    return keeps_books_of(user, exchange.bank)
