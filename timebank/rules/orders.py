"""Who may ask for, accept, cancel and judge a service. Pure questions."""

from datetime import date, datetime

from accounts.models import Person, Station, User
from accounts.rules import (
    is_coordinator_of,
    organisations_of,
)
from timebank.models.listings import Listing
from timebank.models.orders import ServiceOrder
from timebank.rules.records import are_relatives_of
from timebank.rules.stations import stands_over, volunteers_near


def may_edit_menu(user: User, listing: Listing) -> bool:
    """Who runs the station keeps its menu."""
    return is_coordinator_of(user, listing.station)


def may_order_for(user: User, station: Station) -> bool:
    """代下单: who runs the station orders for those who cannot, and draws on its pool."""
    return is_coordinator_of(user, station)


def is_asking(user: User, order: ServiceOrder) -> bool:
    """The one who placed the order, or the recipient."""
    return user.pk in (order.requested_by_id, order.recipient.user_id)


def is_serving(user: User, order: ServiceOrder) -> bool:
    """The volunteer who took the order."""
    return order.volunteer_id == user.pk


def runs_its_station(user: User, order: ServiceOrder) -> bool:
    return is_coordinator_of(user, order.station)


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


def is_kin_of_volunteer(user: User, order: ServiceOrder) -> bool:
    """A declared relative of who served: steps aside when it is confirmed or decided."""
    return order.volunteer_id is not None and are_relatives_of(user.pk, order.volunteer_id)


def may_confirm_service(user: User, order: ServiceOrder) -> bool:
    """Say that it happened: as `may_judge_service`, but no relative. A relative may still say that
    it did not."""
    return may_judge_service(user, order) and not is_kin_of_volunteer(user, order)


def code_speaks(order: ServiceOrder) -> bool:
    """Whether the code at the door is somebody else's word: not where a relative of who served
    asked for it or receives it, and so could read it out at home."""
    return order.code_matched_at is not None and not any(_kin_among_askers(order))


def is_asked_by_kin_alone(order: ServiceOrder) -> bool:
    """Whether nobody but relatives of who served could say that it did not happen: then their
    silence says nothing."""
    return all(_kin_among_askers(order))


def _kin_among_askers(order: ServiceOrder) -> list[bool]:
    asking = {order.requested_by_id, order.recipient.user_id} - {None}
    volunteer = order.volunteer_id
    return [volunteer is not None and are_relatives_of(pk, volunteer) for pk in asking if pk]


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
    who served, or is a relative."""
    return (
        is_serving(user, order)
        or is_asking(user, order)
        or order.disputed_by_id == user.pk
        or belongs_with_volunteer(user, order)
        or is_kin_of_volunteer(user, order)
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
