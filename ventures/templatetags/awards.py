"""How scores and awards are made, in the words the call states."""

from typing import Any

from django import template

from ventures.models import Decision, Proposal, Round, Rubric
from ventures.selectors.aggregation import way_words
from ventures.selectors.award_words import award_words, result_words, stage_words
from ventures.selectors.notice_papers import days_in_words

register = template.Library()


@register.filter
def way(rubric: Rubric | None) -> str:
    """How several sheets become a score."""
    return way_words(rubric) if rubric else ""


@register.filter
def stage_of(proposal: Proposal, usual: object) -> str:
    """The word of its state as the office reads it; of an idea or a title its own."""
    return str(stage_words(proposal, str(usual), is_public=False))


@register.filter
def public_stage_of(proposal: Proposal, usual: object) -> str:
    """The same as everybody outside the office reads it."""
    return str(stage_words(proposal, str(usual), is_public=True))


@register.filter
def outcome_of(decision: Decision) -> str:
    """What the list says of it: 拟立项; 拟授牌, 拟获奖."""
    usual = decision.get_outcome_display()
    return str(result_words(decision.proposal.round, decision.outcome, usual))


@register.filter
def listing(round: Round) -> str:
    """What the office calls its list: 立项名单, 授牌名单, 获奖名单."""
    return str(award_words(round).listing)


@register.filter
def notice_days(words: dict[str, Any]) -> str:
    """How long a notice runs: 5 个工作日, 7 天."""
    return days_in_words(words)


@register.filter
def explained(projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of whom a notice says why, or what they lacked."""
    return [one for one in projects if one.get("reason") or one.get("almost")]
