"""What stands out among the demo's activities, and what the cast does with its own seats."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Organisation, Region, Station, User
from config.demo.activity_regulars import CLEANING, HAIRCUTS, PHONES
from config.demo.activity_rows import (
    INSURANCE,
    Scene,
    activity_row,
    at_hour,
    next_weekday,
    one_shift,
    take_seats,
)
from timebank.models import Activity, Position, Qualification, Shift, Signup, Stop
from timebank.selectors.engagements import engagements_between
from timebank.services.qualifications import record_guardian_consent, verify_qualification
from timebank.services.shifts import cancel_shift, postpone_shift
from timebank.services.signups import cancel_signup, sign_up
from timebank.services.swaps import propose_swap

STOPS = (
    ("330481110006", "盐官景区北门停车场", 60, 60),
    ("330481112001", "袁花文化礼堂门口", 150, 60),
    ("330481108002", "尖山社区广场", 270, 60),
)


def tell_stories(scene: Scene) -> None:
    """The bus, the tide, the reading, a training; then the cast's own seats."""
    _bus(scene)
    _tide(scene)
    _reading(scene)
    _training(scene)
    _what_the_cast_does(scene)


def _bus(scene: Scene) -> None:
    """公益服务大巴: an organisation's, with stops in the villages, once a month."""
    operator: Organisation = scene.cast.organisations["shelifang"]
    home: Station = scene.cast.stations["nanguanxiang"]
    activity = activity_row(
        title="公益服务大巴进村",
        service_type=scene.types["S11"],
        kind=Activity.Kind.ROVING,
        owner=Activity.Owner.ORGANISATION,
        organisation=operator,
        station=home,
        region=home.region,
        place="南关厢老街停车场上车",
        description="大巴载着理发、磨刀、量血压、法律咨询到各村，按站点停靠服务，中午在村里吃饭。",
        risks="上下车、天气变化",
        protection="车停稳再上下，备饮水和急救箱，大风暴雨停开",
        insurance=INSURANCE,
        insured_until=scene.today + timedelta(days=300),
        led_by=scene.cast.people["ou"],
        lead_worker=scene.cast.people["dai"],
        created_by=scene.cast.people["ou"],
        since=at_hour(scene.today - timedelta(days=120), 9),
    )
    regions = {row.code: row for row in Region.objects.current().filter(code__in=stop_codes())}
    for number, (code, place, after, stays) in enumerate(STOPS, start=1):
        Stop.objects.create(
            activity=activity,
            number=number,
            place=place,
            region=regions[code],
            arrives_after_minutes=after,
            stays_minutes=stays,
        )
    barber = Position.objects.create(activity=activity, title="理发", duties="自带工具", seats=3)
    doctor = Position.objects.create(
        activity=activity,
        title="量血压",
        seats=2,
        required_qualification=Qualification.Kind.HEALTH,
    )
    worker = Position.objects.create(
        activity=activity,
        title="红色社工·入户访谈",
        duties="按访谈提纲走访独居老人",
        seats=2,
        required_qualification=Qualification.Kind.SOCIAL_WORK,
    )
    thursday = next_weekday(scene.today, 3)
    for weeks in (-10, -6, -2, 0, 4):
        shift = one_shift(activity, at_hour(thursday + timedelta(weeks=weeks), 8), 420, 7)
        count = 5 if weeks < 0 else 3
        take_seats(shift, scene.crowd.some(home.region_id, count))
        for seat, position in enumerate((barber, barber, doctor, worker, worker), start=1):
            shift.signups.filter(seat=seat).update(position=position)


def stop_codes() -> list[str]:
    return [code for code, *_rest in STOPS]


def _tide(scene: Scene) -> None:
    """文明观潮劝导: dangerous, so insured and for adults; the last one was called off for wind."""
    place = next(one for one in scene.settled.places if one.region.code == "330481110006")
    leader = scene.settled.coordinators[place.station.pk]
    activity = activity_row(
        title="文明观潮劝导",
        service_type=scene.types["S11"],
        kind=Activity.Kind.ONE_OFF,
        station=place.station,
        region=place.region,
        place="盐官观潮公园东门",
        description="在观潮点劝导游客不越过警戒线，引导停车，发放提示卡。",
        risks="潮水上岸可能有人身危险",
        protection="穿救生衣，站在警戒线内，听带队人指挥，大风大潮撤离",
        is_dangerous=True,
        insurance=INSURANCE,
        insured_until=scene.today + timedelta(days=300),
        led_by=leader,
        created_by=leader,
        since=at_hour(scene.today - timedelta(days=40), 9),
    )
    held = one_shift(activity, at_hour(scene.today - timedelta(days=23), 11), 180, 10)
    take_seats(held, scene.crowd.some(place.region.pk, 9))
    off = one_shift(activity, at_hour(scene.today + timedelta(days=2), 11), 180, 10)
    take_seats(off, scene.crowd.some(place.region.pk, 6))
    cancel_shift(off, reason="大风黄色预警，改日再约", acting_user=scene.cast.people["system"])
    later = one_shift(activity, at_hour(scene.today + timedelta(days=9), 11), 180, 10)
    take_seats(later, scene.crowd.some(place.region.pk, 4))


