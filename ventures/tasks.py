"""Slow or later work of the rounds. Each task calls one service."""

from accounts.clock import database_now
from accounts.models import Change
from accounts.queue import task
from ventures.models import Round, RoundStop
from ventures.models.rounds import FILING
from ventures.services.applicant_answers import tell_answers_open
from ventures.services.assignment_plans import make_plan, make_waiting_plans
from ventures.services.lapses import lapse_overdue
from ventures.services.review_invitations import remind_and_lapse
from ventures.services.review_packs import make_lost_packs, make_pack
from ventures.services.review_reminders import remind_before_close
from ventures.services.revision_days import remind_revisions
from ventures.services.round_news import tell_dates_moved, tell_lost_moves
from ventures.services.round_stop_news import tell_lost_stops, tell_stopped
from ventures.services.second_person_news import tell_those_above
from ventures.services.signals import find_signals
from ventures.services.signature_reminders import remind_unsigned
from ventures.services.tie_checks import look_again_where_phases_open, look_in_phase


@task("ventures.tasks.lapse_overdue_later")
def lapse_overdue_later() -> int:
    """Close what was returned for completion, or selected, and not handed in in time; how many."""
    return lapse_overdue()


@task("ventures.tasks.find_signals_later")
def find_signals_later(round: int | None = None) -> int:
    """Compare what stands in one round, or in every round that is being screened."""
    rounds = Round.objects.filter(state__in=FILING)
    return sum(find_signals(one) for one in (rounds.filter(pk=round) if round else rounds))


@task("ventures.tasks.tell_dates_moved_later")
def tell_dates_moved_later(change: int) -> int:
    """Tell everybody a moved date concerns; how many."""
    return tell_dates_moved(Change.objects.get(pk=change))


@task("ventures.tasks.tell_lost_moves_later")
def tell_lost_moves_later() -> int:
    """Tell of moved dates and ended rounds whose task was lost on its way; how many."""
    now = database_now()
    return tell_lost_moves(now) + tell_lost_stops(now)


@task("ventures.tasks.tell_stopped_later")
def tell_stopped_later(stop: int) -> int:
    """Tell everybody concerned that a round was ended; how many."""
    return tell_stopped(RoundStop.objects.get(pk=stop))


@task("ventures.tasks.tell_those_above_later")
def tell_those_above_later() -> int:
    """Tell the place above what nobody has answered in time; how many may answer now."""
    return tell_those_above()


@task("ventures.tasks.remind_unsigned_later")
def remind_unsigned_later() -> int:
    """Remind who has not added the scan of the signed page; how many are near the day."""
    return remind_unsigned()


@task("ventures.tasks.remind_revisions_later")
def remind_revisions_later() -> int:
    """Remind who has not handed in a revised budget yet; how many are near the day."""
    return remind_revisions()


@task("ventures.tasks.make_plan_later")
def make_plan_later(plan: int) -> str:
    """Work out a large division of proposals among reviewers; how it ended."""
    return make_plan(plan).state


@task("ventures.tasks.make_waiting_plans")
def make_waiting_plans_later() -> int:
    """Work out what was asked for and lost on its way; how many."""
    return make_waiting_plans()


@task("ventures.tasks.remind_of_invitations_later")
def remind_of_invitations_later() -> tuple[int, int]:
    """Remind whom we asked to review, end what was not answered; how many of each."""
    return remind_and_lapse()


@task("ventures.tasks.remind_reviewers_later")
def remind_reviewers_later() -> int:
    """Tell reviewers before the close what is left, and applicants that they may answer; how many
    were told or had been."""
    return remind_before_close() + tell_answers_open()


@task("ventures.tasks.look_again_where_phases_open_later")
def look_again_where_phases_open_later() -> int:
    """Look again for ties of reviewers in each phase that has begun; how many phases."""
    return look_again_where_phases_open()


@task("ventures.tasks.look_in_phase_later")
def look_in_phase_later(phase: int) -> bool:
    """Look again for ties in one phase; whether this was the time."""
    return look_in_phase(phase)


@task("ventures.tasks.make_pack_later")
def make_pack_later(pack: int) -> str:
    """Typeset a reviewer's pack; how it stands then."""
    return make_pack(pack).state


@task("ventures.tasks.make_lost_packs_later")
def make_lost_packs_later() -> int:
    """Take up packs that were asked for and lost on their way; how many."""
    return make_lost_packs()
