"""What a draw is made from, and what it found: pools, totals, the file that is published."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import Region, Role, User
from timebank.models import Inspection, InspectionItem, Relation, ServiceRecord, TimeBank
from timebank.rules.checks import INSPECTS
from timebank.selectors.nearness import town_of

State = InspectionItem.State
OPEN_STATES = (State.ASSIGNED, State.NOTIFIED, State.REPLIED)


@dataclass(frozen=True, slots=True)
class Inspectors:
    """Who may be drawn, by a code that tells nothing; and where a community's worker works."""

    codes: dict[str, int]
    own_places: dict[int, set[int]]

    def code_of(self, user: int) -> str:
        return next(code for code, pk in self.codes.items() if pk == user)


@dataclass(frozen=True, slots=True)
class TownResult:
    """What was found in one town, in numbers only."""

    town: Region
    drawn: int
    passed: int
    put_right: int
    false: int


def records_in(bank: TimeBank, since: date, until: date) -> QuerySet[ServiceRecord]:
    """Confirmed records of the bank whose service lay in the period."""
    return ServiceRecord.objects.confirmed().filter(
        bank=bank, started_at__date__gte=since, started_at__date__lte=until
    )


def inspectors_in(bank: TimeBank) -> Inspectors:
    """Officers and social workers of the bank's places, by codes in an order of their own."""
    roles = Role.objects.active().filter(
        kind__in=INSPECTS,
        region__lineage__contains=[bank.region_id],
        user__is_active=True,
    )
    own_places: dict[int, set[int]] = defaultdict(set)
    for user, kind, region in roles.values_list("user_id", "kind", "region_id"):
        own_places[user] |= {region} if kind == Role.Kind.COMMUNITY_WORKER else set()
    people = sorted(own_places)
    return Inspectors(
        {f"J{number:03d}": user for number, user in enumerate(people, start=1)}, own_places
    )


def pool_for(
    bank: TimeBank, since: date, until: date, *, per_mille: int, at_least: int
) -> tuple[dict[str, Any], Inspectors]:
    """The pool as it is hashed and published: numbers and codes, nothing personal."""
    inspectors = inspectors_in(bank)
    code_of = {user: code for code, user in inspectors.codes.items()}
    runs = _stations_run_by(list(code_of))
    kin = _relatives_of(list(code_of))
    regions = {
        one.pk: one
        for one in Region.objects.filter(lineage__contains=[bank.region_id]).select_related(
            "parent"
        )
    }
    code_of_town = {pk: regions[town_of(one)].code for pk, one in regions.items()}
    towns: dict[str, list[str]] = defaultdict(list)
    kept_from: dict[str, list[str]] = {}
    rows = records_in(bank, since, until).order_by("pk")
    for number, region, station, volunteer, *hands in rows.values_list(
        "number", "region_id", "station_id", "volunteer_id", "recorded_by_id", "confirmed_by_id"
    ).iterator(chunk_size=5_000):
        towns[code_of_town[region]].append(number)
        near = {volunteer, *hands} | kin.get(volunteer, set()) | runs.get(station, set())
        kept = {code_of[user] for user in near if user in code_of} | {
            code_of[user] for user, places in inspectors.own_places.items() if region in places
        }
        if kept:
            kept_from[number] = sorted(kept)
    pool = {
        "towns": dict(towns),
        "inspectors": sorted(inspectors.codes),
        "kept_from": kept_from,
        "per_mille": per_mille,
        "at_least": at_least,
    }
    return pool, inspectors


def _stations_run_by(people: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    roles = Role.objects.active().filter(kind=Role.Kind.COORDINATOR, user__in=people)
    for station, user in roles.values_list("station_id", "user_id"):
        if station is not None:
            found[station].add(user)
    return found


def _relatives_of(people: list[int]) -> dict[int, set[int]]:
    """Inspectors who are relatives of somebody, by that somebody."""
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in Relation.objects.standing().values_list("declared_by_id", "relative_id"):
        if one in people:
            found[other].add(one)
        if other in people:
            found[one].add(other)
    return found


def town_results(inspection: Inspection) -> list[TownResult]:
    """How it went in each town; the order is the towns' codes, never a ranking."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = inspection.items.order_by().values_list("town", "state").annotate(number=Count("pk"))
    for town, state, number in rows:
        counts[town][state] = number
    towns = Region.objects.filter(pk__in=counts).order_by("code")
    return [
        TownResult(
            town,
            drawn=sum(counts[town.pk].values()),
            passed=counts[town.pk].get(State.PASSED, 0),
            put_right=counts[town.pk].get(State.CLOSED, 0),
            false=counts[town.pk].get(State.FALSE, 0),
        )
        for town in towns
    ]


def published_file(inspection: Inspection) -> dict[str, Any]:
    """Everything one needs to run the draw again, and nothing about anybody."""
    code_of = {user: code for code, user in inspection.inspectors.items()}
    items = inspection.items.order_by("pk").values_list(
        "town__code", "record__number", "inspector_id"
    )
    return {
        "number": inspection.number,
        "since": inspection.since.isoformat(),
        "until": inspection.until.isoformat(),
        "prepared_at": inspection.prepared_at.isoformat(),
        "pool_hash": inspection.pool_hash,
        "secret_hash": inspection.secret_hash,
        "secret": inspection.secret,
        "word": inspection.word,
        "pool": inspection.pool,
        "drawn": [[town, number, code_of[user]] for town, number, user in items],
    }


def items_to_inspect(user: User) -> QuerySet[InspectionItem]:
    """What waits for this inspector: to look at, and to look at again."""
    return InspectionItem.objects.filter(
        inspector=user, state__in=[State.ASSIGNED, State.REPLIED]
    ).with_record()


def notices_to(stations: list[int]) -> QuerySet[InspectionItem]:
    """整改通知 these stations have not answered yet."""
    return InspectionItem.objects.filter(
        record__station__in=stations, state=State.NOTIFIED
    ).with_record()


def last_period_before(today: date) -> tuple[date, date]:
    """The month before this one: what one usually draws from."""
    until = today.replace(day=1) - timedelta(days=1)
    return until.replace(day=1), until
