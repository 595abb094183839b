"""What the stations invite to: past months, coming weeks, the bus that goes to the villages.

What the cast does goes through the services people use; the crowd's seats are written in bulk.
Dates move with the day the demo is loaded, so the weekend is always the next one.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Organisation, Region, Station, User
from config.demo.cast import Cast
from config.demo.places import LivelyPlace
from config.demo.timebank import Settled
from config.demo.volunteers import SEED
from timebank.models import Activity, Position, Qualification, ServiceType, Shift, Signup, Stop
from timebank.selectors.engagements import engagements_between
from timebank.services.qualifications import record_guardian_consent, verify_qualification
from timebank.services.shifts import cancel_shift, postpone_shift
from timebank.services.signups import cancel_signup, sign_up
from timebank.services.swaps import propose_swap

INSURANCE = "人保财险 志愿者意外险（演示）PICC-0001"
STOPS = (
    ("330481110006", "盐官景区北门停车场", 60, 60),
    ("330481112001", "袁花文化礼堂门口", 150, 60),
    ("330481108002", "尖山社区广场", 270, 60),
)


@dataclass(frozen=True)
class Idea:
    """One activity a station holds again and again."""

    title: str
    code: str
    weekday: int
    hour: int
    minutes: int
    seats: int
    every_days: int
    description: str
    place: str
    risks: str
    protection: str


CLEANING = Idea(
    "周六清洁日",
    "S11",
    5,
    8,
    120,
    12,
    7,
    "沿街和河边步道捡拾垃圾、清洗栏杆，劝导乱停车。发手套和夹子，结束后一起喝碗姜茶。",
    "党群服务中心门口",
    "路面湿滑，靠近河边",
    "发手套和夹子，不下河埠，走人行道",
)
PHONES = Idea(
    "长者手机课堂",
    "S05",
    2,
    14,
    90,
    4,
    14,
    "一对一教老人用手机：打视频、挂号、扫码付款要当心什么。不代输密码，不代转账。",
    "站点活动室",
    "没有明显风险",
    "在站点活动室进行，老人有事联系家属",
)
HAIRCUTS = Idea(
    "便民理发日",
    "S11",
    6,
    8,
    180,
    8,
    28,
    "为社区老人免费理发。两人一组，一人理发、一人登记和打扫。请自带工具，用前消毒。",
    "党群服务中心一楼",
    "剪刀、推子划伤；老人久坐头晕",
    "工具一人一消毒，备创可贴和温水",
)
BACK = 150
AHEAD = 24


def load_activities(cast: Cast, settled: Settled, *, today: date) -> None:
    """Every pilot station's regulars, then what the cast finds when they sign in."""
    crowd = _Crowd(settled, Random(SEED + 11))
    types = {row.code: row for row in ServiceType.objects.active()}
    for number, place in enumerate(settled.places[:12]):
        leader = settled.coordinators[place.station.pk]
        ideas = (CLEANING, PHONES, HAIRCUTS) if number == 0 else _some(number)
        for idea in ideas:
            activity = _activity(idea, place, leader, types, today)
            _shifts(activity, idea, crowd, place, today)
    scene = _Scene(cast, settled, types, crowd, today)
    _bus(scene)
    _tide(scene)
    _reading(scene)
    _training(scene)
    _what_the_cast_does(scene)


def _some(number: int) -> tuple[Idea, ...]:
    return (PHONES, HAIRCUTS) if number % 2 else (CLEANING, HAIRCUTS)


@dataclass(frozen=True)
class _Scene:
    cast: Cast
    settled: Settled
    types: dict[str, ServiceType]
    crowd: "_Crowd"
    today: date


class _Crowd:
    """Grown-up volunteers of each place, drawn again and again with the same seed."""

    def __init__(self, settled: Settled, chance: Random) -> None:
        self.chance = chance
        self.by_place: dict[int, list[User]] = {}
        of_age = set(
            User.objects.filter(
                pk__in=[user.pk for user in settled.volunteers],
                person__born_on__lte=timezone.localdate() - timedelta(days=19 * 366),
            ).values_list("pk", flat=True)
        )
        for user in settled.volunteers:
            if user.pk in of_age and user.home_region_id is not None:
                self.by_place.setdefault(user.home_region_id, []).append(user)

    def some(self, place: int, count: int) -> list[User]:
        people = self.by_place.get(place, [])
        return self.chance.sample(people, min(count, len(people)))


# The regulars -------------------------------------------------------------------------------


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _activity(
    idea: Idea, place: LivelyPlace, leader: User, types: dict[str, ServiceType], today: date
) -> Activity:
    """One row; published half a year ago."""
    rule = f"FREQ=WEEKLY;INTERVAL={idea.every_days // 7};COUNT=26"
    return _row(
        title=idea.title,
        service_type=types[idea.code],
        kind=Activity.Kind.RECURRING,
        rrule=rule,
        station=place.station,
        region=place.region,
        place=idea.place,
        description=idea.description,
        risks=idea.risks,
        protection=idea.protection,
        led_by=leader,
        created_by=leader,
        since=_at(today - timedelta(days=BACK + 7), 9),
    )


def _row(*, since: datetime, **facts: object) -> Activity:
    return Activity.objects.create(state=Activity.State.OPEN, opened_at=since, **facts)


