"""Slow or later work of the time bank. Each task fetches by id and calls one service."""

from celery import shared_task

from accounts.clock import database_now
from timebank.services.holds import expire_holds
from timebank.services.order_lapses import end_lapsed_orders
from timebank.services.photos import discard_old_drafts


@shared_task(name="timebank.tasks.expire_holds_later")  # type: ignore[untyped-decorator]
def expire_holds_later() -> int:
    """Give back what was held longer than it should; how many holds that were."""
    return expire_holds(before=database_now())


@shared_task(name="timebank.tasks.end_lapsed_orders_later")  # type: ignore[untyped-decorator]
def end_lapsed_orders_later() -> int:
    """End the orders whose time has run out; how many that were."""
    return end_lapsed_orders()


@shared_task(name="timebank.tasks.discard_photo_drafts")  # type: ignore[untyped-decorator]
def discard_photo_drafts() -> int:
    """Throw away photos whose form was never handed in; how many that were."""
    return discard_old_drafts(now=database_now())
