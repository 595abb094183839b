"""Who may do what in the time bank. Pure questions."""

from datetime import date

from accounts.models import Person, Region, Role, Station, User
from accounts.rules import has_role_over, is_coordinator_of, is_officer_over
from timebank.models.listings import Listing
from timebank.models.orders import ServiceOrder, volunteer_towns
from timebank.models.records import ServiceRecord

# Service records --------------------------------------------------------------


def is_served_by(user: User, record: ServiceRecord) -> bool:
    """The volunteer whose service it is."""
    return record.volunteer_id == user.pk


def may_decide_record(user: User, record: ServiceRecord) -> bool:
    """A coordinator of its station or an officer over it; never the volunteer."""
    return not is_served_by(user, record) and (
        is_coordinator_of(user, record.station) or is_officer_over(user, record.region)
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
    reported then, and only the station still calls it off.
    """
    was_there = order.code_matched_at is not None
    in_charge = runs_its_station(user, order) or (is_asking(user, order) and not was_there)
    return in_charge and not is_serving(user, order)


def may_judge_service(user: User, order: ServiceOrder) -> bool:
    """Say whether it happened: who asked, or the station for them; never who served."""
    return (is_asking(user, order) or runs_its_station(user, order)) and not is_serving(user, order)


def is_party_to(user: User, order: ServiceOrder) -> bool:
    """Has something at stake: served, received, or gave own minutes for it."""
    gave_minutes = order.drawn_from == order.DrawnFrom.OWN and order.requested_by_id == user.pk
    return is_serving(user, order) or order.recipient.user_id == user.pk or gave_minutes


def may_decide_dispute(user: User, order: ServiceOrder) -> bool:
    """Who runs the station, or an officer over it; nobody who is party to it."""
    in_charge = runs_its_station(user, order) or is_officer_over(user, order.station.region)
    return in_charge and not is_party_to(user, order)


def may_know_whereabouts(user: User, order: ServiceOrder) -> bool:
    """Names, address and phone: those who arrange, give or receive this service, nobody else."""
    return is_asking(user, order) or is_serving(user, order) or runs_its_station(user, order)


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
