"""Who may do what in the time bank. Pure questions."""

from collections.abc import Iterable
from datetime import date, datetime

from accounts.models import Person, Region, Role, Station, User
from accounts.rules import (
    has_role_over,
    is_coordinator_of,
    is_officer_over,
    organisations_of,
    roles_of_kind,
    stations_of,
)
from timebank.models.adjustments import KEEPERS, Adjustment, OpeningImport, TwoPerson
from timebank.models.banks import TimeBank
from timebank.models.ledger import LedgerAccount
from timebank.models.listings import Listing
from timebank.models.orders import ServiceOrder, volunteer_towns
from timebank.models.records import ServiceRecord

TOWN_WORKERS = (Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER)

# Service records --------------------------------------------------------------


def is_served_by(user: User, record: ServiceRecord) -> bool:
    """The volunteer whose service it is."""
    return record.volunteer_id == user.pk


def may_decide_record(user: User, record: ServiceRecord) -> bool:
    """A coordinator of its station or who stands over it; never the volunteer."""
    return not is_served_by(user, record) and (
        is_coordinator_of(user, record.station) or stands_over(user, record.station)
    )


def handed_in_by(user: User, record: ServiceRecord) -> bool:
    """Who wrote the record down for its volunteer."""
    return record.recorded_by_id == user.pk and not is_served_by(user, record)


def may_confirm_record(user: User, record: ServiceRecord) -> bool:
    """Who may decide it, but a second pair of eyes: not the one who handed it in."""
    return may_decide_record(user, record) and not handed_in_by(user, record)


def may_reverse_record(user: User, record: ServiceRecord) -> bool:
    """An officer over the place, who neither served nor confirmed it."""
    return (
        is_officer_over(user, record.region)
        and not is_served_by(user, record)
        and record.confirmed_by_id != user.pk
    )


def may_record_for(user: User, volunteer: User, station: Station) -> bool:
    """The volunteer, or who runs the station and has the signed sheet, or the product itself."""
    return (
        user.pk == volunteer.pk or user.kind == User.Kind.SYSTEM or is_coordinator_of(user, station)
    )


def may_open_bank(user: User, region: Region) -> bool:
    """An administrator of the place, or the product itself while it is set up."""
    return user.kind == User.Kind.SYSTEM or has_role_over(user, region, Role.Kind.ADMINISTRATOR)


# The menu ----------------------------------------------------------------------


def may_edit_menu(user: User, listing: Listing) -> bool:
    """Who runs the station keeps its menu."""
    return is_coordinator_of(user, listing.station)


def may_order_for(user: User, station: Station) -> bool:
    """代下单: who runs the station orders for those who cannot, and draws on its pool."""
    return is_coordinator_of(user, station)


# Service orders ------------------------------------------------------------------


def is_asking(user: User, order: ServiceOrder) -> bool:
    """The one who placed the order, or the recipient."""
    return user.pk in (order.requested_by_id, order.recipient.user_id)


def is_serving(user: User, order: ServiceOrder) -> bool:
    """The volunteer who took the order."""
    return order.volunteer_id == user.pk


def runs_its_station(user: User, order: ServiceOrder) -> bool:
    return is_coordinator_of(user, order.station)


def volunteers_near(user: User, station: Station) -> bool:
    """A volunteer of the station's town, or of a wider place it lies in."""
    return bool(set(volunteer_towns(user)) & set(station.region.lineage))


def may_accept_order(user: User, order: ServiceOrder) -> bool:
    """A volunteer near the station; never for oneself."""
    return volunteers_near(user, order.station) and not is_asking(user, order)


def may_cancel_order(user: User, order: ServiceOrder) -> bool:
    """Who asked, or the station; the volunteer gives it back instead.

    Once the service code was told, the volunteer has been there: who asked disputes what is
    reported then, and only the station still calls it off. What the clock says about it stands in
    `is_too_late_to_cancel`.
    """
    was_there = order.code_matched_at is not None
    in_charge = runs_its_station(user, order) or (is_asking(user, order) and not was_there)
    return in_charge and not is_serving(user, order)


def is_too_late_to_cancel(user: User, order: ServiceOrder, *, now: datetime) -> bool:
    """Once the agreed time has begun somebody may stand at the door: from then on a taken order
    is called off by the station, or given back by the volunteer, and no longer by who asked."""
    is_taken = order.volunteer_id is not None
    return is_taken and order.window_starts_at <= now and not runs_its_station(user, order)


def may_judge_service(user: User, order: ServiceOrder) -> bool:
    """Say whether it happened: who asked, or the station for them; never who served, nor for
    others a member of the body the volunteer belongs to."""
    if is_serving(user, order):
        return False
    return is_asking(user, order) or (
        runs_its_station(user, order) and not belongs_with_volunteer(user, order)
    )


def judges_for_recipient(user: User, order: ServiceOrder) -> bool:
    """The station says it on behalf of a recipient, who then is asked first."""
    return runs_its_station(user, order) and order.recipient.user_id != user.pk


def belongs_with_volunteer(user: User, order: ServiceOrder) -> bool:
    """On the providing side: acts for an organisation the volunteer acts for too."""
    if order.volunteer is None:
        return False
    return bool(set(organisations_of(user)) & set(organisations_of(order.volunteer)))


def is_party_to(user: User, order: ServiceOrder) -> bool:
    """Has something at stake: served, received, asked for it, raised the dispute, or belongs with
    who served."""
    return (
        is_serving(user, order)
        or is_asking(user, order)
        or order.disputed_by_id == user.pk
        or belongs_with_volunteer(user, order)
    )


def stands_over(user: User, station: Station) -> bool:
    """The second pair of eyes over a station of one person: the social workers of the town
    (社工站), and officers over it."""
    if is_officer_over(user, station.region):
        return True
    return any(
        role.region is not None
        and role.region.level != Region.Level.COMMUNITY
        and role.region.contains(station.region)
        for role in roles_of_kind(user, *TOWN_WORKERS)
    )


def may_decide_dispute(user: User, order: ServiceOrder) -> bool:
    """Who runs the station, or stands over it; nobody who is party to it."""
    in_charge = runs_its_station(user, order) or stands_over(user, order.station)
    return in_charge and not is_party_to(user, order)


def is_the_product(user: User, _thing: object) -> bool:
    """Time itself acts: what the terms say happens by itself."""
    return user.kind == User.Kind.SYSTEM


def may_know_whereabouts(user: User, order: ServiceOrder) -> bool:
    """Names, address and phone: those who arrange, give or receive this service, and while it is
    disputed who decides; nobody else."""
    if is_asking(user, order) or is_serving(user, order) or runs_its_station(user, order):
        return True
    return order.state == order.State.DISPUTED and may_decide_dispute(user, order)


def may_reach(user: User, order: ServiceOrder) -> bool:
    """Phone numbers: the same people, and once it is over only the station."""
    is_over = order.state in order.ENDED
    return may_know_whereabouts(user, order) and (not is_over or runs_its_station(user, order))


def may_know_service_code(user: User, order: ServiceOrder) -> bool:
    """The code is the recipient's word: whoever serves does not read it, even at the station."""
    return (is_asking(user, order) or runs_its_station(user, order)) and not is_serving(user, order)


def may_be_served(recipient: Person, listing: Listing, *, today: date) -> bool:
    """Whether the recipient is among those the menu item is meant for."""
    if listing.audience != listing.Audience.ELDERS:
        return True
    born = recipient.born_on
    return born is not None and (born.year + 60, born.month, born.day) <= (
        today.year,
        today.month,
        today.day,
    )


# The books -----------------------------------------------------------------------------------


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