def _reading(scene: Scene) -> None:
    """恩泽社's Sunday reading: children come with a parent; one shift was put off for rain."""
    home, en = scene.cast.stations["nanguanxiang"], scene.cast.people["en"]
    activity = activity_row(
        title="周日亲子共读",
        service_type=scene.types["S11"],
        kind=Activity.Kind.ONE_OFF,
        owner=Activity.Owner.ORGANISATION,
        organisation=scene.cast.organisations["enze"],
        station=home,
        region=home.region,
        place="南关厢社区儿童之家",
        description="陪新居民家庭的孩子读绘本、做手工。父母陪同的孩子也可以当小小志愿者。",
        risks="孩子在室内奔跑碰撞",
        protection="两名成人在场，门常开，家长签字接送",
        welcomes_children=True,
        led_by=en,
        created_by=en,
        since=at_hour(scene.today - timedelta(days=60), 9),
    )
    sunday = next_weekday(scene.today, 6)
    for weeks in (-6, -4, -2):
        shift = one_shift(activity, at_hour(sunday + timedelta(weeks=weeks), 14), 120, 6)
        take_seats(shift, scene.crowd.some(home.region_id, 5))
    coming = one_shift(activity, at_hour(sunday, 14), 120, 6)
    take_seats(coming, scene.crowd.some(home.region_id, 3))
    moved = one_shift(activity, at_hour(sunday + timedelta(days=7), 14), 120, 6)
    take_seats(moved, scene.crowd.some(home.region_id, 2))
    new = at_hour(sunday + timedelta(days=13), 14)
    postpone_shift(
        moved,
        starts_at=new,
        ends_at=new + timedelta(hours=2),
        reason="儿童之家屋顶修缮，改到周六",
        acting_user=en,
    )


def _training(scene: Scene) -> None:
    """A training: everyone is welcome, and its hours are no volunteering."""
    home, chen = scene.cast.stations["nanguanxiang"], scene.cast.people["chen"]
    activity = activity_row(
        title="陪诊志愿者培训（4 学时）",
        service_type=scene.types["S11"],
        kind=Activity.Kind.ONE_OFF,
        station=home,
        region=home.region,
        place="南关厢社区会议室",
        description="挂号、取药、记录医嘱、遇到突发情况怎么办。学完登记，可以接陪诊。",
        counts=False,
        not_counted=Activity.NotCounted.TRAINING,
        risks="没有明显风险",
        protection="室内进行",
        led_by=chen,
        lead_worker=scene.cast.people["xia"],
        created_by=chen,
        since=at_hour(scene.today - timedelta(days=20), 9),
    )
    shift = one_shift(
        activity, at_hour(next_weekday(scene.today, 4) + timedelta(days=7), 9), 240, 30
    )
    take_seats(shift, scene.crowd.some(home.region_id, 11))


def _what_the_cast_does(scene: Scene) -> None:
    """安安 sits on Saturday and waits for a class; 诸阿姨 was offered a seat; 白佳 would swap."""
    cast = scene.cast
    chen, anan, zhu, baijia = (cast.people[key] for key in ("chen", "anan", "zhu", "baijia"))
    verify_qualification(anan, Qualification.Kind.BARBER, number="演示-0412", acting_user=chen)
    home = cast.stations["nanguanxiang"]
    coming = Shift.objects.filter(
        activity__station=home, starts_at__gt=timezone.now() + timedelta(hours=14)
    ).order_by("starts_at")
    cleaning = list(coming.filter(activity__title=CLEANING.title))
    for person in (anan, baijia):
        _join(cleaning[0], person)
    phones = coming.filter(activity__title=PHONES.title).first()
    if phones is not None:
        _fill(phones, scene)
        for person in (anan, cast.people["fang"]):
            _join(phones, person)
    haircut = coming.filter(activity__title=HAIRCUTS.title).first()
    if haircut is not None:
        _fill(haircut, scene)
        _join(haircut, zhu)
        given_back = haircut.signups.seated().order_by("seat").first()
        assert given_back is not None, "the haircuts are full"
        cancel_signup(given_back, acting_user=given_back.volunteer)
    if len(cleaning) > 1:
        swapped = _join(cleaning[1], baijia)
        if swapped is not None:
            propose_swap(swapped, anan, acting_user=baijia)
    _young(scene)


def _join(shift: Shift, person: User) -> Signup | None:
    """Sign up, unless the person has taken a service order for that time."""
    if engagements_between(person, shift.starts_at, shift.ends_at):
        return None
    return sign_up(shift, acting_user=person)


def _fill(shift: Shift, scene: Scene) -> None:
    """Nobody finds a free seat any more."""
    there = set(shift.signups.values_list("volunteer_id", flat=True))
    taken = set(shift.signups.values_list("seat", flat=True))
    free = [number for number in range(1, shift.seats + 1) if number not in taken]
    people = [
        user
        for user in scene.crowd.by_place[scene.cast.stations["nanguanxiang"].region_id]
        if user.pk not in there
    ]
    for number, person in zip(free, people, strict=False):
        Signup.objects.create(
            shift=shift,
            volunteer=person,
            state=Signup.State.SEATED,
            seat=number,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            signed_up_by=person,
        )


def _young(scene: Scene) -> None:
    """One minor of 南关厢 whose mother signed; the others are asked for it when they sign up."""
    home = scene.cast.stations["nanguanxiang"].region_id
    young = next(
        (
            user
            for user in User.objects.filter(
                pk__in=[one.pk for one in scene.settled.volunteers if one.home_region_id == home],
                person__born_on__gt=scene.today - timedelta(days=17 * 365),
            ).order_by("pk")[:1]
        ),
        None,
    )
    if young is not None:
        record_guardian_consent(
            young,
            guardian_name="沈女士",
            guardian_phone="10000000077",
            relation="母亲",
            acting_user=scene.cast.people["chen"],
        )
