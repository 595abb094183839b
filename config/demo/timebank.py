"""The demo's time bank: the plan of `volunteers` turned into people, records and transfers.

`happened_at` lies in the past where the service does; `recorded_at` is now, because that is when
the demo recorded it. Rows go in by the thousand, minutes through the ledger's own batch.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from accounts.models import Person, Region, Role, User
from accounts.services.regions import pinyin_of
from accounts.services.roles import grant_role
from config.demo.cast import HAINING, Cast, phone_of
from config.demo.places import LivelyPlace
from config.demo.volunteers import (
    SEED,
    PlannedRecord,
    PlannedVolunteer,
    plan_records,
    plan_volunteers,
)
from timebank.models import ServiceRecord, ServiceType, TimeBank
from timebank.models.ledger import LedgerAccount, Leg, TransferKind
from timebank.services.banks import account_of, issuance_of, open_bank, pool_of
from timebank.services.catalogue import load_catalogue
from timebank.services.ledger import Posting, gather_statistics, post_batch

DATA = Path(__file__).resolve().parent / "data"
BATCH = 2_000
FIRST_INVENTED_PHONE = 10_000

PROVENANCE = {
    "站点签到": ServiceRecord.Provenance.CHECK_IN,
    "纸质签到表现场确认": ServiceRecord.Provenance.PAPER,
    "服务对象服务码确认": ServiceRecord.Provenance.RECIPIENT_CODE,
    "自报": ServiceRecord.Provenance.SELF_REPORTED,
    "补录": ServiceRecord.Provenance.BACKFILLED,
}
ASKED = {
    "自报": "打电话问过服务对象，说来过（虚构）",
    "补录": "看过站点的登记本，问过在场的人（虚构）",
}
WHOM = {
    "S01": "独居老人",
    "S02": "独居老人",
    "S03": "行动不便的邻居",
    "S04": "困难家庭",
    "S05": "60 岁以上居民",
    "S06": "空巢老人",
    "S07": "行动不便的老人",
    "S08": "老年家庭",
    "S09": "新居民子女",
    "S10": "独居老人",
}


@dataclass(frozen=True)
class Settled:
    """What later steps of the demo build on."""

    bank: TimeBank
    places: list[LivelyPlace]
    volunteers: list[User]
    coordinators: dict[int, User]

    def grown_ups_at(self, region_id: int, today: date) -> list[User]:
        """Volunteers of a place who are of age, in the order they joined."""
        here = [one.pk for one in self.volunteers if one.home_region_id == region_id]
        of_age = User.objects.filter(
            pk__in=here, person__born_on__lte=today - timedelta(days=19 * 366)
        )
        return list(of_age.order_by("pk"))


@dataclass(frozen=True)
class Served:
    """One planned service with the people and the place it belongs to."""

    plan: PlannedRecord
    volunteer: User
    place: LivelyPlace


def load_time_bank(
    cast: Cast, places: list[LivelyPlace], *, volunteers: int, today: date
) -> Settled:
    """The bank, its people and two years of their service."""
    pattern = json.loads((DATA / "pattern.json").read_text(encoding="utf-8"))
    system = cast.people["system"]
    county = Region.objects.current().get(code=HAINING)
    bank = open_bank("海宁时间银行", region=county, acting_user=system)
    load_catalogue()
    coordinators = _coordinators(cast, places)
    chance = Random(SEED)
    planned = plan_volunteers(
        chance, today=today, places=len(places), pattern=pattern, count=volunteers
    )
    people = _volunteers(planned, places)
    settled = Settled(bank, places, people, coordinators)
    served = [
        Served(one, people[one.volunteer], places[planned[one.volunteer].place])
        for one in plan_records(chance, today=today, pattern=pattern, volunteers=volunteers)
    ]
    confirm_served(settled, served, acting_user=system)
    gather_statistics()
    return settled


def _coordinators(cast: Cast, places: Sequence[LivelyPlace]) -> dict[int, User]:
    """Who confirms at each station: the cast's two, and one invented person for each other."""
    held = {
        cast.stations["nanguanxiang"].pk: cast.people["chen"],
        cast.stations["xucun"].pk: cast.people["cheng"],
    }
    for place, lively in enumerate(places):
        if lively.station.pk not in held:
            user = User.objects.create_user(
                display_name=f"{lively.region.short_name.removesuffix('社区')}站长",
                phone=phone_of(1_000 + place),
                phone_verified=True,
                home_region=lively.region,
            )
            Person.objects.create(
                user=user, real_name=user.display_name, region=lively.region, is_demo=True
            )
            grant_role(
                user,
                Role.Kind.COORDINATOR,
                station=lively.station,
                acting_user=cast.people["system"],
            )
            held[lively.station.pk] = user
    return held


