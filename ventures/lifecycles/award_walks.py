"""The lifecycle diagram of departures from the list the rules give."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import Override
from ventures.rules import award_walks as rules

O = Override.State  # noqa: E741


OVERRIDE = Lifecycle(
    O,
    # verb        label           from          to           who
    ("agree", _("同意"), [O.PROPOSED], O.AGREED, rules.is_override_decider),
    ("refuse", _("不同意"), [O.PROPOSED], O.REFUSED, rules.is_override_decider),
    (
        "take_back",
        _("收回"),
        [O.PROPOSED, O.AGREED],
        O.TAKEN_BACK,
        rules.is_override_proposer,
    ),
)
