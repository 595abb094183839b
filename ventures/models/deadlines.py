"""Until when a proposal may be handed in, and whether it is still sealed: each as one condition for
every query.

How pages and services ask it of one proposal stands in `ventures.rules.timetable`.
"""

from datetime import timedelta

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
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Now

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
    given = (
        Extension.objects.unused()
        .filter(
            Q(organisation=OuterRef("applicant")) | Q(initiator=OuterRef("initiator")),
            round=OuterRef("round"),
        )
        .values("until")[:1]
    )
    return Case(When(state__in=EXTENDED_STATES, then=Subquery(given)), output_field=DateTimeField())


def ordinary_until() -> Case:
    """The close of its group, and the round's grace for what was begun before it. Read from the
    column `own_closes_at`."""
    in_grace = ExpressionWrapper(
        F("own_closes_at") + grace_of("round__grace_minutes"), output_field=DateTimeField()
    )
    return Case(
        When(created_at__lt=F("own_closes_at"), then=in_grace),
        default=F("own_closes_at"),
        output_field=DateTimeField(),
    )


def filing_until() -> Greatest:
    """The one answer to "until when": by the ordinary way, or by an extension where one was
    given. Read from the two columns of that name."""
    return Greatest(F("ordinary_until"), F("extended_until"), output_field=DateTimeField())


def grace_of(path: str) -> Combinable:
    """A column of minutes as a span of time."""
    return ExpressionWrapper(F(path) * Value(timedelta(minutes=1)), output_field=DurationField())


def sealed(to: str = "") -> Q:
    """Rounds whose proposals nobody but their applicants opens yet; `to` leads to the round.

    The seal is broken for all groups at once: when the round has closed and its grace is over.
    """
    return Q(**{f"{to}is_sealed": True}) & Q(
        **{f"{to}closes_at__gt": Now() - grace_of(f"{to}grace_minutes")}
    )
