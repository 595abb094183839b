"""A month of a large city: people, records, credits, screening, then the pages everybody opens.

Everybody here is invented. Rows go in by the thousand and through the ledger's own batch, as an
import does; what is measured afterwards is what a page asks of the database, by its own clock.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from resource import RUSAGE_SELF, getrusage
from typing import Any

from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Consent, Region, Station, User
from accounts.services.system_user import the_product
from timebank.models import Flag, LedgerAccount, ServiceRecord, ServiceType, TimeBank
from timebank.models.ledger import Leg, TransferKind
from timebank.selectors.honours import honour_board
from timebank.selectors.statements import (
    balance_curve,
    balance_of,
    open_holds_of,
    statement_of,
    totals_by_month,
)
from timebank.services.banks import account_of, issuance_of, open_bank
from timebank.services.catalogue import load_catalogue
from timebank.services.honour_boards import draw_boards
from timebank.services.ledger import Posting, post_batch
from timebank.services.screening.run import screen_records

AT_ONCE = 2_000
A_MONTH = 30
SLOTS = (8 * 60, 13 * 60, 18 * 60)  # minutes of the day at which service begins
LONGEST = 180
AGREE = 0.4  # to be thanked in public
INVENTED = 0.01  # say that somebody signed in where nobody did: screening has to find them


@dataclass
class Month:
    """What was made and what it took; `asked` is milliseconds of database time by page."""

    volunteers: int
    records: int = 0
    minutes: int = 0
    flagged: int = 0
    flags: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    asked: dict[str, list[float]] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)

    @property
    def records_per_second(self) -> float:
        return self.records / (self.seconds["writing the records"] or 1)

    @property
    def memory_megabytes(self) -> float:
        return getrusage(RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True)
class City:
    """Where it happens: a bank, its stations, the people who serve, who confirms."""

    bank: TimeBank
    stations: list[Station]
    volunteers: list[User]
    accounts: dict[int, LedgerAccount]
    confirmer: User


def simulate(*, volunteers: int, seed: int, rounds: int, say: Callable[[str], object]) -> Month:
    """Fill this database with a month and ask of it what pages ask. Never the one people use: the
    command makes one of its own, tests hand theirs."""
    month = Month(volunteers)
    chance = Random(seed)  # noqa: S311 - a plan, no secret
    with _timed(month, "people and accounts"):
        city = _city(volunteers, chance)
    say(f"{volunteers:,} people after {month.seconds['people and accounts']:.0f} s")
    with _timed(month, "writing the records"):
        numbers = _serve(city, chance, month, say)
    say(f"{month.records:,} records, {month.records_per_second:,.0f} a second")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    with _timed(month, "screening"):
        for start in range(0, len(numbers), AT_ONCE):
            month.flagged += len(screen_records(numbers[start : start + AT_ONCE]).held)
    for rule in Flag.objects.values_list("rule", flat=True):
        month.flags[rule] = month.flags.get(rule, 0) + 1
    say(f"screened after {month.seconds['screening']:.0f} s, {month.flagged:,} stand out")
    with _timed(month, "drawing the boards"):
        draw_boards()
    say(f"boards drawn after {month.seconds['drawing the boards']:.1f} s")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    _ask(city, month, rounds, chance)
    return month


# The city ---------------------------------------------------------------------------------------


def _city(count: int, chance: Random) -> City:
    product = the_product()
    county, places = _places()
    bank = open_bank("Month", region=county, acting_user=product)
    load_catalogue()
    stations = Station.objects.bulk_create(
        Station(name=f"Station {place.pk}", region=place, state=Station.State.OPEN)
        for place in places
    )
    confirmer = User.objects.create_user(display_name="Officer", email="month@example.org")
    people: list[User] = []
    for start in range(0, count, AT_ONCE):
        people += User.objects.bulk_create(
            User(
                display_name=f"Volunteer {number}",
                phone=f"+86100{number:08d}",
                home_region=chance.choice(places),
            )
            for number in range(start, min(start + AT_ONCE, count))
        )
    Consent.objects.bulk_create(
        [
            Consent(user=person, purpose=Consent.Purpose.HONOUR, recorded_by=person)
            for person in people
            if chance.random() < AGREE
        ],
        batch_size=AT_ONCE,
    )
    accounts: dict[int, LedgerAccount] = {}
    for start in range(0, count, AT_ONCE):
        with transaction.atomic():
            accounts |= {
                person.pk: account_of(person, bank) for person in people[start : start + AT_ONCE]
            }
    return City(bank, stations, people, accounts, confirmer)


def _places() -> tuple[Region, list[Region]]:
    """A county with 12 towns of 10 communities; those of the database where it has some."""
    county = Region.objects.filter(level=Region.Level.COUNTY).first()
    if county is not None:
        found = list(Region.objects.filter(level=Region.Level.COMMUNITY)[:120])
        if found:
            return county, found
    if county is None:
        province = _region("330000000000", Region.Level.PROVINCE, Region.Kind.PROVINCE, None)
        county = _region("330481000000", Region.Level.COUNTY, Region.Kind.COUNTY, province)
    places = []
    for town_number in range(1, 13):
        code = f"3304811{town_number:02d}000"
        town = _region(code, Region.Level.TOWN, Region.Kind.TOWN, county)
        places += [
            _region(f"{code[:9]}{number:03d}", Region.Level.COMMUNITY, Region.Kind.COMMUNITY, town)
            for number in range(1, 11)
        ]
    return county, places


def _region(code: str, level: int, kind: str, parent: Region | None) -> Region:
    region = Region.objects.create(
        code=code,
        name=code,
        short_name=code,
        level=level,
        kind=kind,
        parent=parent,
        valid_from=date(2020, 1, 1),
    )
    region.lineage = [*(parent.lineage if parent else []), region.pk]
    region.save(update_fields=["lineage"])
    return region


# The month --------------------------------------------------------------------------------------


def _serve(city: City, chance: Random, month: Month, say: Callable[[str], object]) -> list[int]:
    """The long tail: two in five come once or twice, a few nearly every day."""
    kinds = list(ServiceType.objects.active())
    today = timezone.localdate()
    numbers: list[int] = []
    waiting: list[ServiceRecord] = []
    for person in city.volunteers:
        days = chance.sample(range(1, A_MONTH + 1), _times(chance))
        station = chance.choice(city.stations)
        for back in days:
            day = today - timedelta(days=back)
            for slot in SLOTS[: 3 if chance.random() < 0.01 else 1]:
                waiting.append(
                    _record(city, person, station, chance.choice(kinds), day, slot, chance)
                )
        if len(waiting) >= AT_ONCE:
            numbers += _write(city, waiting, month)
            waiting.clear()
            if len(numbers) % 50_000 < AT_ONCE:
                say(f"  {len(numbers):,} records")
    numbers += _write(city, waiting, month)
    return numbers


def _times(chance: Random) -> int:
    draw = chance.random()
    if draw < 0.4:
        return chance.choice((1, 1, 2))
    return chance.randint(2, 5) if draw < 0.97 else chance.randint(10, 20)


def _record(
    city: City,
    person: User,
    station: Station,
    kind: ServiceType,
    day: date,
    slot: int,
    chance: Random,
) -> ServiceRecord:
    minutes = chance.choice((30, 60, 90, 120, LONGEST))
    started_at = _instant(day, slot)
    ended_at = started_at + timedelta(minutes=minutes)
    return ServiceRecord(
        bank=city.bank,
        volunteer=person,
        station=station,
        region=station.region,
        service_type=kind,
        what=kind.name,
        place=station.name,
        started_at=started_at,
        ended_at=ended_at,
        minutes=minutes,
        for_whom="—",
        provenance=ServiceRecord.Provenance.CHECK_IN
        if chance.random() < INVENTED
        else ServiceRecord.Provenance.RECIPIENT_CODE,
        recorded_by=person,
    )


def _write(city: City, records: Sequence[ServiceRecord], month: Month) -> list[int]:
    """Their credits in one call of the ledger, then the records as confirmed."""
    if not records:
        return []
    issuance = issuance_of(city.bank)
    now = timezone.now()
    numbers = _numbers_for(len(records))
    for number, record in zip(numbers, records, strict=True):
        record.pk = number
        record.state = ServiceRecord.State.CONFIRMED
        record.confirmed_by = city.confirmer
        record.confirmed_at = now
    credits = post_batch(
        city.bank.book,
        [
            Posting(
                legs=Leg.pair(
                    from_account=issuance,
                    to_account=city.accounts[record.volunteer_id],
                    amount=record.minutes,
                ),
                kind=TransferKind.REWARD,
                reason=record.what,
                source=record.ledger_source,
                key=f"reward:{record.ledger_source}",
                happened_at=record.ended_at,
            )
            for record in records
        ],
        acting_user=city.confirmer,
    )
    for record, credit in zip(records, credits, strict=True):
        record.credit_id = credit
    ServiceRecord.objects.bulk_create(records)
    month.records += len(records)
    month.minutes += sum(record.minutes for record in records)
    return numbers


def _numbers_for(count: int) -> list[int]:
    """Row numbers taken ahead, because the ledger's keys are made from them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('timebank_servicerecord', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _instant(day: date, minute: int) -> datetime:
    midnight = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    return midnight + timedelta(minutes=minute)


