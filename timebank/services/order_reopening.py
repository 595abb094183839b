"""Open a taken order again: its volunteer gives it back, the station takes it back, or the paper
the service asks for was withdrawn.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from accounts.clock import database_now
from accounts.models import User
from accounts.reasons import required
from accounts.services.system_user import the_product
from timebank.lifecycles.orders import ORDER
from timebank.models import Qualification, ServiceOrder
from timebank.services.order_news import tell_of_order
from timebank.services.order_steps import locked_order
from timebank.terms.orders import unanswered_until


@transaction.atomic
def give_back_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """The volunteer cannot come after all: the order is open again, who asked is told why.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    return _reopen(order, "give_back", reason, acting_user)


@transaction.atomic
def reassign_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """The station takes an order back from its volunteer; it is open again.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    return _reopen(order, "reassign", reason, acting_user)


@transaction.atomic
def reopen_without_paper(paper: Qualification, *, reason: str, acting_user: User) -> int:
    """Coming orders that ask for a paper just withdrawn are open again; how many.

    In the product's name: what stands against them is a rule's to say, not `acting_user`'s, who is
    noted with it. Who asked, the volunteer and the station are told.
    """
    orders = list(orders_resting_on(paper))
    for order in orders:
        _reopen(
            order,
            "reopen",
            reason,
            the_product(),
            withdrawn_by=acting_user.pk,
            qualification=paper.kind,
        )
    return len(orders)


def orders_resting_on(paper: Qualification) -> QuerySet[ServiceOrder]:
    """What the holder has promised and not begun that asks for this paper."""
    coming = ServiceOrder.objects.filter(
        volunteer=paper.volunteer_id,
        state=ServiceOrder.State.ACCEPTED,
        code_matched_at=None,
        wanted_on__gte=localdate(database_now()),
        listing__service_type__qualification=paper.kind,
    )
    return coming.with_names().order_by("pk")


def _reopen(
    order: ServiceOrder, verb: str, reason: str, acting_user: User, **facts: object
) -> ServiceOrder:
    order = locked_order(order)
    reason = required(reason)
    volunteer = order.volunteer
    # A code told to this volunteer says nothing about the next one's visit, nor do wrong ones.
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        reason=reason,
        facts={"volunteer": order.volunteer_id} | facts,
        volunteer=None,
        accepted_at=None,
        code_matched_at=None,
        code_tries=0,
        lapses_at=unanswered_until(order.window_ends_at),
    )
    tell_of_order(order, change, former_volunteer=volunteer)
    return order