def _volunteers(planned: Sequence[PlannedVolunteer], places: Sequence[LivelyPlace]) -> list[User]:
    unusable = make_password(None)
    users = User.objects.bulk_create(
        [
            User(
                display_name=one.name,
                phone=phone_of(FIRST_INVENTED_PHONE + one.number),
                phone_verified=one.has_smartphone,
                password=unusable,
                home_region=places[one.place].region,
                text_size=User.Text.NORMAL if one.has_smartphone else User.Text.LARGE,
            )
            for one in planned
        ],
        batch_size=BATCH,
    )
    pinyin: dict[str, str] = {name: pinyin_of(name) for name in {one.name for one in planned}}
    Person.objects.bulk_create(
        [
            Person(
                user=user,
                real_name=one.name,
                pinyin=pinyin[one.name],
                gender=Person.Gender.FEMALE if one.is_female else Person.Gender.MALE,
                born_on=one.born_on,
                phone=user.phone or "",
                region=places[one.place].region,
                has_smartphone=one.has_smartphone,
                is_demo=True,
            )
            for user, one in zip(users, planned, strict=True)
        ],
        batch_size=BATCH,
    )
    Role.objects.bulk_create(
        [
            Role(user=user, kind=Role.Kind.VOLUNTEER, region=places[one.place].region)
            for user, one in zip(users, planned, strict=True)
        ],
        batch_size=BATCH,
    )
    return users


def confirm_served(settled: Settled, served: Sequence[Served], *, acting_user: User) -> None:
    """Confirmed records and their minutes, batch by batch."""
    types = {one.code: one for one in ServiceType.objects.all()}
    issuance = issuance_of(settled.bank)
    accounts: dict[int, LedgerAccount] = {}
    for batch in _batches(served):
        rows = []
        for number, one in zip(_reserved_numbers(len(batch)), batch, strict=True):
            if one.volunteer.pk not in accounts:
                accounts[one.volunteer.pk] = account_of(one.volunteer, settled.bank)
            rows.append(_record(number, one, types[one.plan.service], settled))
        credits = post_batch(
            settled.bank.book,
            [_reward(row, issuance, accounts[row.volunteer_id]) for row in rows],
            acting_user=acting_user,
        )
        for row, credit in zip(rows, credits, strict=True):
            row.credit_id = credit
        ServiceRecord.objects.bulk_create(rows, batch_size=BATCH)


def _record(number: int, served: Served, service: ServiceType, settled: Settled) -> ServiceRecord:
    one, volunteer, place = served.plan, served.volunteer, served.place
    started_at = instant(one.day, one.start_minute)
    ended_at = started_at + timedelta(minutes=one.minutes)
    coordinator = settled.coordinators[place.station.pk]
    return ServiceRecord(
        pk=number,
        bank=settled.bank,
        volunteer=volunteer,
        station=place.station,
        region=place.region,
        service_type=service,
        what=service.name,
        place=f"{place.region.short_name}{service.place}"[:60],
        led_by=coordinator.display_name,
        started_at=started_at,
        ended_at=ended_at,
        minutes=one.minutes,
        for_whom=WHOM[service.code],
        provenance=PROVENANCE[one.provenance],
        state=ServiceRecord.State.CONFIRMED,
        confirmed_by=coordinator,
        confirmed_at=min(ended_at + timedelta(hours=20), timezone.now()),
        verified_how=ASKED.get(one.provenance, ""),
        recorded_by=volunteer,
    )


def _reward(row: ServiceRecord, issuance: LedgerAccount, account: LedgerAccount) -> Posting:
    return Posting(
        legs=Leg.pair(from_account=issuance, to_account=account, amount=row.minutes),
        kind=TransferKind.REWARD,
        reason=f"{row.service_type.name}（{row.for_whom}）",
        source=row.ledger_source,
        key=f"reward:{row.ledger_source}",
        happened_at=row.ended_at,
    )


def fill_pools(settled: Settled, *, acting_user: User) -> None:
    """Some of those with many hours give to their station's 爱心时间库, and at each whoever has
    most: whatever day it is, no station's pool is empty."""
    chance = Random(SEED + 1)
    postings = []
    accounts = LedgerAccount.objects.filter(
        book=settled.bank.book, kind="person", posted__gte=240
    ).order_by("id")
    by_key = {f"user:{user.pk}": user for user in settled.volunteers}
    pools = {place.region.pk: pool_of(place.station) for place in settled.places}
    most: dict[int, int] = {}
    for account in accounts:
        if user := by_key.get(account.owner_key):
            home = user.home_region_id or 0
            most[home] = max(most.get(home, 0), account.posted)
    for account in accounts:
        user = by_key.get(account.owner_key)
        if user is None:
            continue
        home = user.home_region_id or 0
        has_most = account.posted == most[home]
        if not has_most and (account.posted < 1_200 or chance.random() > 0.4):
            continue
        hours = account.posted // 120
        postings.append(
            Posting(
                legs=Leg.pair(
                    from_account=account,
                    to_account=pools[home],
                    amount=60 * (hours if has_most else chance.randint(1, min(8, hours))),
                ),
                kind=TransferKind.GIFT,
                reason="捐入爱心时间库",
                source=f"demo.gift:{user.pk}",
                key=f"gift:demo:{user.pk}",
                happened_at=timezone.now() - timedelta(days=chance.randint(1, 120)),
            )
        )
    post_batch(settled.bank.book, postings, acting_user=acting_user)


def _reserved_numbers(count: int) -> list[int]:
    """Row numbers taken ahead, because the ledger's keys are made from them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('timebank_servicerecord', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _batches(records: Sequence[Served]) -> Iterator[Sequence[Served]]:
    for start in range(0, len(records), BATCH):
        yield records[start : start + BATCH]


def instant(day: date, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(minute // 60, minute % 60)))
