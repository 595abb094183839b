"""Slow or later work of the time bank. Each task fetches by id and calls one service."""

from celery import shared_task

from accounts.clock import database_now
from timebank.services.holds import expire_holds


@shared_task(name="timebank.tasks.expire_holds_later")  # type: ignore[untyped-decorator]
def expire_holds_later() -> int:
    """Give back what was held longer than it should; how many holds that were."""
    return expire_holds(before=database_now())
