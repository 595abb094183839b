"""Read what the rules ask for, for many records at once: a fixed number of questions.

However many records are screened, each kind of fact is asked once; rules then run on plain values.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from accounts.models import Region
from timebank.models import Attendance, Relation, ServiceRecord, Signup
from timebank.selectors.nearness import minutes_between
from timebank.services.screening.facts import Around, Near, Presence, Seen, seen_of
from timebank.services.screening.gather_people import (
    burst_people,
    minors_alone,
    rings_of,
    seasons_of,
)
from timebank.services.screening.pictures import alike_of, differs, photos_of
from timebank.terms.screening import ScreeningTerms

A_DAY = timedelta(days=1)
ABSENT = (Attendance.State.ABSENT, Attendance.State.CONTESTED)


def around_of(records: list[Seen], terms: ScreeningTerms) -> dict[int, Around]:
    """What lies around each record, by its id."""
    if not records:
        return {}
    near = _near(records)
    presences = _presences(records)
    devices = _device_people(records, presences, terms)
    bursts = burst_people(records, terms)
    rings = rings_of({one.volunteer for one in records}, _latest(records), terms)
    photos = photos_of(records)
    alike = alike_of(photos, terms, _latest(records))
    seasons = seasons_of(records, terms)
    minors = minors_alone(records)
    return {
        one.pk: Around(
            near=tuple(near.get(one.pk, ())),
            presences=tuple(
                each
                for each in presences.get(one.volunteer, ())
                if each.started_at < one.ended_at + A_DAY and one.started_at - A_DAY < each.ended_at
            ),
            device_people=devices.get(one.pk, 0),
            burst_people=bursts.get(one.pk, 0),
            ring_names=rings.get(one.volunteer, ()),
            is_minor_alone=one.pk in minors,
            alike=alike.get(one.pk, ()),
            photos_differ=any(differs(photo) for photo in photos.get(one.pk, ())),
            season_on=terms.season_of(one.day),
            season_minutes=seasons.get(one.pk, (0, 0))[0],
            year_minutes=seasons.get(one.pk, (0, 0))[1],
        )
        for one in records
    }


def _latest(records: list[Seen]) -> datetime:
    return max(one.ended_at for one in records)


def _near(records: list[Seen]) -> dict[int, list[Near]]:
    """Other standing records of the same people around the same days, with the way between."""
    people = {one.volunteer for one in records}
    first = min(one.started_at for one in records) - A_DAY
    last = _latest(records) + A_DAY
    others = seen_of(
        ServiceRecord.objects.standing()
        .filter(volunteer__in=people, started_at__gte=first, started_at__lte=last)
        .select_related("station")
    )
    by_person: dict[int, list[Seen]] = defaultdict(list)
    for other in others:
        by_person[other.volunteer].append(other)
    places = Region.objects.select_related("parent").in_bulk(
        {one.region for one in records} | {one.region for one in others}
    )
    return {
        one.pk: [
            Near(other, minutes_between(places[one.region], places[other.region]))
            for other in by_person[one.volunteer]
            if other.pk != one.pk
            and other.started_at < one.ended_at + A_DAY
            and one.started_at < other.ended_at + A_DAY
        ]
        for one in records
    }


def _presences(records: list[Seen]) -> dict[int, list[Presence]]:
    """Where these people were seen, missed, or had a seat and nobody wrote anything down."""
    seats = (
        Signup.objects.seated()
        .filter(
            volunteer__in={one.volunteer for one in records},
            starts_at__lte=_latest(records) + A_DAY,
            ends_at__gte=min(one.started_at for one in records) - A_DAY,
        )
        .select_related("attendance", "shift__activity")
    )
    found: dict[int, list[Presence]] = defaultdict(list)
    for seat in seats:
        attendance = getattr(seat, "attendance", None)
        found[seat.volunteer_id].append(_presence(seat, attendance))
    return found


def _presence(seat: Signup, attendance: Attendance | None) -> Presence:
    arrived = attendance.arrived_at if attendance else None
    left = attendance.left_at if attendance else None
    return Presence(
        shift=seat.shift_id,
        title=seat.shift.activity.title,
        started_at=arrived or seat.starts_at,
        ended_at=left or seat.ends_at,
        is_there=arrived is not None,
        is_absent=attendance is not None and attendance.state in ABSENT,
        has_sheet=attendance is not None and attendance.sheet_id is not None,
        device=attendance.device if attendance else "",
    )


def _device_people(
    records: list[Seen], presences: dict[int, list[Presence]], terms: ScreeningTerms
) -> dict[int, int]:
    """People on the phone a record was signed in with; who declared each other count as one."""
    used = {
        one.pk: {
            each.device
            for each in presences.get(one.volunteer, ())
            if each.device and one.source == f"timebank.shift:{each.shift}"
        }
        for one in records
    }
    devices = set().union(*used.values())
    if not devices:
        return {}
    since = min(one.started_at for one in records) - terms.device_within
    people: dict[str, set[int]] = defaultdict(set)
    rows = Attendance.objects.filter(device__in=devices, arrived_at__gte=since)
    for name, who in rows.values_list("device", "volunteer_id").distinct():
        people[name].add(who)
    everyone = set().union(*people.values()) if people else set()
    kin = _households(everyone)
    return {
        pk: max((len({kin[who] for who in people[name]}) for name in names), default=0)
        for pk, names in used.items()
    }


def _households(people: set[int]) -> dict[int, int]:
    """Each person and the one who stands for their household."""
    head = {who: who for who in people}

    def find(who: int) -> int:
        while head[who] != who:
            who = head[who]
        return who

    pairs = Relation.objects.among(list(people)).values_list("declared_by_id", "relative_id")
    for one, other in pairs:
        head[find(one)] = find(other)
    return {who: find(who) for who in people}
