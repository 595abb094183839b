"""How scores and awards are made, in the words the call states."""

from typing import Any

from django import template

from ventures.models import Rubric
from ventures.selectors.aggregation import way_words
from ventures.selectors.papers import days_in_words

register = template.Library()


@register.filter
def way(rubric: Rubric | None) -> str:
    """How several sheets become a score."""
    return way_words(rubric) if rubric else ""


@register.filter
def notice_days(words: dict[str, Any]) -> str:
    """How long a notice runs: 5 个工作日, 7 天."""
    return days_in_words(words)
