"""The coordinator's desk: what waits, and what one should know before deciding.

A hint says what is unusual and why; it accuses nobody and decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Attachment, Station, User
from accounts.rules import regions_of, stations_of
from accounts.selectors.people import people_looked_after_by
from accounts.templatetags.kit import clock, hours
from timebank.models.records import READERS_OF_A_REGION, ServiceRecord
from timebank.rules import records as record_rules
from timebank.selectors.evidence import Lack, lack_of, sheet_of
from timebank.selectors.screening import reasons_of

type Words = str | Promise

LONG_DAY_MINUTES = 8 * 60
TIGHT_GAP = timedelta(minutes=30)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hint:
    """One thing to look at before deciding."""

    words: Words
    tone: str = "info"


@dataclass(frozen=True)
class Case:
    """A record on the desk with its evidence beside it."""

    record: ServiceRecord
    photos: list[Attachment]
    hints: list[Hint] = field(default_factory=list)
    held_for: list[str] = field(default_factory=list)
    """Why somebody looks at it before it can be confirmed; empty where nobody has to."""
    lack: Lack | None = None
    """The evidence that its source demands and that is not there."""
    sheet: int | None = None
    """The paper on which they signed in, by its number."""


@dataclass(frozen=True)
class DeskLoad:
    """How much waits, and since when."""

    count: int
    oldest: datetime | None


def stations_run_by(user: User) -> QuerySet[Station]:
    return Station.objects.filter(pk__in=stations_of(user)).select_related("region")


def stations_seen_by(user: User) -> QuerySet[Station]:
    """The stations a person runs, and those of the places they answer for."""
    seen = Q(pk__in=stations_of(user))
    overseen = regions_of(user, *READERS_OF_A_REGION)
    if overseen:
        seen |= Q(region__lineage__overlap=overseen)
    return Station.objects.filter(seen).order_by("region__code", "name")


def volunteers_known_at(user: User) -> QuerySet[User]:
    """Whom a coordinator may write service down for: the people of the place, and whoever has
    served at the station."""
    served = ServiceRecord.objects.filter(station__in=stations_of(user)).values("volunteer")
    near = people_looked_after_by(user).values("pk")
    return User.objects.filter(Q(pk__in=near) | Q(pk__in=served), is_active=True)


def desk_load(user: User) -> DeskLoad:
    """How much waits for the coordinator, in one question."""
    found = ServiceRecord.objects.awaiting(user).aggregate(
        count=Count("pk"), oldest=Min("recorded_at")
    )
    return DeskLoad(found["count"], found["oldest"])


def waiting_records(
    user: User, *, words: str = "", station: Station | None = None, provenance: str = ""
) -> QuerySet[ServiceRecord]:
    """What waits for this coordinator, oldest first."""
    records = (
        ServiceRecord.objects.awaiting(user)
        .with_parties()
        .select_related("region")
        .order_by("recorded_at", "pk")
    )
    return narrowed(records, words=words, station=station, provenance=provenance)


def station_records(
    user: User,
    *,
    words: str = "",
    station: Station | None = None,
    provenance: str = "",
    state: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[ServiceRecord]:
    """All records a coordinator or officer may see besides their own, latest service first."""
    seen = ServiceRecord.objects.visible_to(user).exclude(
        ~Q(station__in=stations_of(user)), volunteer=user
    )
    records = narrowed(seen.with_parties(), words=words, station=station, provenance=provenance)
    if state:
        records = records.filter(state=state)
    if since:
        records = records.filter(started_at__gte=since)
    if until:
        records = records.filter(started_at__lt=until)
    return records


def narrowed(
    records: QuerySet[ServiceRecord],
    *,
    words: str = "",
    station: Station | None = None,
    provenance: str = "",
) -> QuerySet[ServiceRecord]:
    """Only those that match: a name, a number or a part of what was done."""
    if words:
        records = records.filter(
            Q(volunteer__display_name__icontains=words)
            | Q(volunteer__person__real_name__icontains=words)
            | Q(number__iexact=words)
            | Q(what__icontains=words)
        )
    if station is not None:
        records = records.filter(station=station)
    if provenance:
        records = records.filter(provenance=provenance)
    return records


def cases_of(records: Iterable[ServiceRecord]) -> list[Case]:
    """The records with their photos, hints, what they lack and what holds them: a fixed number of
    questions, however many records."""
    records = list(records)
    neighbours = _neighbours_of(records)
    prefetch_related_objects(records, "photos", "attendance")
    uses = _uses_of_photos(records)
    held = {record.pk: record.screening for record in records if record_rules.is_held(record)}
    prefetch_related_objects(list(held.values()), "flags")
    return [
        Case(
            record,
            list(record.photos.all()),
            [*hints_of(record, neighbours.get(record.pk, [])), *_used_before(record, uses)],
            reasons_of(held[record.pk]) if record.pk in held else [],
            lack_of(record) if record.state == ServiceRecord.State.SUBMITTED else None,
            sheet_of(record),
        )
        for record in records
    ]


def hints_of(record: ServiceRecord, neighbours: list[ServiceRecord]) -> list[Hint]:
    """What is unusual about a record, in the order a coordinator would ask."""
    hints = []
    kind = record.service_type
    if not kind.is_usual(record.minutes):
        hints.append(
            Hint(
                _("%(service)s通常 %(least)s 至 %(most)s，这次 %(minutes)s。")
                % {
                    "service": kind.name,
                    "least": hours(kind.min_minutes),
                    "most": hours(kind.max_minutes),
                    "minutes": hours(record.minutes),
                },
                "waiting",
            )
        )
    same_day = [other for other in neighbours if _day(other) == _day(record)]
    total = record.minutes + sum(other.minutes for other in same_day)
    if same_day:
        hints.append(
            Hint(
                _("当天另有 %(count)d 条记录，合计 %(total)s。")
                % {"count": len(same_day), "total": hours(total)},
                "waiting" if total > LONG_DAY_MINUTES else "info",
            )
        )
    for other in neighbours:
        if other.station_id != record.station_id and _gap(record, other) < TIGHT_GAP:
            hints.append(
                Hint(
                    _("与%(station)s %(from)s–%(to)s 的记录相隔不到半小时。")
                    % {
                        "station": other.station.name,
                        "from": clock(other.started_at),
                        "to": clock(other.ended_at),
                    },
                    "waiting",
                )
            )
    if record.late_reason and record.recorded_by_id != record.volunteer_id:
        hints.append(Hint(_("站点代为登记：%s") % record.late_reason, "info"))
    elif record.late_reason:
        hints.append(Hint(_("超过十个工作日补录：%s") % record.late_reason, "waiting"))
    if any(photo.taken_in_time == Attachment.Evidence.DIFFERS for photo in record.photos.all()):
        hints.append(Hint(_("有照片的拍摄时间与服务时间不符。"), "waiting"))
    return hints


def _neighbours_of(records: list[ServiceRecord]) -> dict[int, list[ServiceRecord]]:
    """Other standing records of the same people around the same days."""
    if not records:
        return {}
    wanted = Q()
    for record in records:
        wanted |= Q(
            volunteer=record.volunteer_id,
            started_at__gte=record.started_at - A_DAY,
            started_at__lte=record.ended_at + A_DAY,
        )
    found: dict[int, list[ServiceRecord]] = {}
    near = list(ServiceRecord.objects.standing().filter(wanted).select_related("station"))
    for record in records:
        found[record.pk] = [
            other
            for other in near
            if other.pk != record.pk
            and other.volunteer_id == record.volunteer_id
            and (_day(other) == _day(record) or _gap(record, other) < TIGHT_GAP)
        ]
    return found


def _uses_of_photos(records: list[ServiceRecord]) -> dict[str, set[int]]:
    """In which records the same pictures appear, by what is in the picture."""
    pictures = {photo.sha256 for record in records for photo in record.photos.all()}
    if not pictures:
        return {}
    uses: dict[str, set[int]] = {}
    found = ServiceRecord.objects.standing().filter(photos__sha256__in=pictures)
    for picture, pk in found.order_by().values_list("photos__sha256", "pk"):
        uses.setdefault(picture, set()).add(pk)
    return uses


def _used_before(record: ServiceRecord, uses: dict[str, set[int]]) -> list[Hint]:
    others = set().union(*(uses.get(photo.sha256, set()) for photo in record.photos.all()))
    return [Hint(_("有照片也用在别的记录里。"), "waiting")] if others - {record.pk} else []


def _day(record: ServiceRecord) -> object:
    return timezone.localdate(record.started_at)


def _gap(record: ServiceRecord, other: ServiceRecord) -> timedelta:
    return max(record.started_at - other.ended_at, other.started_at - record.ended_at)
