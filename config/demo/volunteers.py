"""Two thousand invented volunteers and two years of what they did: the plan, before any row.

Pure and reproducible from a seed. The shape follows what time banks see: 40 % come once or twice,
10 % give half of the hours; women and the newly retired carry most of it.
"""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from config.demo.calendar import days_before, weight_of
from config.demo.names import invented_name

VOLUNTEERS = 2_000
FEWEST = 300  # with fewer some place has nobody for its stories
RECORDS_EACH = 10
DAYS = 730
SEED = 20261121

DURATIONS = {
    "S01": (60, 90, 120),
    "S02": (150, 180, 240),
    "S03": (30, 45, 60),
    "S04": (60, 90, 120),
    "S05": (60, 90),
    "S06": (60, 60, 90),
    "S07": (60, 90),
    "S08": (60, 90),
    "S09": (90, 120),
    "S10": (30, 45, 60),
}
SERVICE_WEIGHTS = {
    "S01": 14,
    "S02": 8,
    "S03": 10,
    "S04": 9,
    "S05": 13,
    "S06": 16,
    "S07": 11,
    "S08": 5,
    "S09": 9,
    "S10": 5,
}


@dataclass(frozen=True)
class PlannedVolunteer:
    """One invented person."""

    number: int
    name: str
    is_female: bool
    born_on: date
    place: int  # which of the lively places
    has_smartphone: bool


@dataclass(frozen=True)
class PlannedRecord:
    """One service: by whom, when, which, how long, how it is known."""

    volunteer: int
    day: date
    start_minute: int
    minutes: int
    service: str
    provenance: str


def plan_volunteers(
    chance: Random, *, today: date, places: int, pattern: dict[str, Any], count: int = VOLUNTEERS
) -> list[PlannedVolunteer]:
    """Ages, sexes and places by the shares of the data; pilot places come first and weigh more."""
    spans = {
        "14-17": (14, 17),
        "18-29": (18, 29),
        "30-44": (30, 44),
        "45-59": (45, 59),
        "60-69": (60, 69),
        "70+": (70, 79),
    }
    shares = pattern["age_share"]
    place_weights = [3 if place < 12 else 1 for place in range(places)]
    people = []
    for number in range(count):
        low, high = spans[chance.choices(list(shares), weights=list(shares.values()))[0]]
        age = chance.randint(low, high)
        is_female = chance.random() < pattern["female_share"]
        people.append(
            PlannedVolunteer(
                number=number,
                name=invented_name(chance, is_female=is_female),
                is_female=is_female,
                born_on=date(today.year - age - 1, chance.randint(1, 12), chance.randint(1, 28)),
                place=chance.choices(range(places), weights=place_weights)[0],
                has_smartphone=age < 60
                or chance.random() >= pattern["seniors_without_smartphone_share"],
            )
        )
    return people


def plan_records(
    chance: Random,
    *,
    today: date,
    pattern: dict[str, Any],
    volunteers: int = VOLUNTEERS,
) -> list[PlannedRecord]:
    """Who served when: the long tail, the seasons, at most one service a day per person."""
    days = days_before(today, DAYS)
    weights = [weight_of(day, pattern["month_weight"]) for day in days]
    shares = pattern["provenance_share"]
    services = list(SERVICE_WEIGHTS)
    planned = []
    for volunteer, times in enumerate(_times_each(chance, volunteers, RECORDS_EACH * volunteers)):
        for day in sorted(set(chance.choices(days, weights=weights, k=times))):
            service = chance.choices(services, weights=list(SERVICE_WEIGHTS.values()))[0]
            planned.append(
                PlannedRecord(
                    volunteer=volunteer,
                    day=day,
                    start_minute=chance.choice(range(8 * 60 + 30, 18 * 60 + 31, 30)),
                    minutes=chance.choice(DURATIONS[service]),
                    service=service,
                    provenance=chance.choices(list(shares), weights=list(shares.values()))[0],
                )
            )
    return sorted(planned, key=lambda record: (record.day, record.start_minute, record.volunteer))


def _times_each(chance: Random, volunteers: int, records: int) -> list[int]:
    """40 % once or twice; 10 % half of everything; the rest in between."""
    rare = volunteers * 4 // 10
    busy = volunteers // 10
    middle = volunteers - rare - busy
    times = [chance.choice((1, 1, 2)) for _ in range(rare)]
    busy_mean = records / 2 / busy
    times += [max(12, round(chance.gauss(busy_mean * 1.03, busy_mean / 5))) for _ in range(busy)]
    left = (records - sum(times)) / middle
    times += [max(3, round(chance.gauss(left, left / 3))) for _ in range(middle)]
    chance.shuffle(times)
    return times
