"""What is asked in an inspection, how much is drawn, and how long a bar lasts: dated tables."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timebank.terms.dated import in_force

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class InspectionTerms:
    """双随机: how much is drawn, what is asked, how long one may take to answer."""

    since: date
    per_mille: int
    at_least: int
    reply_working_days: int
    questions: tuple[tuple[str, Words], ...]


INSPECTION_TERMS = (
    InspectionTerms(
        since=date(2024, 1, 1),
        per_mille=20,
        at_least=2,
        reply_working_days=10,
        questions=(
            ("happened", _("服务确有其事（问过服务对象或在场的人）")),
            ("person", _("来服务的就是这位志愿者本人")),
            ("time", _("时间和时长与凭据一致，不含路上的时间")),
            ("evidence", _("凭据齐全：签到、签到表、服务码、照片或回访")),
            ("unpaid", _("没有报酬，不是上班、培训或必须参加的")),
            ("second", _("登记、确认不是同一个人")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class BarTerms:
    """限制自报: how long, and how many new hours."""

    since: date
    months: int
    minutes: int


BAR_TERMS = (BarTerms(since=date(2024, 1, 1), months=12, minutes=100 * 60),)


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """记录异议: within how many working days the station answers."""

    since: date
    answer_working_days: int


QUERY_TERMS = (QueryTerms(since=date(2024, 1, 1), answer_working_days=5),)


def inspection_terms(day: date) -> InspectionTerms:
    return in_force(INSPECTION_TERMS, day)


def bar_terms(day: date) -> BarTerms:
    return in_force(BAR_TERMS, day)


def query_terms(day: date) -> QueryTerms:
    return in_force(QUERY_TERMS, day)
