"""Who wrote down, confirmed and served: what the rules ask about people, for many at once."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, OuterRef
from django.utils.timezone import localdate

from accounts.models import Person, User
from accounts.selectors.people import is_minor
from timebank.models import GuardianConsent, ServiceRecord
from timebank.services.screening.facts import Seen, seen_of
from timebank.terms.screening import ScreeningTerms

YEAR = timedelta(days=365)
SEEN_ELSEWHERE = ("timebank.shift:", "timebank.serviceorder:", "timebank.history:")

type Pairs = dict[int, set[int]]


# Who wrote down many in minutes -----------------------------------------------------------


def is_entry(one: Seen) -> bool:
    """Written down for somebody else, with no presence, order or file of history behind it."""
    return one.recorded_by != one.volunteer and not one.source.startswith(SEEN_ELSEWHERE)


def bursts_with(records: list[Seen], terms: ScreeningTerms) -> dict[int, list[Seen]]:
    """For each record that a clerk wrote down: all that the clerk wrote down in those minutes."""
    written = [one for one in records if is_entry(one)]
    if not written:
        return {}
    first = min(one.recorded_at for one in written) - terms.burst_within
    last = max(one.recorded_at for one in written) + terms.burst_within
    rows = seen_of(
        ServiceRecord.objects.filter(
            recorded_by__in={one.recorded_by for one in written},
            recorded_by__kind=User.Kind.PERSON,
            recorded_at__range=(first, last),
        )
        .exclude(state=ServiceRecord.State.WITHDRAWN)
        .select_related("station")
    )
    by_clerk: dict[int, list[Seen]] = defaultdict(list)
    for row in rows:
        if is_entry(row):
            by_clerk[row.recorded_by].append(row)
    return {
        one.pk: [
            other
            for other in by_clerk[one.recorded_by]
            if abs(other.recorded_at - one.recorded_at) <= terms.burst_within
        ]
        for one in written
    }


def burst_people(records: list[Seen], terms: ScreeningTerms) -> dict[int, int]:
    """How many people the same clerk wrote down in the same minutes."""
    bursts = bursts_with(records, terms)
    return {pk: len({one.volunteer for one in others}) for pk, others in bursts.items()}


# Who confirms whom ------------------------------------------------------------------------


def rings_of(
    people: set[int], until: datetime, terms: ScreeningTerms
) -> dict[int, tuple[str, ...]]:
    """Who of these confirmed somebody's hours who confirmed theirs, directly or through a third."""
    since = until - terms.ring_within
    given = _confirmed({"confirmed_by__in": people}, since, terms)
    if not given:
        return {}
    confirmed_them = set().union(*given.values())
    onward = _confirmed({"confirmed_by__in": confirmed_them}, since, terms)
    found: dict[int, set[int]] = {}
    for person, seconds in given.items():
        for second in seconds:
            for third in onward.get(second, ()):
                if third == person:
                    found.setdefault(person, set()).add(second)
                elif person in onward.get(third, ()) or person in given.get(third, ()):
                    found.setdefault(person, set()).update({second, third})
    names = dict(
        User.objects.filter(pk__in=set().union(*found.values()) if found else ()).values_list(
            "pk", "display_name"
        )
    )
    return {
        person: tuple(names[other] for other in sorted(others)) for person, others in found.items()
    }


def _confirmed(narrowed: dict[str, object], since: datetime, terms: ScreeningTerms) -> Pairs:
    """Who confirmed whose hours at least so often since then."""
    rows = (
        ServiceRecord.objects.confirmed()
        .filter(**narrowed, confirmed_at__gte=since)
        .order_by()
        .values("confirmed_by", "volunteer")
        .annotate(times=Count("pk"))
        .filter(times__gte=terms.ring_times)
    )
    pairs: Pairs = defaultdict(set)
    for row in rows:
        pairs[row["confirmed_by"]].add(row["volunteer"])
    return pairs


# Who serves when the school asks ------------------------------------------------------------


def seasons_of(records: list[Seen], terms: ScreeningTerms) -> dict[int, tuple[int, int]]:
    """Minutes of pupils in the days before a school's deadline, and of the whole year."""
    inside = [one for one in records if terms.season_of(one.day) is not None]
    pupils = _pupils(inside, terms)
    inside = [one for one in inside if one.volunteer in pupils]
    if not inside:
        return {}
    served: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    rows = ServiceRecord.objects.standing().filter(
        volunteer__in=pupils, started_at__gt=min(one.started_at for one in inside) - YEAR
    )
    for who, started_at, minutes in rows.values_list("volunteer_id", "started_at", "minutes"):
        served[who].append((started_at, minutes))
    return {one.pk: _sums(one, served[one.volunteer], terms) for one in inside}


def minors_alone(records: list[Seen]) -> set[int]:
    """Records of who was under 18 that day with no guardian's consent standing (浙江省志愿服务条例
    art. 9); who gave no birthday is asked for it before any activity or order."""
    of_age = min(one.day for one in records) - relativedelta(years=18)
    consents = GuardianConsent.objects.filter(volunteer=OuterRef("user"), withdrawn_at=None)
    people = Person.objects.filter(
        ~Exists(consents), user__in={one.volunteer for one in records}, born_on__gt=of_age
    )
    born = dict(people.values_list("user_id", "born_on"))
    return {
        one.pk
        for one in records
        if (born_on := born.get(one.volunteer)) is not None and is_minor(born_on, one.day)
    }


def _pupils(records: list[Seen], terms: ScreeningTerms) -> set[int]:
    """Those young enough to be asked by a school; who gave no birthday is none."""
    if not records:
        return set()
    latest: date = max(one.day for one in records)
    born_after = latest - timedelta(days=round(terms.season_under_age * 365.25))
    people = Person.objects.filter(
        user__in={one.volunteer for one in records}, born_on__gt=born_after
    )
    return {who for who in people.values_list("user_id", flat=True) if who is not None}


def _sums(one: Seen, served: list[tuple[datetime, int]], terms: ScreeningTerms) -> tuple[int, int]:
    deadline = terms.season_of(one.day)
    assert deadline is not None, "asked for days before a deadline only"
    opens = deadline - timedelta(days=terms.season_days)
    year = [(localdate(at), minutes) for at, minutes in served if one.ended_at - YEAR < at]
    late = sum(minutes for day, minutes in year if opens < day <= deadline)
    return late, sum(minutes for _day, minutes in year)
