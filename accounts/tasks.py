"""Later work of the accounts app: send what waits, begin and end what has its day.

Each task calls one service.
"""

from accounts.queue import task
from accounts.services.appointments import keep_terms
from accounts.services.deliveries import deliver_message, deliver_waiting_messages
from accounts.services.hostings import end_due_hostings
from accounts.services.invitations import expire_invitations


@task("accounts.tasks.deliver")
def deliver(delivery_id: int) -> None:
    deliver_message(delivery_id)


@task("accounts.tasks.deliver_waiting")
def deliver_waiting() -> int:
    return deliver_waiting_messages()


@task("accounts.tasks.keep_days")
def keep_days() -> int:
    """Terms of office, hostings under notice, invitations nobody answered."""
    return keep_terms() + end_due_hostings() + expire_invitations()
