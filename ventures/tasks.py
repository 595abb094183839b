"""Slow or later work of the rounds. Each task calls one service."""

from celery import shared_task

from ventures.models import Round
from ventures.services.lapses import lapse_overdue
from ventures.services.signals import find_signals
from ventures.services.signature_reminders import remind_unsigned


@shared_task(name="ventures.tasks.lapse_overdue_later")  # type: ignore[untyped-decorator]
def lapse_overdue_later() -> int:
    """Close what was returned for completion and not handed in in time; how many that were."""
    return lapse_overdue()


@shared_task(name="ventures.tasks.find_signals_later")  # type: ignore[untyped-decorator]
def find_signals_later(round: int | None = None) -> int:
    """Compare what stands in one round, or in every round that is being screened."""
    rounds = Round.objects.filter(state=Round.State.OPEN)
    return sum(find_signals(one) for one in (rounds.filter(pk=round) if round else rounds))


@shared_task(name="ventures.tasks.remind_unsigned_later")  # type: ignore[untyped-decorator]
def remind_unsigned_later() -> int:
    """Remind who has not added the scan of the signed page; how many are near the day."""
    return remind_unsigned()