# What pages ask ---------------------------------------------------------------------------------


def _ask(city: City, month: Month, rounds: int, chance: Random) -> None:
    towns = list(Region.objects.filter(level=Region.Level.TOWN)[:12])
    groups = sorted(set(ServiceType.objects.active().values_list("group", flat=True)))
    today = timezone.localdate()
    for _round in range(rounds):
        account = chance.choice(list(city.accounts.values()))
        town, group = chance.choice([None, *towns]), chance.choice(["", *groups])
        _note(month, "statement", partial(_statement, account))
        board = partial(honour_board, place=town, period="month", group=group, today=today)
        _note(month, "board", board)


def _statement(account: LedgerAccount) -> Any:
    """Everything a statement's page reads."""
    now = LedgerAccount.objects.get(book_id=account.book_id, pk=account.pk)
    return (
        balance_of(now),
        statement_of(now),
        open_holds_of(now),
        totals_by_month(now),
        balance_curve(now),
    )


def _note(month: Month, page: str, ask: Callable[[], Any]) -> None:
    """Database time as the database's client sees it, and in how many questions."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    spent = sum(float(query["time"]) for query in asked.captured_queries) * 1000
    month.asked.setdefault(page, []).append(spent)
    month.questions[page] = max(month.questions.get(page, 0), len(asked))


class _timed:  # noqa: N801 - reads as a word in the story above
    """Seconds of a step, by its name."""

    def __init__(self, month: Month, step: str) -> None:
        self.month, self.step = month, step

    def __enter__(self) -> None:
        self.began = time.monotonic()

    def __exit__(self, *_trouble: object) -> None:
        self.month.seconds[self.step] = time.monotonic() - self.began
