"""How scores and awards are made, in the words the call states."""

from typing import Any

from django import template

from ventures.models import Criterion, Round, Rubric
from ventures.selectors.aggregation import counts_words, way_words
from ventures.selectors.award_terms import award_terms_of, terms_in_words
from ventures.selectors.papers import days_in_words

register = template.Library()


@register.filter
def way(rubric: Rubric | None) -> str:
    """How several sheets become a score."""
    return way_words(rubric) if rubric else ""


@register.filter
def counts(criterion: Criterion) -> str:
    """Beside a criterion that does not simply count with its points."""
    return counts_words(criterion)


@register.filter
def notice_days(words: dict[str, Any]) -> str:
    """How long a notice runs: 5 个工作日, 7 天."""
    return days_in_words(words)


@register.simple_tag
def award_rules(round: Round) -> list[str]:
    """The rules of the list, one sentence each; none where the meeting decides by the ranking."""
    return terms_in_words(round, award_terms_of(round))
