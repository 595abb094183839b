"""The lifecycle diagram of points above the hundred."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import Bonus
from ventures.rules import bonuses as rules

B = Bonus.State

BONUS = Lifecycle(
    B,
    # verb        label          from          to            who
    ("agree", _("同意"), [B.PROPOSED], B.AGREED, rules.is_decider),
    ("refuse", _("不同意"), [B.PROPOSED], B.REFUSED, rules.is_decider),
    ("take_back", _("收回"), [B.PROPOSED], B.TAKEN_BACK, rules.is_proposer),
    ("replace", _("改为另一个加分"), [B.AGREED], B.REPLACED, rules.replaces),
)
