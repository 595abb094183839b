"""Records that are looked into: what stands out, a weekly batch, questions, draws, one bar.

Everything bad stands under the fictional 示范社区; real places only show work that is done well.
"""

from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Person, Region, Role, Station, User
from config.demo.cast import Cast, phone_of
from config.demo.orders import free_hour
from config.demo.places import SHOWCASE
from config.demo.timebank import Settled
from config.demo.volunteers import SEED
from timebank.models import (
    Inspection,
    InspectionItem,
    Relation,
    ServiceRecord,
    ServiceType,
)
from timebank.selectors.inspections import last_period_before
from timebank.services.bars import appeal_bar, impose_bar
from timebank.services.inspections import (
    check_item,
    draw_inspection,
    prepare_inspection,
)
from timebank.services.numbers import check_number, own_number
from timebank.services.qualification_endings import warn_of_papers_running_out
from timebank.services.qualifications import verify_qualification
from timebank.services.record_decisions import confirm_record
from timebank.services.record_entries import enter_record
from timebank.services.record_looks import refuse_record
from timebank.services.record_queries import (
    Right,
    approve_correction_of,
    propose_correction,
    raise_query,
)
from timebank.services.records import Service, submit_record
from timebank.services.screening.run import screen_records
from timebank.standalone.draw import digest
from timebank.terms.checks import inspection_terms

FIRST_PHONE = 9_000
BURST = 9


def load_checks(cast: Cast, settled: Settled, *, today: date) -> None:
    types = {one.code: one for one in ServiceType.objects.all()}
    Relation.objects.create(
        declared_by=cast.baijia, relative=cast.anan, kind=Relation.Kind.HOUSEHOLD
    )
    _weekly_batch(cast, settled, types["S02"], today)
    _recipients_words(cast, types["S06"], today)
    _questions(cast, today)
    _showcase(cast, settled, types["S02"], today)
    _draws(cast, settled, today)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def _service(station: Station, kind: ServiceType, start: datetime, **told: object) -> Service:
    facts = {
        "what": f"{kind.name}，说好下周再来",
        "place": station.region.short_name,
        "started_at": start,
        "ended_at": start + timedelta(minutes=kind.usual_minutes),
        "for_whom": "独居老人",
    }
    return Service(station=station, service_type=kind, **(facts | told))  # type: ignore[arg-type]


def _weekly_batch(cast: Cast, settled: Settled, kind: ServiceType, today: date) -> None:
    """陈站长 runs 南关厢 alone: what she wrote down for others waits for 戴社工's batch."""
    station = cast.stations["nanguanxiang"]
    here = settled.grown_ups_at(station.region_id, today)
    chance = Random(SEED + 31)
    for number, volunteer in enumerate(here[10:15]):
        day = today - timedelta(days=2 + number)
        start = free_hour(volunteer, day, kind.usual_minutes, chance)
        if start is not None:
            service = _service(station, kind, start, late_reason="本人打电话来说的，不会用手机")
            record = submit_record(volunteer, service, acting_user=cast.chen)
            ServiceRecord.objects.filter(pk=record.pk).update(
                recorded_at=start + timedelta(hours=26)
            )


def _recipients_words(cast: Cast, kind: ServiceType, today: date) -> None:
    """What 陈站长 wrote down for 安安 waits for 白奶奶's word, whose number 戴社工 has called; a
    certificate that runs out soon.
    """
    bai = cast.persons["bai"]
    check_number(bai, phone=own_number(bai), acting_user=cast.dai)
    start = free_hour(cast.anan, today - timedelta(days=6), 60, Random(SEED + 32))
    if start is not None:
        service = _service(
            cast.stations["nanguanxiang"],
            kind,
            start,
            recipient=bai,
            for_whom="",
            late_reason="安安打电话来说的",
        )
        enter_record(cast.anan, service, acting_user=cast.chen)
    verify_qualification(
        cast.anan,
        "first_aid",
        number="演示-0611",
        issued_on=today - timedelta(days=710),
        valid_until=today + timedelta(days=21),
        acting_user=cast.chen,
    )
    warn_of_papers_running_out(today)


def _questions(cast: Cast, today: date) -> None:
    """安安 asked about two records: one was put right, one waits for 陈站长."""
    own = ServiceRecord.objects.confirmed().filter(
        volunteer=cast.anan, station=cast.stations["nanguanxiang"]
    )
    first, second = own.order_by("-started_at")[2:4]
    query = raise_query(
        first, wrong="time", words="那天多待了一刻钟，签到表上有", acting_user=cast.anan
    )
    right = Right(first.what, first.place, first.started_at, first.ended_at + timedelta(minutes=15))
    propose_correction(query, right, answer="核对签到表，确是多一刻钟", acting_user=cast.chen)
    approve_correction_of(query, acting_user=cast.fan)
    raise_query(
        second, wrong="what", words="那次是陪诊，不是送餐；白奶奶知道", acting_user=cast.anan
    )


