"""The lifecycle diagram of wishes to put an award's amount right, or to cancel it."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import AwardWish
from ventures.rules import award_wishes as rules

W = AwardWish.State

AWARD_WISH = Lifecycle(
    W,
    # verb        label          from          to            who
    ("agree", _("同意"), [W.PROPOSED], W.AGREED, rules.is_decider),
    ("refuse", _("不同意"), [W.PROPOSED], W.REFUSED, rules.is_decider),
    ("take_back", _("收回"), [W.PROPOSED], W.TAKEN_BACK, rules.is_proposer),
    # The award ended otherwise.
    ("fall_away", _("不用再办"), [W.PROPOSED], W.MOOT, rules.ended_it),
)
