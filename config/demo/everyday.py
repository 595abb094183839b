"""What the cast meets when they sign in: their own hours, a menu, orders under way, a full desk.

Steps of today go through the services people use; what lies in the past is written as it was.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Attachment, Person, User
from accounts.services.attachments import store_image
from accounts.services.regions import pinyin_of
from config.demo.cast import Cast, phone_of
from config.demo.names import invented_name
from config.demo.places import LivelyPlace
from config.demo.timebank import Served, Settled, confirm_served, instant
from config.demo.volunteers import DURATIONS, SEED, PlannedRecord
from timebank.models import (
    Feedback,
    Listing,
    ServiceOrder,
    ServiceRecord,
    ServiceType,
    TransferKind,
)
from timebank.services.banks import account_of, pool_of
from timebank.services.holds import place_hold, settle_hold
from timebank.services.orders import Wish, accept_order, deliver_order, place_order
from timebank.services.records import Service, submit_record, write_confirmed_record

OWN_RECORDS = {"anan": 22, "zhu": 9, "baijia": 6, "fang": 14}
PAST_ORDERS = 180
WAITING = 9
ON_THE_MENU = ("S01", "S02", "S03", "S05", "S06", "S07", "S08", "S10")
SHORT = ("S01", "S03", "S05", "S06", "S07", "S10")
THANKS = (
    "头发理得清爽，还陪我说了半天话。",
    "修好了水龙头，还把漏水的桶倒了，真细心。",
    "字写得大，我看得清，手机会用了。",
    "菜新鲜，零钱一分不差。",
    "",
    "",
)


def own_hours(cast: Cast, settled: Settled, *, today: date) -> None:
    """A year of confirmed service for the cast's volunteers, at 南关厢."""
    chance = Random(SEED + 2)
    place = settled.places[0]
    served = []
    for key, count in OWN_RECORDS.items():
        for back in sorted(chance.sample(range(9, 360), count), reverse=True):
            service = chance.choice(SHORT)
            plan = PlannedRecord(
                volunteer=-1,
                day=today - timedelta(days=back),
                start_minute=chance.choice((540, 570, 810, 840, 870)),
                minutes=chance.choice(DURATIONS[service]),
                service=service,
                provenance="站点签到",
            )
            served.append(Served(plan, cast.people[key], place))
    served.sort(key=lambda one: (one.plan.day, one.plan.start_minute))
    confirm_served(settled, served, acting_user=cast.people["system"])


def open_menus(settled: Settled) -> dict[int, list[Listing]]:
    """Every station offers what the catalogue knows; the smaller places a little less."""
    types = {one.code: one for one in ServiceType.objects.active()}
    now = timezone.now()
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
        _served_order(
            listing,
            chance.choice(recipients[place.station.pk]),
            chance.choice(by_place[place.region.pk]),
            today - timedelta(days=back),
            settled,
            chance,
        )


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
    """One order from the pool, long settled: before half past eight, when nothing else happens."""
    station = listing.station
    coordinator = settled.coordinators[station.pk]
    minutes = listing.minutes
    start = instant(day, 7 * 60)
    end = start + timedelta(minutes=minutes)
    if ServiceRecord.objects.of_volunteer(volunteer).overlapping(start, end).exists():
        return
    order = ServiceOrder.objects.create(
        listing=listing,
        station=station,
        requested_by=coordinator,
        recipient=recipient,
        volunteer=volunteer,
        state=ServiceOrder.State.SETTLED,
        minutes=minutes,
        wanted_on=day,
        wanted_from=time(7, 0),
        wanted_to=time(8, 30),
        place=recipient.address,
        drawn_from=ServiceOrder.DrawnFrom.POOL,
        request_key=UUID(int=chance.getrandbits(128)),
        service_code=f"{chance.randint(0, 9999):04d}",
        code_matched_at=start,
        placed_at=start - timedelta(days=2),
        accepted_at=start - timedelta(days=1),
        served_from=start,
        served_to=end,
        settled_minutes=minutes,
        ended_at=end + timedelta(hours=3),
    )
    hold = place_hold(
        pool_of(station),
        amount=minutes,
        to_account=account_of(volunteer, settled.bank),
        source=order.source,
        key=f"{order.source}:hold:placed",
        kind=TransferKind.GRANT,
        reason=listing.title,
        happened_at=start - timedelta(days=2),
        acting_user=coordinator,
    )
    transfer = settle_hold(
        hold, key=f"{order.source}:settle", happened_at=end, acting_user=coordinator
    )
    ServiceOrder.objects.filter(pk=order.pk).update(hold=hold)
    write_confirmed_record(
        volunteer,
        Service(
            station=station,
            service_type=listing.service_type,
            what=listing.title,
            place=order.place,
            started_at=start,
            ended_at=end,
            recipient=recipient,
        ),
        provenance=ServiceRecord.Provenance.RECIPIENT_CODE,
        source=order.source,
        confirmed_by=coordinator,
        bank=settled.bank,
        credit=transfer,
        acting_user=coordinator,
    )
    Feedback.objects.create(
        order=order,
        stars=chance.choice((5, 5, 5, 4)),
        words=chance.choice(THANKS),
        given_by=coordinator,
        is_relayed=True,
    )


