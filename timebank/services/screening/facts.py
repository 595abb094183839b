"""What a rule of screening may know of a record and of what lies around it: plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from timebank.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as screening sees it."""

    pk: int
    number: str
    volunteer: int
    station: int
    station_name: str
    region: int
    started_at: datetime
    ended_at: datetime
    minutes: int
    provenance: str
    source: str
    recorded_by: int
    recorded_at: datetime
    state: str
    day: date


@dataclass(frozen=True, slots=True)
class Presence:
    """Where somebody was seen, or was marked absent."""

    shift: int
    title: str
    started_at: datetime
    ended_at: datetime
    is_there: bool
    is_absent: bool
    has_sheet: bool
    device: str


@dataclass(frozen=True, slots=True)
class Near:
    """Another record of the same person, and how long the way between the two takes."""

    seen: Seen
    travel_minutes: int


@dataclass(frozen=True, slots=True)
class Around:
    """Everything around one record that the rules ask for."""

    near: tuple[Near, ...] = ()
    presences: tuple[Presence, ...] = ()
    device_people: int = 0
    """How many people signed in with this one's phone, a household counting as one."""
    burst_people: int = 0
    """How many people the same clerk wrote down without presence in the same minutes."""
    ring_names: tuple[str, ...] = ()
    is_minor_alone: bool = False
    """Known to be under age, and no guardian's consent is on record."""
    alike: tuple[str, ...] = ()
    """Numbers of other records with the same picture."""
    photos_differ: bool = False
    season_on: date | None = None
    season_minutes: int = 0
    year_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: its name, and the facts its sentence tells."""

    rule: str
    facts: dict[str, Any] = field(default_factory=dict)


def seen_of(records: Iterable[ServiceRecord]) -> list[Seen]:
    """Records as screening sees them; they bring their station along."""
    return [
        Seen(
            pk=one.pk,
            number=one.number,
            volunteer=one.volunteer_id,
            station=one.station_id,
            station_name=one.station.name,
            region=one.region_id,
            started_at=one.started_at,
            ended_at=one.ended_at,
            minutes=one.minutes,
            provenance=one.provenance,
            source=one.source,
            recorded_by=one.recorded_by_id,
            recorded_at=one.recorded_at,
            state=one.state,
            day=localdate(one.started_at),
        )
        for one in records
    ]
