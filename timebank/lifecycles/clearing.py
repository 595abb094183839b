"""The lifecycle of hours between banks, as a table that reads like the diagram."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.clearing import Crossing
from timebank.rules import clearing as rules

State = Crossing.State

# A crossing comes to life as SENT, its minutes on the clearing account (`services.clearing.send_hours`).
CROSSING = Lifecycle(
    State,
    # verb        label        from          to              who
    ("credit",    _("转入"),   [State.SENT], State.CREDITED, rules.is_the_settler),
    ("send_back", _("退回"),   [State.SENT], State.RETURNED, rules.is_the_settler),
)  # fmt: skip