def orders_under_way(cast: Cast, menus: dict[int, list[Listing]], *, today: date) -> None:
    """白奶奶 waits for a haircut; 安安 promised one visit, made another; 方爷爷 asked too."""
    station = cast.stations["nanguanxiang"]
    menu = {listing.service_type.code: listing for listing in menus[station.pk]}
    chen, anan, fang = cast.people["chen"], cast.people["anan"], cast.people["fang"]
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    grandmother = cast.persons["bai"]

    def order(code: str, day: date, start: time, end: time, number: int) -> ServiceOrder:
        return place_order(
            menu[code],
            recipient=grandmother,
            wish=Wish(
                wanted_on=day,
                wanted_from=start,
                wanted_to=end,
                place=grandmother.address,
                note="敲门声音大一点，奶奶耳朵背。",
            ),
            minutes=menu[code].minutes,
            drawn_from=ServiceOrder.DrawnFrom.POOL,
            request_key=UUID(int=number),
            acting_user=chen,
        )

    order("S01", saturday, time(9, 0), time(11, 0), 1)
    promised = order("S06", saturday, time(14, 0), time(16, 0), 2)
    accept_order(promised, acting_user=anan)
    done = order("S03", today, time(0, 1), time(23, 59), 3)
    accept_order(done, acting_user=anan)
    now = timezone.now()
    deliver_order(
        done,
        served_from=now - timedelta(minutes=50),
        served_to=now - timedelta(minutes=10),
        acting_user=anan,
    )
    place_order(
        menu["S05"],
        recipient=fang.person,
        wish=Wish(
            wanted_on=saturday + timedelta(days=1),
            wanted_from=time(9, 30),
            wanted_to=time(11, 0),
            place=station.name,
            note="想学会视频通话。",
        ),
        minutes=menu["S05"].minutes,
        drawn_from=ServiceOrder.DrawnFrom.OWN,
        request_key=UUID(int=4),
        acting_user=fang,
    )


def waiting_records(cast: Cast, settled: Settled, *, today: date) -> None:
    """What lies on 陈站长's desk: nine records of the last days, some with a photo."""
    station = cast.stations["nanguanxiang"]
    here = [one for one in settled.volunteers if one.home_region_id == station.region_id]
    people = [cast.people["anan"], cast.people["zhu"], *here[: WAITING - 2]]
    types = list(ServiceType.objects.active().filter(code__in=SHORT))
    for number, volunteer in enumerate(people):
        service = types[number % len(types)]
        start = instant(today - timedelta(days=1 + number % 4), 6 * 60 + 30)
        end = start + timedelta(minutes=service.usual_minutes)
        photos = [_photo(volunteer, number, start)] if number % 3 == 0 else []
        submit_record(
            volunteer,
            Service(
                station=station,
                service_type=service,
                what=f"{service.name}，{('一切顺利', '说好下周再来', '带了点心')[number % 3]}",
                place=f"{station.region.short_name}",
                started_at=start,
                ended_at=end,
                for_whom=("白奶奶", "3 号楼老人", "邻居张阿姨")[number % 3],
            ),
            photos=photos,
            acting_user=volunteer,
        )


def _photo(volunteer: User, number: int, taken_at: datetime) -> Attachment:
    """A drawn picture: a window, a table, two people; no real person is ever shown."""
    picture = Image.new("RGB", (1200, 900), (246, 240, 228))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 620, 1200, 900), fill=(205, 180, 146))
    draw.rectangle((120, 110, 470, 430), fill=(190, 222, 235), outline=(130, 110, 90), width=14)
    draw.line((295, 110, 295, 430), fill=(130, 110, 90), width=10)
    for left, cloth in ((560, (11, 95, 93)), (800, (150 + 10 * number % 90, 90, 70))):
        draw.ellipse((left, 300, left + 130, 430), fill=(236, 200, 170))
        draw.pieslice((left - 40, 420, left + 170, 840), 180, 360, fill=cloth)
    draw.rectangle((480, 640, 1080, 690), fill=(150, 110, 80))
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=85, exif=exif)
    upload = SimpleUploadedFile(f"现场{number + 1}.jpg", content.getvalue(), "image/jpeg")
    return store_image(
        upload,
        acting_user=volunteer,
        expected_between=(taken_at - timedelta(hours=1), taken_at + timedelta(hours=2)),
    )
