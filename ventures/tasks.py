"""Slow or later work of the rounds. Each task calls one service."""

from celery import shared_task

from ventures.services.lapses import lapse_overdue


@shared_task(name="ventures.tasks.lapse_overdue_later")  # type: ignore[untyped-decorator]
def lapse_overdue_later() -> int:
    """Close what was returned for completion and not handed in in time; how many that were."""
    return lapse_overdue()
