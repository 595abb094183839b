"""The lifecycle diagram of asking that a round be ended, as a table that reads like the diagram."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import RoundStop
from ventures.rules import round_stops as rules

S = RoundStop.State

ROUND_STOP = Lifecycle(
    S,
    # verb        label           from       to            who
    ("agree", _("同意终止"), [S.ASKED], S.AGREED, rules.is_stop_decider),
    ("refuse", _("不同意终止"), [S.ASKED], S.REFUSED, rules.is_stop_decider),
    ("take_back", _("收回"), [S.ASKED], S.TAKEN_BACK, rules.is_stop_asker),
)
