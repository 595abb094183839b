"""What a deadline is made of, and whether a round is still sealed: conditions for every query.

`ventures.rules.timetable` makes one deadline of it.
"""

from datetime import datetime, timedelta

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from ventures.models.extensions import Extension
from ventures.models.timetable import TrackClosing

# An extension helps whoever has not handed in; what was handed in has its own terms.
EXTENDED_STATES = ("draft", "invited", "unfiled", "withdrawn")


def own_closes_at() -> Case:
    """When the proposal's group closes: its own closing, else the round's; after the selection of
    a round in two steps, when the full proposals close, for every group alike."""
    of_track = TrackClosing.objects.filter(round=OuterRef("round"), track=OuterRef("track"))
    return Case(
        When(invited_at__isnull=False, then=F("round__full_closes_at")),
        default=Coalesce(Subquery(of_track.values("closes_at")[:1]), F("round__closes_at")),
    )


def extended_until() -> Case:
    """Until when its applicant was given more time for this close, if that is not used up."""
    given = Extension.objects.unused().filter(
        Q(organisation=OuterRef("applicant")) | Q(initiator=OuterRef("initiator")),
        round=OuterRef("round"),
    )
    for_full = Q(invited_at__isnull=False)

    def until(**which: bool) -> Subquery:
        return Subquery(given.filter(**which).values("until")[:1])

    return Case(
        When(for_full, state__in=EXTENDED_STATES, then=until(is_for_full=True)),
        When(state__in=EXTENDED_STATES, then=until(is_for_full=False)),
        output_field=DateTimeField(),
    )


def all_in(at: datetime | Now, to: str = "") -> Q:
    """Rounds whose close and grace have passed, of the step they are in; `to` is the path that
    leads to the round."""
    grace = ExpressionWrapper(
        F(f"{to}grace_minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
    )
    instant = Value(at) if isinstance(at, datetime) else at
    is_over = Q(**{f"{to}closes_at__lte": instant - grace})
    second_is_over = Q(**{f"{to}full_closes_at__lte": instant - grace})
    return is_over & (~Q(**{f"{to}state": "full"}) | second_is_over)


def sealed(to: str = "") -> Q:
    """Rounds whose proposals nobody but their applicants opens yet.

    The seal is broken for all groups at once: when the round has closed and its grace is over. A
    round in two steps is opened for the selection and sealed again while full proposals come in.
    """
    return Q(**{f"{to}is_sealed": True}) & ~all_in(Now(), to)
