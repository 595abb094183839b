"""The demo's menus and service orders: half a year of them served, a few of them under way.

Steps of today go through the services people use; what lies in the past is written as it was.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Person, User
from accounts.services.regions import pinyin_of
from config.demo.activity_rows import INSURANCE
from config.demo.cast import Cast, phone_of
from config.demo.names import invented_name
from config.demo.places import LivelyPlace
from config.demo.timebank import Settled, instant
from config.demo.volunteers import SEED
from timebank.errors.ledger import NotEnoughHours
from timebank.models import (
    Feedback,
    Listing,
    ServiceOrder,
    ServiceRecord,
    ServiceType,
    TimeBank,
    TransferKind,
)
from timebank.selectors.catalogue import coefficient_for
from timebank.services.banks import account_of, pool_of
from timebank.services.holds import place_hold, settle_hold
from timebank.services.orders import Wish, accept_order, deliver_order, place_order
from timebank.services.recipients import note_agreement
from timebank.services.records import Service, write_confirmed_record
from timebank.terms.orders import undelivered_until

DrawnFrom = ServiceOrder.DrawnFrom
Provenance = ServiceRecord.Provenance

PAST_ORDERS = 180
ASKED = "打电话问过服务对象，说来过，满意"
ON_THE_MENU = ("S01", "S02", "S03", "S05", "S06", "S07", "S08", "S10")
BELIEVABLE = (8 * 60 + 30, 9 * 60, 10 * 60, 13 * 60 + 30, 15 * 60 + 30, 16 * 60 + 30)
SHORT = ("S01", "S03", "S05", "S06", "S07", "S10")
THANKS = (
    "头发理得清爽，还陪我说了半天话。",
    "修好了水龙头，还把漏水的桶倒了，真细心。",
    "字写得大，我看得清，手机会用了。",
    "菜新鲜，零钱一分不差。",
    "",
    "",
)


def open_menus(settled: Settled) -> dict[int, list[Listing]]:
    """Every station offers what the catalogue knows; the smaller places a little less."""
    types = {one.code: one for one in ServiceType.objects.active()}
    now = timezone.now()
    insured_until = timezone.localdate(now) + timedelta(days=240)
    rows = []
    for number, place in enumerate(settled.places):
        codes = ON_THE_MENU if number < 12 else ON_THE_MENU[:5]
        for code in codes:
            service = types[code]
            rows.append(
                Listing(
                    station=place.station,
                    service_type=service,
                    title=service.name,
                    minutes=service.usual_minutes,
                    description=f"适合{service.for_whom}。{service.requires}。",
                    audience=Listing.Audience.EVERYONE,
                    insurance=INSURANCE if service.carries_risk else "",
                    insured_until=insured_until if service.carries_risk else None,
                    state=Listing.State.PUBLISHED,
                    published_at=now,
                    created_by=settled.coordinators[place.station.pk],
                )
            )
    menus: dict[int, list[Listing]] = {}
    for listing in Listing.objects.bulk_create(rows):
        menus.setdefault(listing.station_id, []).append(listing)
    return menus


def past_orders(settled: Settled, menus: dict[int, list[Listing]], *, today: date) -> None:
    """Orders the stations placed for old recipients from their pools, served and rated."""
    chance = Random(SEED + 3)
    by_place: dict[int, list[User]] = {}
    for volunteer in settled.volunteers:
        by_place.setdefault(volunteer.home_region_id or 0, []).append(volunteer)
    recipients = _recipients(chance, settled.places[:12])
    for back in sorted((chance.randint(4, 170) for _ in range(PAST_ORDERS)), reverse=True):
        place = chance.choice(settled.places[:12])
        listing = chance.choice(
            [one for one in menus[place.station.pk] if one.service_type.code in SHORT]
        )
        recipient = chance.choice(recipients[place.station.pk])
        volunteer = chance.choice(by_place[place.region.pk])
        day = today - timedelta(days=back)
        # As in life: a pool that is used up orders nothing until somebody gives again.
        with suppress(NotEnoughHours), transaction.atomic():
            _served_order(listing, recipient, volunteer, day, settled, chance)


def _recipients(chance: Random, places: Sequence[LivelyPlace]) -> dict[int, list[Person]]:
    """Six old people without a smartphone at each pilot station."""
    found: dict[int, list[Person]] = {}
    for number, place in enumerate(places):
        for seat in range(6):
            is_female = chance.random() < 0.7
            name = invented_name(chance, is_female=is_female)
            person = Person.objects.create(
                real_name=name,
                pinyin=pinyin_of(name),
                gender=Person.Gender.FEMALE if is_female else Person.Gender.MALE,
                born_on=date(chance.randint(1932, 1948), chance.randint(1, 12), 1),
                phone=phone_of(2_000 + number * 10 + seat),
                region=place.region,
                address=f"{place.region.short_name} {chance.randint(1, 60)} 号",
                has_smartphone=False,
                is_demo=True,
            )
            found.setdefault(place.station.pk, []).append(person)
    return found


def _served_order(
    listing: Listing,
    recipient: Person,
    volunteer: User,
    day: date,
    settled: Settled,
    chance: Random,
) -> None:
    """One order from the pool, long settled: mostly by the code, else the station phoned."""
    started = free_hour(volunteer, day, listing.minutes, chance)
    if started is None:
        return
    coordinator = settled.coordinators[listing.station_id]
    order = _taken_order(
        listing,
        recipient,
        volunteer,
        started,
        requested_by=coordinator,
        bank=settled.bank,
        key=UUID(int=chance.getrandbits(128)),
        service_code=f"{chance.randint(0, 9999):04d}",
        code_told=chance.random() < 0.8,
    )
    _settle(order, confirmed_by=coordinator, stars=chance.choice((5, 5, 5, 4)), chance=chance)


def free_hour(volunteer: User, day: date, minutes: int, chance: Random) -> datetime | None:
    """An hour at which people are up, and at which the volunteer served nobody else."""
    hours = list(BELIEVABLE)
    chance.shuffle(hours)
    for minute in hours:
        start = instant(day, minute)
        end = start + timedelta(minutes=minutes)
        if not ServiceRecord.objects.of_volunteer(volunteer).overlapping(start, end).exists():
            return start
    return None


def _taken_order(
    listing: Listing,
    recipient: Person,
    volunteer: User,
    started: datetime,
    *,
    requested_by: User,
    bank: TimeBank,
    key: UUID,
    service_code: str,
    code_told: bool,
) -> ServiceOrder:
    """An order of the past as it stood when its volunteer was at the door."""
    from_pool = requested_by.roles.filter(station=listing.station).exists()
    local = timezone.localtime(started)
    window_ends = local + timedelta(minutes=90)
    order = ServiceOrder.objects.create(
        listing=listing,
        station=listing.station,
        requested_by=requested_by,
        recipient=recipient,
        volunteer=volunteer,
        state=ServiceOrder.State.ACCEPTED,
        minutes=listing.minutes,
        coefficient=coefficient_for(listing, local.date()),
        wanted_on=local.date(),
        wanted_from=local.time(),
        wanted_to=window_ends.time(),
        place=recipient.address,
        drawn_from=DrawnFrom.POOL if from_pool else DrawnFrom.OWN,
        request_key=key,
        service_code=service_code,
        code_matched_at=started if code_told else None,
        placed_at=started - timedelta(days=2),
        accepted_at=started - timedelta(days=1),
        lapses_at=undelivered_until(window_ends, now=started),
    )
    order.hold = place_hold(
        pool_of(listing.station) if from_pool else account_of(requested_by, bank),
        amount=order.set_aside_minutes,
        to_account=account_of(volunteer, bank),
        source=order.source,
        key=f"{order.source}:hold:placed",
        kind=TransferKind.GRANT if from_pool else TransferKind.USE,
        reason=listing.title,
        happened_at=order.placed_at,
        acting_user=requested_by,
    )
    ServiceOrder.objects.filter(pk=order.pk).update(hold=order.hold)
    return order


def _settle(order: ServiceOrder, *, confirmed_by: User, stars: int, chance: Random) -> None:
    """Served for as long as was set aside, confirmed a few hours later."""
    assert order.volunteer is not None, "order_under_way_has_volunteer"
    assert order.hold is not None, "an order sets minutes aside"
    start = order.window_starts_at
    end = start + timedelta(minutes=order.minutes)
    is_relayed = order.drawn_from == DrawnFrom.POOL
    transfer = settle_hold(
        order.hold, key=f"{order.source}:settle", happened_at=end, acting_user=confirmed_by
    )
    ServiceOrder.objects.filter(pk=order.pk).update(
        state=ServiceOrder.State.SETTLED,
        served_from=start,
        served_to=end,
        settled_minutes=order.minutes,
        ended_at=end + timedelta(hours=3),
        lapses_at=None,
    )
    without_code = Provenance.CALL_BACK if is_relayed else Provenance.REQUESTER
    write_confirmed_record(
        order.volunteer,
        Service(
            station=order.station,
            service_type=order.listing.service_type,
            what=order.listing.title,
            place=order.place,
            started_at=start,
            ended_at=end,
            recipient=order.recipient,
        ),
        provenance=Provenance.RECIPIENT_CODE if order.code_matched_at else without_code,
        source=order.source,
        confirmed_by=confirmed_by,
        bank=order.hold.book.time_bank,
        credit=transfer,
        coefficient=order.coefficient,
        verified_how="" if order.code_matched_at or not is_relayed else ASKED,
        acting_user=confirmed_by,
    )
    Feedback.objects.create(
        order=order,
        stars=stars,
        words=chance.choice(THANKS),
        given_by=confirmed_by,
        is_relayed=is_relayed,
    )


def orders_under_way(
    cast: Cast, settled: Settled, menus: dict[int, list[Listing]], *, today: date
) -> None:
    """白奶奶 waits for a haircut; 安安 promised one visit and made another; 白佳 looks after her
    grandmother with hours of her own; 方爷爷 asked too."""
    station = cast.stations["nanguanxiang"]
    menu = {listing.service_type.code: listing for listing in menus[station.pk]}
    chen, anan, fang, baijia = (cast.people[key] for key in ("chen", "anan", "fang", "baijia"))
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    grandmother = cast.persons["bai"]

    def order(
        code: str,
        day: date,
        hours: tuple[time, time],
        *,
        number: int,
        by: User = chen,
        recipient: Person = grandmother,
        note: str = "敲门声音大一点，奶奶耳朵背。",
    ) -> ServiceOrder:
        return place_order(
            menu[code],
            recipient=recipient,
            wish=Wish(
                wanted_on=day,
                wanted_from=hours[0],
                wanted_to=hours[1],
                place=recipient.address or station.name,
                note=note,
            ),
            minutes=menu[code].minutes,
            drawn_from=DrawnFrom.POOL if by == chen else DrawnFrom.OWN,
            request_key=UUID(int=number),
            acting_user=by,
        )

    order("S01", saturday, (time(9), time(11)), number=1)
    accept_order(order("S06", saturday, (time(14), time(16)), number=2), acting_user=anan)
    yesterday = instant(today - timedelta(days=1), 14 * 60 + 30)
    done = _taken_order(
        menu["S03"],
        grandmother,
        anan,
        yesterday,
        requested_by=chen,
        bank=settled.bank,
        key=UUID(int=3),
        service_code="2719",
        code_told=False,
    )
    deliver_order(
        done,
        served_from=yesterday,
        served_to=yesterday + timedelta(minutes=menu["S03"].minutes),
        acting_user=anan,
    )
    order(
        "S05",
        saturday + timedelta(days=1),
        (time(9, 30), time(11)),
        number=4,
        by=fang,
        recipient=fang.person,
        note="想学会视频通话。",
    )
    order(
        "S02",
        saturday + timedelta(days=4),
        (time(7, 30), time(11, 30)),
        number=6,
        note="眼科复查，要排队，楼梯请扶着。",
    )
    _granddaughter(cast, settled, menu, today=today)
    note_agreement(grandmother, acting_user=baijia)
    accept_order(
        order("S10", saturday + timedelta(days=2), (time(8, 30), time(10)), number=5, by=baijia),
        acting_user=cast.people["zhu"],
    )


def _granddaughter(cast: Cast, settled: Settled, menu: dict[str, Listing], *, today: date) -> None:
    """What 白佳 asked for last month, while she was away: served, and her word on it."""
    chance = Random(SEED + 4)
    for back, code in ((34, "S06"), (20, "S03")):
        listing = menu[code]
        started = free_hour(
            cast.people["zhu"], today - timedelta(days=back), listing.minutes, chance
        )
        if started is not None:
            order = _taken_order(
                listing,
                cast.persons["bai"],
                cast.people["zhu"],
                started,
                requested_by=cast.people["baijia"],
                bank=settled.bank,
                key=UUID(int=100 + back),
                service_code="5208",
                code_told=code == "S06",
            )
            _settle(order, confirmed_by=cast.people["baijia"], stars=5, chance=chance)
