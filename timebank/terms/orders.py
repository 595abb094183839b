"""What the time bank promises about orders that nobody ends: how long one waits, then what.

A dated table: whoever changes a figure adds a row with the day it begins. An order is told when it
ends by itself at each of its steps, by the terms of that day, and keeps what it was told.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from timebank.terms.dated import in_force


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """How long each step of an order may take before it ends by itself, from a day on."""

    since: date
    deliver_within: timedelta
    """After the time agreed on: then it counts as not served, and everything goes back."""
    confirm_within: timedelta
    """After the report, where the service code was told: then it counts as confirmed."""
    confirm_without_code_within: timedelta
    """The same without a code: longer, so that the station can phone."""

    @property
    def version(self) -> str:
        return f"orders:{self.since.isoformat()}"


ORDER_TERMS = (
    OrderTerms(
        since=date(2024, 1, 1),
        deliver_within=timedelta(days=3),
        confirm_within=timedelta(days=7),
        confirm_without_code_within=timedelta(days=15),
    ),
)


def order_terms(day: date) -> OrderTerms:
    """The terms in force on a day; before the first ones, the first."""
    return in_force(ORDER_TERMS, day)


def unanswered_until(window_ends_at: datetime) -> datetime:
    """An order nobody has taken waits as long as somebody could still come."""
    return window_ends_at


def undelivered_until(window_ends_at: datetime, *, now: datetime) -> datetime:
    """An order that was taken waits for the volunteer's report after the time agreed on."""
    return window_ends_at + order_terms(localdate(now)).deliver_within


def unconfirmed_until(*, code_matched: bool, now: datetime) -> datetime:
    """A service that was reported waits for somebody else's word, shorter with a code."""
    terms = order_terms(localdate(now))
    return now + (terms.confirm_within if code_matched else terms.confirm_without_code_within)
