"""Slow or later work of the time bank. Each task fetches by id and calls one service."""

from django.utils.timezone import localdate

from accounts.clock import database_now
from accounts.queue import task
from timebank.services.activities import finish_past
from timebank.services.certificate_batches import make_batch, make_lost_batches
from timebank.services.clearing import settle_crossing, settle_waiting
from timebank.services.exports import make_export, make_lost_exports
from timebank.services.history import carry_on, carry_on_lost
from timebank.services.holds import expire_holds
from timebank.services.honour_boards import draw_boards
from timebank.services.limits import apply_ceilings
from timebank.services.order_lapses import end_lapsed_orders
from timebank.services.photos import discard_old_drafts
from timebank.services.qualification_endings import warn_of_papers_running_out
from timebank.services.recount import recount_books
from timebank.services.sealing import publish_heads, seal_all_books, tell_auditors_of_heads
from timebank.services.signups import lapse_offers
from timebank.services.stars import propose_stars


@task("timebank.tasks.expire_holds_later")
def expire_holds_later() -> int:
    """Give back what was held longer than it should; how many holds that were."""
    return expire_holds(before=database_now())


@task("timebank.tasks.end_lapsed_orders_later")
def end_lapsed_orders_later() -> int:
    """End the orders whose time has run out; how many that were."""
    return end_lapsed_orders()


@task("timebank.tasks.discard_photo_drafts")
def discard_photo_drafts() -> int:
    """Throw away photos whose form was never handed in; how many that were."""
    return discard_old_drafts(now=database_now())


@task("timebank.tasks.settle_crossing_later")
def settle_crossing_later(number: int) -> str:
    """Credit what was sent to another bank, or give it back; how it ended."""
    return str(settle_crossing(number).state)


@task("timebank.tasks.settle_waiting_later")
def settle_waiting_later() -> int:
    """Settle what a killed settler or a lost message left on its way; how many those were."""
    return settle_waiting()


@task("timebank.tasks.seal_books_later")
def seal_books_later() -> int:
    """Seal what is settled past doubt and write the new heads to the heads file."""
    sealed = seal_all_books()
    publish_heads()
    return sealed


@task("timebank.tasks.tell_auditors_later")
def tell_auditors_later() -> int:
    """Send the day's heads to the auditors, so that copies lie outside this product."""
    return tell_auditors_of_heads()


@task("timebank.tasks.apply_ceilings_later")
def apply_ceilings_later() -> int:
    """Let a rule on how much an account may hold begin on its day; how many accounts it moved."""
    return apply_ceilings()


@task("timebank.tasks.recount_books_later")
def recount_books_later() -> int:
    """Recount every book at night; how many differences there are (none is good)."""
    return recount_books()


@task("timebank.tasks.make_export_later")
def make_export_later(number: int) -> None:
    """Make a long export and tell who asked for it."""
    make_export(number)


@task("timebank.tasks.make_waiting_exports")
def make_waiting_exports() -> int:
    """Take up the exports whose message was lost or whose worker died; how many those were."""
    return make_lost_exports(now=database_now())


@task("timebank.tasks.lapse_offers_later")
def lapse_offers_later() -> int:
    """Pass seats that were offered and not taken on to the next; how many offers ended."""
    return lapse_offers()


@task("timebank.tasks.warn_of_papers_later")
def warn_of_papers_later() -> int:
    """Tell whose certificate runs out soon; how many those are."""
    return warn_of_papers_running_out(localdate(database_now()))


@task("timebank.tasks.finish_past_later")
def finish_past_later() -> int:
    """Say of shifts that are over that they are; how many that were."""
    return finish_past()


@task("timebank.tasks.make_certificates_later")
def make_certificates_later(number: int) -> None:
    """Issue and print a batch of certificates, and tell who asked for it."""
    make_batch(number)


@task("timebank.tasks.make_waiting_certificates")
def make_waiting_certificates() -> int:
    """Take up the batches whose message was lost or whose worker died; how many those were."""
    return make_lost_batches(now=database_now())


@task("timebank.tasks.propose_stars_later")
def propose_stars_later() -> int:
    """Propose the stars that hours have reached; a person judges them. How many those were."""
    return propose_stars()


@task("timebank.tasks.carry_history_on_later")
def carry_history_on_later(number: int) -> str:
    """Look through, write or take back a file of history; where it stands now."""
    return str(carry_on(number).state)


@task("timebank.tasks.carry_lost_history_on")
def carry_lost_history_on() -> int:
    """Take up the files whose message was lost or whose worker died; how many those were."""
    return carry_on_lost()


@task("timebank.tasks.draw_boards_later")
def draw_boards_later() -> int:
    """Draw the honour boards anew; how many lines they have."""
    return draw_boards()
