"""Why an idea stands where it stands in a list of prizes: nobody asked for an amount there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ventures.models import Round
from ventures.reckoning.award_walk import Reason

_REASONS: dict[str, str | Promise] = {
    Reason.FUNDED.value: _("按名次获奖。"),
    Reason.FUND_SPENT.value: _("按名次排到时，奖金已经分完。"),
    Reason.WALK_ENDED.value: _("按名次排到时，奖金已经分完。"),
}


def prize_reason(round: Round, reason: str) -> str:
    """The sentence where the round gives prizes and has words of its own for it; else nothing."""
    if round.purpose != Round.Purpose.PRIZE or reason not in _REASONS:
        return ""
    return str(_REASONS[reason])
