"""Later work of the accounts app: send what waits. Each task fetches by id, calls one service."""

from celery import shared_task

from accounts.services.deliveries import deliver_message, deliver_waiting_messages


@shared_task(name="accounts.tasks.deliver")  # type: ignore[untyped-decorator]
def deliver(delivery_id: int) -> None:
    deliver_message(delivery_id)


@shared_task(name="accounts.tasks.deliver_waiting")  # type: ignore[untyped-decorator]
def deliver_waiting() -> int:
    return deliver_waiting_messages()
