"""What the stations hold again and again: past months held, coming weeks open."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from config.demo.activity_rows import Crowd, activity_row, at_hour, take_seats
from config.demo.places import LivelyPlace
from timebank.models import Activity, ServiceType, Shift


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


def ideas_of(number: int) -> tuple[Idea, ...]:
    return (PHONES, HAIRCUTS) if number % 2 else (CLEANING, HAIRCUTS)


def regular_activity(
    idea: Idea, place: LivelyPlace, leader: User, types: dict[str, ServiceType], today: date
) -> Activity:
    """One row; published half a year ago."""
    rule = f"FREQ=WEEKLY;INTERVAL={idea.every_days // 7};COUNT=26"
    return activity_row(
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
        since=at_hour(today - timedelta(days=BACK + 7), 9),
    )


def many_shifts(
    activity: Activity, idea: Idea, crowd: Crowd, place: LivelyPlace, today: date
) -> None:
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
            starts_at=at_hour(day, idea.hour),
            ends_at=at_hour(day, idea.hour) + timedelta(minutes=idea.minutes),
            recurs_at=at_hour(day, idea.hour),
            region=place.region,
            place=idea.place,
            seats=idea.seats,
            state=Shift.State.HELD
            if at_hour(day, idea.hour) + timedelta(minutes=idea.minutes) <= now
            else Shift.State.OPEN,
        )
        for day in days
    )
    for shift in shifts:
        is_past = shift.state == Shift.State.HELD
        most = idea.seats if is_past else idea.seats - 2
        take_seats(
            shift, crowd.some(place.region.pk, crowd.chance.randint(max(2, most // 2), most))
        )
