"""How scores and awards are made, in the words the call states."""

from typing import Any

from django import template

from ventures.models import Proposal, Rubric
from ventures.selectors.aggregation import way_words
from ventures.selectors.award_words import result_words
from ventures.selectors.notice_papers import days_in_words

register = template.Library()


@register.filter
def way(rubric: Rubric | None) -> str:
    """How several sheets become a score."""
    return way_words(rubric) if rubric else ""


@register.filter
def result_of(proposal: Proposal, usual: object) -> str:
    """The word of its state; of an idea or a title its own."""
    return str(result_words(proposal.round, proposal.state, str(usual)))


@register.filter
def notice_days(words: dict[str, Any]) -> str:
    """How long a notice runs: 5 个工作日, 7 天."""
    return days_in_words(words)
