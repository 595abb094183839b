"""When what happens in the rounds of today: stages, one extension, a seal, questions answered."""

from datetime import datetime, time

from django.utils import timezone

from accounts.models import Organisation, Region
from accounts.working_days import add_working_days
from config.demo.applicants import Applicant
from config.demo.cast import HAINING, Cast
from ventures.models import Round
from ventures.rules.timetable import schedule_of
from ventures.selectors.timetable import preset_schedule
from ventures.services.extensions import give_extension
from ventures.services.questions import answer_question, ask_question
from ventures.services.timetable import fingerprint_of, set_timetable

GRACE_MINUTES = 10
PEEK_MINUTES = 30
# Who asked (by the data's number), the question as the office words it, and the answer.
QUESTIONS = (
    (
        "O4",
        "没有公章和银行账户的备案组织，签章页怎么办，钱打给谁？",
        "由负责人签字、所在社区盖章；资金打给申报书里写明的代管单位，由它按协议代付。",
    ),
    (
        "O5",
        "志愿者的交通和误餐补贴可以列进预算吗？",
        "可以，列在业务活动费里，写清人数、次数和标准；不能发现金或礼品给服务对象。",
    ),
    (
        "O7",
        "一个社区的项目，两个社区都想参加，能不能一起报？",
        "能。实施社区可以选多个，写明各自做什么；承接组织还是一家。",
    ),
)
WAITING = ("O1", "项目负责人中途换人，要不要重新申报？")


def load_timetable(
    cast: Cast, city: Round, community: Round, applicants: dict[str, Applicant]
) -> None:
    """The city's round with all its stages; the community's sealed until its close."""
    fan = cast.people["fan"]
    Round.objects.filter(pk=city.pk).update(grace_minutes=GRACE_MINUTES)
    city.refresh_from_db()
    set_timetable(
        city,
        preset_schedule(city, "key"),
        together=False,
        based_on=fingerprint_of(schedule_of(city)),
        reason="公布后续日程",
        acting_user=fan,
    )
    Round.objects.filter(pk=community.pk).update(is_sealed=True, peek_minutes=PEEK_MINUTES)
    _give_more_time(cast, city)
    _ask(cast, city, applicants)


def _give_more_time(cast: Cast, city: Round) -> None:
    """To an invented group of the 示范社区, by name and with a reason anybody may read."""
    body = Organisation.objects.create(
        name="示范社区书屋队（演示）",
        kind=Organisation.Kind.FILED,
        host=cast.organisations["shelifang"],
        region=Region.objects.current().get(code=HAINING),
        is_demo=True,
    )
    day = add_working_days(timezone.localdate(city.closes_at), 1)
    give_extension(
        city,
        body,
        until=timezone.make_aware(datetime.combine(day, time(12))),
        reason="社区停电检修，来不及上传签章页（演示）",
        acting_user=cast.people["fan"],
    )


def _ask(cast: Cast, city: Round, applicants: dict[str, Applicant]) -> None:
    for number, asked, text in QUESTIONS:
        one = applicants[number]
        question = ask_question(city, one.organisation, asked, acting_user=one.manager)
        answer_question(question, asked=asked, text=text, acting_user=cast.people["ou"])
    number, asked = WAITING
    one = applicants[number]
    ask_question(city, one.organisation, asked, acting_user=one.manager)
