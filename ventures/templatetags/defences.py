"""Where what counts besides the sheets is to be found: links on boards, calls, proposals."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from ventures.models import DefenceSession, DefenceSlot, Proposal, PublicVote, Round
from ventures.rules.bonuses import may_see_bonuses
from ventures.rules.recusal import may_decide
from ventures.rules.review_rights import is_still_blind
from ventures.rules.reviews import may_see_scores
from ventures.selectors.composites import composite_terms_of

register = template.Library()


class Link(NamedTuple):
    title: str
    url: str
    icon: str


@register.simple_tag(takes_context=True)
def composite_links(context: dict[str, Any], round: Round) -> list[Link]:
    """For the office: what its call switched on."""
    terms = composite_terms_of(round)
    if terms is None:
        return []
    user = context["request"].user
    links = []
    if terms.has_defence:
        links.append(Link(_("路演答辩"), _to("defence-desk", round), "stopwatch"))
    if terms.has_vote and may_decide(user, round):
        links.append(Link(_("公众投票"), _to("vote-office", round), "hand-thumbs-up"))
    if terms.has_pledges:
        links.append(Link(_("配资承诺"), _to("round-pledges", round), "cash-coin"))
    if round.bonus_kinds.exists() and may_see_bonuses(user, round):
        links.append(Link(_("加分"), _to("bonuses", round), "plus-lg"))
    panel = getattr(round, "panel", None)
    if panel is not None and may_see_scores(user, panel):
        links.append(Link(_("综合得分"), _to("composite", round), "bar-chart"))
    return links


@register.simple_tag
def public_links(round: Round) -> list[Link]:
    """For everybody: the vote and the lot, once there are any."""
    links = []
    if PublicVote.objects.filter(round=round).exists():
        links.append(Link(_("公众投票"), _to("public-vote", round), "hand-thumbs-up"))
    drawn = DefenceSession.objects.filter(round=round).exclude(state=DefenceSession.State.PLANNED)
    if drawn.exists():
        links.append(Link(_("答辩次序抽签"), _to("defence-lot", round), "shuffle"))
    return links


@register.simple_tag
def team_links(proposal: Proposal) -> list[Link]:
    """For a team: its turn once it was told, and what others promise it."""
    links = []
    turn = DefenceSlot.objects.filter(proposal=proposal, session__told_at__isnull=False)
    if turn.exists():
        url = reverse("ventures:defence-turn", args=[proposal.code])
        links.append(Link(_("路演答辩时间"), url, "stopwatch"))
    terms = composite_terms_of(proposal.round)
    if terms is not None and terms.has_pledges and proposal.submitted_at is not None:
        url = reverse("ventures:proposal-pledges", args=[proposal.code])
        links.append(Link(_("配资承诺"), url, "cash-coin"))
    return links


@register.simple_tag
def hall_of(round: Round) -> str:
    """Where a reviewer scores in the hall: the order is drawn, and no phase is blind any more."""
    drawn = DefenceSession.objects.filter(round=round, state=DefenceSession.State.DRAWN)
    is_open = drawn.exists() and is_still_blind(round) is None
    return reverse("ventures:hall", args=[round.code]) if is_open else ""


def _to(name: str, round: Round) -> str:
    return reverse(f"ventures:{name}", args=[round.code])
