"""Points: whose account of them there is, and which grants wait for somebody."""

from accounts.models import User
from accounts.rules import regions_of
from timebank.models.adjustments import KEEPERS
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, LedgerAccount, Unit
from timebank.models.points import PointGrant
from timebank.rules.books import may_propose_points
from timebank.selectors.banks import person_key


def points_key(bank: TimeBank) -> str:
    """Whose book of points it is."""
    return f"points:{bank.region.code}"


def points_accounts_of(person: User) -> list[LedgerAccount]:
    """The person's accounts in books of points, of each bank that gave some; oldest first."""
    return list(
        LedgerAccount.objects.filter(
            book__unit=Unit.POINT, kind=AccountKind.PERSON, owner_key=person_key(person)
        )
        .select_related("book")
        .order_by("pk")
    )


def grants_waiting_for(user: User) -> int:
    """How many grants others proposed in the places whose books this person keeps."""
    places = regions_of(user, *KEEPERS)
    waiting = PointGrant.objects.waiting().filter(bank__region__lineage__overlap=places)
    return waiting.exclude(proposed_by=user).exclude(rows__person=user).count()


def banks_to_give_points_in(user: User) -> list[TimeBank]:
    """The banks in which this person may propose points."""
    banks = TimeBank.objects.select_related("region", "book").order_by("pk")
    return [bank for bank in banks if may_propose_points(user, bank)]
