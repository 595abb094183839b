"""What is kept as rows, in the reader's language; and whether the calendar can be trusted."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from accounts.data_words import in_readers_language
from accounts.working_days import unknown_years

register = template.Library()


@register.filter
def say(words: object) -> str:
    """A word that stands in rows (a service, a track, a rubric item) in the reader's language."""
    return in_readers_language(str(words or ""))


@register.inclusion_tag("components/calendar_warning.html")
def calendar_warning(first: date | datetime | None, last: date | datetime | None) -> dict[str, str]:
    """A warning where working days are counted over a year whose arrangement is not entered."""
    if not first or not last:
        return {"years": ""}
    years = unknown_years(_day(first), _day(last))
    return {"years": "、".join(str(year) for year in years)}


def _day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value
