"""Later work of the accounts app: send what waits, begin and end what has its day.

Each task calls one service.
"""

from celery import shared_task

from accounts.services.appointments import keep_terms
from accounts.services.deliveries import deliver_message, deliver_waiting_messages
from accounts.services.hostings import end_due_hostings
from accounts.services.invitations import expire_invitations


@shared_task(name="accounts.tasks.deliver")  # type: ignore[untyped-decorator]
def deliver(delivery_id: int) -> None:
    deliver_message(delivery_id)


@shared_task(name="accounts.tasks.deliver_waiting")  # type: ignore[untyped-decorator]
def deliver_waiting() -> int:
    return deliver_waiting_messages()


@shared_task(name="accounts.tasks.keep_days")  # type: ignore[untyped-decorator]
def keep_days() -> int:
    """Terms of office, hostings under notice, invitations nobody answered."""
    return keep_terms() + end_due_hostings() + expire_invitations()