def _showcase(cast: Cast, settled: Settled, kind: ServiceType, today: date) -> None:
    """示范社区: entries in bulk, a day of ten hours, a false record, its bar and appeal."""
    region = Region.objects.current().get(code=SHOWCASE[0])
    station = Station.objects.create(name="示范社区服务站（虚构）", region=region)
    clerk, *people = _people(region, BURST + 4)
    Role.objects.create(user=clerk, kind=Role.Kind.COORDINATOR, station=station)
    start = _at(today - timedelta(days=1), 8)
    for volunteer in people[:BURST]:
        service = _service(station, kind, start, ended_at=start + timedelta(hours=5))
        submit_record(volunteer, service, acting_user=clerk)
    long, late, barred = people[BURST:]
    service = _service(station, kind, start, ended_at=start + timedelta(hours=10))
    submit_record(long, service, acting_user=long)
    _blocked(cast, clerk, long, station, kind, today)
    before = _at(today - timedelta(days=24), 9)
    submit_record(late, _service(station, kind, before, late_reason="住院"), acting_user=late)
    record = submit_record(barred, _service(station, kind, start), acting_user=barred)
    refuse_record(record, reason="问过服务对象，那天没有人来（虚构）", acting_user=cast.fan)
    bar = impose_bar(record, reason="自报的服务没有发生过（虚构）", acting_user=cast.fan)
    appeal_bar(bar, reason="我记错了日子，是前一天去的", acting_user=barred)


def _blocked(
    cast: Cast, clerk: User, volunteer: User, station: Station, kind: ServiceType, today: date
) -> None:
    """Confirmed in the morning, and ten hours by the evening: what it brought is set aside."""
    start = _at(today - timedelta(days=3), 7)
    early = _service(station, kind, start, ended_at=start + timedelta(hours=4))
    record = submit_record(volunteer, early, acting_user=volunteer)
    confirm_record(record, word="问过服务对象，属实（虚构）", acting_user=clerk)
    start += timedelta(hours=5)
    rest = _service(station, kind, start, ended_at=start + timedelta(hours=6))
    submit_record(volunteer, rest, acting_user=volunteer)
    screen_records([record.pk])


def _people(region: Region, count: int) -> list[User]:
    unusable = make_password(None)
    users = User.objects.bulk_create(
        User(
            display_name="示站长" if number == 0 else f"示范志愿者{number}",
            phone=phone_of(FIRST_PHONE + number),
            password=unusable,
            home_region=region,
            is_demo=True,
        )
        for number in range(count)
    )
    Person.objects.bulk_create(
        Person(user=user, real_name=user.display_name, region=region, is_demo=True)
        for user in users
    )
    Role.objects.bulk_create(
        Role(user=user, kind=Role.Kind.VOLUNTEER, region=region) for user in users[1:]
    )
    return users


def _draws(cast: Cast, settled: Settled, today: date) -> None:
    """The month before last is published; last month's draw is under way, 戴社工 has some of it."""
    since, until = last_period_before(today)
    earlier = last_period_before(since)
    done = _drawn(cast, settled, *earlier, word="八月十八潮")
    checked = timezone.now() - timedelta(days=5)
    answers = {key: "yes" for key, _words in inspection_terms(today).questions}
    done.items.update(
        state=InspectionItem.State.PASSED,
        answers=answers,
        remarks="看了签到表，问了服务对象",
        checked_at=checked,
    )
    Inspection.objects.filter(pk=done.pk).update(
        state=Inspection.State.PUBLISHED, published_at=checked
    )
    under_way = _drawn(cast, settled, since, until, word="潮水 1118")
    items = under_way.items.select_related("inspector").order_by("pk")
    for item in items[:3]:
        check_item(
            item,
            "pass_",
            answers=answers,
            remarks="看了签到表，问了服务对象",
            acting_user=item.inspector,
        )


def _drawn(cast: Cast, settled: Settled, since: date, until: date, *, word: str) -> Inspection:
    draw = prepare_inspection(settled.bank, since=since, until=until, acting_user=cast.fan)
    secret = digest(f"demo:{since}")  # the demo is the same each time it is loaded
    Inspection.objects.filter(pk=draw.pk).update(secret=secret, secret_hash=digest(secret))
    return draw_inspection(draw, witness="关大爷", word=word, acting_user=cast.fan)
