"""Days and moments in the words of the product; deadlines and how near they are."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

register = template.Library()

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)


def _local(value: date | datetime) -> date | datetime:
    return (
        timezone.localtime(value)
        if isinstance(value, datetime) and timezone.is_aware(value)
        else value
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in words: 2026年11月21日 周六."""
    if value is None or value == "":
        return ""
    value = _local(value)
    return pgettext("某一天", "{date} {weekday}").format(
        date=formats.date_format(value, pgettext("日期格式", "Y年n月j日")),
        weekday=WEEKDAYS[value.weekday()],
    )


@register.filter
def short_day(value: date | datetime | None) -> str:
    """A day where room is small: 11月21日 周六; one of another year says its year."""
    if value is None or value == "":
        return ""
    value = _local(value)
    if value.year != timezone.localdate().year:
        return day(value)
    return pgettext("某一天", "{date} {weekday}").format(
        date=formats.date_format(value, pgettext("日期格式", "n月j日")),
        weekday=WEEKDAYS[value.weekday()],
    )


@register.filter
def plain_day(value: date | datetime | str | None) -> str:
    """A day in a column of days: 2026年11月21日; also from a snapshot, where it stands as text."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return formats.date_format(_local(value), pgettext("日期格式", "Y年n月j日"))


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day: 19:30."""
    return "" if value is None or value == "" else formats.date_format(_local(value), "H:i")


@register.filter
def moment(value: datetime | None) -> str:
    """An instant in words: 2026年11月21日 周六 19:30."""
    return "" if value is None or value == "" else f"{day(value)} {clock(value)}"


@register.simple_tag
def period(start: datetime, end: datetime) -> str:
    """From–to in words, the day said once: 2026年11月21日 周六 19:30–21:00."""
    if _local(start).timetuple()[:3] == _local(end).timetuple()[:3]:
        return f"{moment(start)}–{clock(end)}"
    return _("%(start)s 至 %(end)s") % {"start": moment(start), "end": moment(end)}


@register.filter
def remaining(deadline: datetime | None) -> str:
    """How long until a deadline, in the two largest units: 3 天 4 小时; 已截止 when it has passed.

    For reading only: whether a deadline has passed is decided by the database clock.
    """
    if not deadline:
        return ""
    seconds = (deadline - timezone.now()).total_seconds()
    if seconds <= 0:
        return _("已截止")
    minutes = int(seconds // 60)
    days, rest = divmod(minutes, 24 * 60)
    if days:
        return _("还有 %(days)d 天 %(hours)d 小时") % {
            "days": days,
            "hours": rest // 60,
        }
    if rest >= 60:
        return _("还有 %(hours)d 小时 %(minutes)d 分") % {
            "hours": rest // 60,
            "minutes": rest % 60,
        }
    return _("还有 %(minutes)d 分") % {"minutes": max(rest, 1)}


@register.filter
def urgency(deadline: datetime | None) -> str:
    """How near a deadline is: over, urgent (a day), near (three days), far."""
    if not deadline:
        return "far"
    left = deadline - timezone.now()
    if left <= timedelta(0):
        return "over"
    return "urgent" if left <= timedelta(days=1) else "near" if left <= timedelta(days=3) else "far"


@register.filter
def iso(value: date | datetime | None) -> str:
    """The machine's form of a day or instant, for ``<time datetime>``."""
    return "" if value is None or value == "" else _local(value).isoformat()
