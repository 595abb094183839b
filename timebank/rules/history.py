"""Who may bring history in, take it in and undo it. Pure questions."""

from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import Station, User
from accounts.rules import is_coordinator_of, is_officer_over
from timebank.models.banks import TimeBank
from timebank.models.history import HistoryImport
from timebank.models.relations import Relation
from timebank.rules.books import keeps_books_of
from timebank.terms.history import history_terms


def may_bring_history(user: User, bank: TimeBank, station: Station) -> bool:
    """Who runs the station the records will belong to, or keeps the bank's books."""
    return is_coordinator_of(user, station) or keeps_books_of(user, bank)


def brought_it(user: User, history: HistoryImport) -> bool:
    return history.brought_by_id == user.pk


def is_in_it(user: User, history: HistoryImport) -> bool:
    """Whether some of the service in the file is the person's own, or a declared relative's."""
    kin = Relation.objects.standing()
    near = (
        Q(volunteer=user)
        | Q(volunteer__in=kin.filter(declared_by=user).values("relative"))
        | Q(volunteer__in=kin.filter(relative=user).values("declared_by"))
    )
    return history.rows.filter(near).exists()


def may_take_in(user: User, history: HistoryImport) -> bool:
    """Keeps the bank's books, is not in the file, and did not bring it where the terms want two."""
    terms = history_terms(localdate(history.brought_at))
    if terms.needs_second_person and brought_it(user, history):
        return False
    return keeps_books_of(user, history.bank) and not is_in_it(user, history)


def may_undo_history(user: User, history: HistoryImport) -> bool:
    """An officer over the place, who neither took it in nor is in it."""
    return (
        is_officer_over(user, history.station.region)
        and history.decided_by_id != user.pk
        and not is_in_it(user, history)
    )
