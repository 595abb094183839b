"""Orders end by themselves: what nobody took, reported or confirmed in time.

Each order knows since its last step from when on (`lapses_at`, by the terms of that day) and its
page says so beforehand. The sweep keeps no list: what is due is what the rows say, and each order
ends in a transaction of its own, so a sweep that is killed loses nothing and one that comes twice
finds nothing left to do.
"""

import logging

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as stored

from accounts.clock import database_now
from accounts.errors import Refusal
from accounts.models import User
from accounts.services.system_user import the_product
from timebank.errors.records import RelativeConfirmation
from timebank.lifecycles.orders import ORDER
from timebank.models import ServiceOrder, ServiceRecord
from timebank.rules import orders as rules
from timebank.services.order_news import tell_of_order
from timebank.services.order_outcomes import release_order, settle_order
from timebank.services.order_steps import locked_order
from timebank.terms.orders import order_terms

State = ServiceOrder.State
Provenance = ServiceRecord.Provenance

log = logging.getLogger(__name__)


def end_lapsed_orders() -> int:
    """End every order whose time has run out; how many that were.

    One that fails is left for the next sweep and holds nobody else up.
    """
    acting_user = the_product()
    ended = 0
    for order in list(ServiceOrder.objects.lapsed(database_now()).only("pk")):
        try:
            ended += end_lapsed_order(order, acting_user=acting_user)
        except Exception:
            log.exception("order %s could not end by itself", order.pk)
    return ended


@transaction.atomic
def end_lapsed_order(order: ServiceOrder, *, acting_user: User) -> bool:
    """End one order if its time has run out, by the database's clock; whether it did.

    Untaken: everything goes back. Taken and never reported: everything goes back. Reported and
    never confirmed: the minutes become the volunteer's; where the ledger or the records refuse
    that, or only relatives could have objected, the order goes to whoever decides disputes. All
    concerned are told. An order that somebody moved meanwhile is left alone.
    """
    order = locked_order(order)
    if order.lapses_at is None or order.lapses_at > database_now():
        return False
    if order.state == State.PLACED:
        release_order(
            order,
            "lapse_unanswered",
            why_released=stored("到时没有人接单，自动退回"),
            acting_user=acting_user,
        )
    elif order.state == State.ACCEPTED:
        release_order(
            order,
            "lapse_undelivered",
            why_released=stored("逾期没有填写完成，自动取消"),
            acting_user=acting_user,
        )
    else:
        _confirm_or_refer(order, acting_user)
    return True


def _confirm_or_refer(order: ServiceOrder, acting_user: User) -> None:
    code_told = rules.code_speaks(order)
    try:
        with transaction.atomic():
            if rules.is_asked_by_kin_alone(order):
                raise RelativeConfirmation()
            settle_order(
                order,
                "lapse_unconfirmed",
                minutes=order.due_minutes,
                provenance=Provenance.RECIPIENT_CODE if code_told else Provenance.LAPSED,
                acting_user=acting_user,
            )
    except Refusal as refusal:
        order = locked_order(order)
        change = ORDER.move(
            order,
            "refer",
            acting_user=acting_user,
            reason=str(refusal),
            facts={"refused": refusal.code, "terms": order_terms(localdate()).version},
            lapses_at=None,
            disputed_by=acting_user,
        )
        tell_of_order(order, change)
