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
EXTENDED_STATES = ("draft", "withdrawn")


def own_closes_at() -> Coalesce:
    """When the proposal's group closes: its own closing, else the round's."""
    of_track = TrackClosing.objects.filter(round=OuterRef("round"), track=OuterRef("track"))
    return Coalesce(Subquery(of_track.values("closes_at")[:1]), F("round__closes_at"))


def extended_until() -> Case:
    """Until when its applicant was given more time, if that is not used up."""
    given = Extension.objects.unused().filter(
        Q(organisation=OuterRef("applicant")) | Q(initiator=OuterRef("initiator")),
        round=OuterRef("round"),
    )
    return Case(
        When(state__in=EXTENDED_STATES, then=Subquery(given.values("until")[:1])),
        output_field=DateTimeField(),
    )


def all_in(at: datetime | Now, to: str = "") -> Q:
    """Rounds whose close and grace have passed; `to` is the path that leads to the round."""
    grace = ExpressionWrapper(
        F(f"{to}grace_minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
    )
    instant = Value(at) if isinstance(at, datetime) else at
    return Q(**{f"{to}closes_at__lte": instant - grace})


def sealed(to: str = "") -> Q:
    """Rounds whose proposals nobody but their applicants opens yet.

    The seal is broken for all groups at once: when the round has closed and its grace is over.
    """
    return Q(**{f"{to}is_sealed": True}) & ~all_in(Now(), to)
