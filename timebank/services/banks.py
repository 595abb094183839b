"""Open a time bank, and the accounts people and stations have in it.

Accounts are opened lazily, by the first thing that needs one: opening twice gives the same
account. Nothing is moved here; that is `services.ledger`, `services.rewards` and `services.pools`.
"""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed
from accounts.models import Organisation, Region, Station, User
from accounts.services.changes import record_change
from timebank.errors.records import NoBankHere
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, LedgerAccount, Unit
from timebank.rules import records as rules
from timebank.selectors.banks import CITY, bank_serving, person_key, station_key
from timebank.services.ledger import open_account, open_book


@transaction.atomic
def open_bank(name: str, *, region: Region, acting_user: User) -> TimeBank:
    """Open the bank of a place with its book, its issuance account and the city's 爱心时间库.

    A place has one bank: opening it again returns the one that is there.
    Refused: `NotAllowed` for anyone but an administrator of the place and the product itself.
    """
    if not rules.may_open_bank(acting_user, region):
        raise NotAllowed()
    bank = TimeBank.objects.filter(region=region).first()
    if bank is not None:
        return bank
    book = open_book(
        name=name,
        unit=Unit.MINUTE,
        owner_key=f"timebank:{region.code}",
        acting_user=acting_user,
    )
    bank, is_new = TimeBank.objects.get_or_create(
        region=region, defaults={"name": name, "book": book}
    )
    if is_new:
        issuance_of(bank)
        city_pool_of(bank)
        record_change(bank, "open", after="open", acting_user=acting_user)
    return bank


def bank_at(region: Region) -> TimeBank:
    """The bank that serves a place. Refused: `NoBankHere`."""
    bank = bank_serving(region)
    if bank is None:
        raise NoBankHere(place=region.short_name)
    return bank


def account_of(user: User, bank: TimeBank) -> LedgerAccount:
    """The person's 时间账户 in this bank; never below zero, nor above the bank's ceiling."""
    return open_account(
        bank.book,
        kind=AccountKind.PERSON,
        owner_key=person_key(user),
        label=user.display_name,
        by_policy=True,
    )


def pool_of(station: Station) -> LedgerAccount:
    """The station's 爱心时间库, in the bank of its place. Refused: `NoBankHere`."""
    return open_account(
        bank_at(station.region).book,
        kind=AccountKind.POOL,
        owner_key=station_key(station),
        label=gettext_noop("%s爱心时间库") % station.name,
    )


def city_pool_of(bank: TimeBank) -> LedgerAccount:
    """The 爱心时间库 of the whole bank."""
    return open_account(
        bank.book,
        kind=AccountKind.POOL,
        owner_key=CITY,
        label=gettext_noop("%s爱心时间库") % bank.name,
    )


def organisation_account_of(organisation: Organisation, bank: TimeBank) -> LedgerAccount:
    """The organisation's own account in this bank; never below zero."""
    return open_account(
        bank.book,
        kind=AccountKind.ORGANISATION,
        owner_key=f"organisation:{organisation.pk}",
        label=organisation.name,
    )


def issuance_of(bank: TimeBank) -> LedgerAccount:
    """发放账户: where all earned hours come from. Not counted, without limits."""
    return open_account(
        bank.book,
        kind=AccountKind.ISSUANCE,
        owner_key=CITY,
        label=gettext_noop("%s发放账户") % bank.name,
        floor=None,
        is_counted=False,
    )