def _shifts(activity: Activity, idea: Idea, crowd: _Crowd, place: LivelyPlace, today: date) -> None:
    """The past months held, the coming weeks open; each with its people."""
    first = today - timedelta(days=BACK)
    first += timedelta(days=(idea.weekday - first.weekday()) % 7)
    days = []
    while first <= today + timedelta(days=AHEAD):
        days.append(first)
        first += timedelta(days=idea.every_days)
    now = timezone.now()
    shifts = Shift.objects.bulk_create(
        Shift(
            activity=activity,
            starts_at=_at(day, idea.hour),
            ends_at=_at(day, idea.hour) + timedelta(minutes=idea.minutes),
            recurs_at=_at(day, idea.hour),
            region=place.region,
            place=idea.place,
            seats=idea.seats,
            state=Shift.State.HELD
            if _at(day, idea.hour) + timedelta(minutes=idea.minutes) <= now
            else Shift.State.OPEN,
        )
        for day in days
    )
    for shift in shifts:
        is_past = shift.state == Shift.State.HELD
        most = idea.seats if is_past else idea.seats - 2
        _seat(shift, crowd.some(place.region.pk, crowd.chance.randint(max(2, most // 2), most)))


def _seat(shift: Shift, people: list[User]) -> None:
    Signup.objects.bulk_create(
        Signup(
            shift=shift,
            volunteer=person,
            state=Signup.State.SEATED,
            seat=number,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            queued_at=shift.starts_at - timedelta(days=4, minutes=7 * number),
            signed_up_by=person,
        )
        for number, person in enumerate(people, start=1)
    )


def _next(today: date, weekday: int) -> date:
    """The next such day, tomorrow at the earliest."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _shift(
    activity: Activity, starts_at: datetime, minutes: int, seats: int, region: Region | None = None
) -> Shift:
    return Shift.objects.create(
        activity=activity,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        region=region or activity.region,
        place=activity.place,
        seats=seats,
        state=Shift.State.HELD
        if starts_at + timedelta(minutes=minutes) <= timezone.now()
        else Shift.State.OPEN,
    )


# What stands out ----------------------------------------------------------------------------


def _bus(scene: _Scene) -> None:
    """公益服务大巴: an organisation's, with stops in the villages, once a month."""
    operator: Organisation = scene.cast.organisations["shelifang"]
    home: Station = scene.cast.stations["nanguanxiang"]
    activity = _row(
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
        since=_at(scene.today - timedelta(days=120), 9),
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
    thursday = _next(scene.today, 3)
    for weeks in (-10, -6, -2, 0, 4):
        shift = _shift(activity, _at(thursday + timedelta(weeks=weeks), 8), 420, 7)
        count = 5 if weeks < 0 else 3
        _seat(shift, scene.crowd.some(home.region_id, count))
        for seat, position in enumerate((barber, barber, doctor, worker, worker), start=1):
            shift.signups.filter(seat=seat).update(position=position)


def stop_codes() -> list[str]:
    return [code for code, *_rest in STOPS]


def _tide(scene: _Scene) -> None:
    """文明观潮劝导: dangerous, so insured and for adults; the last one was called off for wind."""
    place = next(one for one in scene.settled.places if one.region.code == "330481110006")
    leader = scene.settled.coordinators[place.station.pk]
    activity = _row(
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
        since=_at(scene.today - timedelta(days=40), 9),
    )
    held = _shift(activity, _at(scene.today - timedelta(days=23), 11), 180, 10)
    _seat(held, scene.crowd.some(place.region.pk, 9))
    off = _shift(activity, _at(scene.today + timedelta(days=2), 11), 180, 10)
    _seat(off, scene.crowd.some(place.region.pk, 6))
    cancel_shift(off, reason="大风黄色预警，改日再约", acting_user=scene.cast.people["system"])
    later = _shift(activity, _at(scene.today + timedelta(days=9), 11), 180, 10)
    _seat(later, scene.crowd.some(place.region.pk, 4))


def _reading(scene: _Scene) -> None:
    """恩泽社's Sunday reading: children come with a parent; one shift was put off for rain."""
    home, en = scene.cast.stations["nanguanxiang"], scene.cast.people["en"]
    activity = _row(
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
        since=_at(scene.today - timedelta(days=60), 9),
    )
    sunday = _next(scene.today, 6)
    for weeks in (-6, -4, -2):
        shift = _shift(activity, _at(sunday + timedelta(weeks=weeks), 14), 120, 6)
        _seat(shift, scene.crowd.some(home.region_id, 5))
    coming = _shift(activity, _at(sunday, 14), 120, 6)
    _seat(coming, scene.crowd.some(home.region_id, 3))
    moved = _shift(activity, _at(sunday + timedelta(days=7), 14), 120, 6)
    _seat(moved, scene.crowd.some(home.region_id, 2))
    new = _at(sunday + timedelta(days=13), 14)
    postpone_shift(
        moved,
        starts_at=new,
        ends_at=new + timedelta(hours=2),
        reason="儿童之家屋顶修缮，改到周六",
        acting_user=en,
    )


def _training(scene: _Scene) -> None:
    """A training: everyone is welcome, and its hours are no volunteering."""
    home, chen = scene.cast.stations["nanguanxiang"], scene.cast.people["chen"]
    activity = _row(
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
        since=_at(scene.today - timedelta(days=20), 9),
    )
    shift = _shift(activity, _at(_next(scene.today, 4) + timedelta(days=7), 9), 240, 30)
    _seat(shift, scene.crowd.some(home.region_id, 11))


def _what_the_cast_does(scene: _Scene) -> None:
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


def _fill(shift: Shift, scene: _Scene) -> None:
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


def _young(scene: _Scene) -> None:
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
