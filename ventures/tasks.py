"""Slow or later work of the rounds. Each task calls one service."""

from celery import shared_task

from accounts.clock import database_now
from accounts.models import Change
from ventures.models import AssignmentPlan, Round
from ventures.models.rounds import FILING
from ventures.services.applicant_answers import tell_answers_open
from ventures.services.assignment_plans import make_plan
from ventures.services.lapses import lapse_overdue
from ventures.services.review_invitations import remind_and_lapse
from ventures.services.review_packs import make_lost_packs, make_pack
from ventures.services.review_reminders import remind_before_close
from ventures.services.round_news import tell_dates_moved, tell_lost_moves
from ventures.services.signals import find_signals
from ventures.services.signature_reminders import remind_unsigned


@shared_task(name="ventures.tasks.lapse_overdue_later")  # type: ignore[untyped-decorator]
def lapse_overdue_later() -> int:
    """Close what was returned for completion and not handed in in time; how many that were."""
    return lapse_overdue()


@shared_task(name="ventures.tasks.find_signals_later")  # type: ignore[untyped-decorator]
def find_signals_later(round: int | None = None) -> int:
    """Compare what stands in one round, or in every round that is being screened."""
    rounds = Round.objects.filter(state__in=FILING)
    return sum(find_signals(one) for one in (rounds.filter(pk=round) if round else rounds))


@shared_task(name="ventures.tasks.tell_dates_moved_later")  # type: ignore[untyped-decorator]
def tell_dates_moved_later(change: int) -> int:
    """Tell everybody a moved date concerns; how many."""
    return tell_dates_moved(Change.objects.get(pk=change))


@shared_task(name="ventures.tasks.tell_lost_moves_later")  # type: ignore[untyped-decorator]
def tell_lost_moves_later() -> int:
    """Tell of moved dates whose task was lost on its way; how many."""
    return tell_lost_moves(database_now())


@shared_task(name="ventures.tasks.remind_unsigned_later")  # type: ignore[untyped-decorator]
def remind_unsigned_later() -> int:
    """Remind who has not added the scan of the signed page; how many are near the day."""
    return remind_unsigned()


@shared_task(name="ventures.tasks.make_plan_later")  # type: ignore[untyped-decorator]
def make_plan_later(plan: int) -> str:
    """Work out a large division of proposals among reviewers; how it ended."""
    return make_plan(AssignmentPlan.objects.get(pk=plan)).state


@shared_task(name="ventures.tasks.make_waiting_plans")  # type: ignore[untyped-decorator]
def make_waiting_plans() -> int:
    """Work out what was asked for and lost on its way; how many."""
    waiting = AssignmentPlan.objects.filter(state=AssignmentPlan.State.WAITING)
    return len([make_plan(plan) for plan in waiting])


@shared_task(name="ventures.tasks.remind_of_invitations_later")  # type: ignore[untyped-decorator]
def remind_of_invitations_later() -> tuple[int, int]:
    """Remind whom we asked to review, end what was not answered; how many of each."""
    return remind_and_lapse()


@shared_task(name="ventures.tasks.remind_reviewers_later")  # type: ignore[untyped-decorator]
def remind_reviewers_later() -> int:
    """Tell reviewers before the close what is left, and applicants that they may answer; how many
    were told or had been."""
    return remind_before_close() + tell_answers_open()


@shared_task(name="ventures.tasks.make_pack_later")  # type: ignore[untyped-decorator]
def make_pack_later(pack: int) -> str:
    """Typeset a reviewer's pack; how it stands then."""
    return make_pack(pack).state


@shared_task(name="ventures.tasks.make_lost_packs_later")  # type: ignore[untyped-decorator]
def make_lost_packs_later() -> int:
    """Take up packs that were asked for and lost on their way; how many."""
    return make_lost_packs()
