"""A round's timetable as a calendar file (RFC 5545): its closings with an alarm, and its stages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from ventures.models import Round, Stage
from ventures.selectors.round_stops import ended_of


@dataclass(frozen=True)
class Event:
    """One entry of the calendar."""

    uid: str
    begins_at: datetime
    ends_at: datetime
    summary: str
    place: str = ""
    has_alarm: bool = False
    # The round was ended: what lies ahead of that is taken off the calendar.
    is_cancelled: bool = False


def calendar_of(round: Round, *, host: str, link: str) -> list[str]:
    """The lines of the round's file."""
    stamp = round.published_at or round.created_at
    events = events_of(round)
    if (ended := ended_of(round)) is not None:
        stamp = ended.at
        events = (
            replace(event, has_alarm=False, is_cancelled=event.ends_at > stamp) for event in events
        )
    return calendar_with(events, stamp=stamp, host=host, link=link)


def calendar_with(events: Iterable[Event], *, stamp: datetime, host: str, link: str) -> list[str]:
    """The lines of a file with these events, folded to 75 octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Qicai//Rounds//ZH"]
    for event in events:
        lines += _event_lines(event, stamp=stamp, host=host, link=link)
    lines.append("END:VCALENDAR")
    return [folded for line in lines for folded in _folded(line)]


def events_of(round: Round) -> Iterator[Event]:
    """The close, the closings of single groups, and every stage."""
    code, name = round.code, round.name
    yield Event(
        f"round-{code}",
        round.closes_at,
        round.closes_at,
        (_("概要截止：%(name)s") if round.has_concepts else _("申报截止：%(name)s"))
        % {"name": name},
        has_alarm=True,
    )
    if round.full_closes_at is not None:
        yield Event(
            f"round-{code}-full",
            round.full_closes_at,
            round.full_closes_at,
            _("完整申报书截止：%(name)s") % {"name": name},
            has_alarm=True,
        )
    for one in round.track_closings.select_related("track"):
        yield Event(
            f"round-{code}-{one.track.code}",
            one.closes_at,
            one.closes_at,
            (
                _("%(track)s组概要截止：%(name)s")
                if round.has_concepts
                else _("%(track)s组申报截止：%(name)s")
            )
            % {"track": one.track.name, "name": name},
            has_alarm=True,
        )
    for stage in round.stages.all():
        yield Event(
            f"round-{code}-{stage.kind}",
            stage.begins_at,
            stage.ends_at,
            _("%(stage)s：%(name)s") % {"stage": Stage.Kind(stage.kind).label, "name": name},
            place=stage.place,
        )


def _event_lines(event: Event, *, stamp: datetime, host: str, link: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@{host}"
    yield f"DTSTAMP:{_utc(stamp)}"
    yield f"DTSTART:{_utc(event.begins_at)}"
    yield f"DTEND:{_utc(event.ends_at)}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.place:
        yield f"LOCATION:{_text(event.place)}"
    yield f"URL:{link}"
    if event.is_cancelled:
        yield "STATUS:CANCELLED"
        yield "SEQUENCE:1"
    if event.has_alarm:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield "TRIGGER:-P1D"
        yield f"DESCRIPTION:{_text(_('明天截止。%(what)s') % {'what': event.summary})}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """At most 75 octets to a line, never splitting a character."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > 73:
            parts.append(part)
            part = " "
        part += character
    return [*parts, part]
