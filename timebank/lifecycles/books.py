"""The lifecycle diagrams of corrections, opening balances and grants of points, as tables."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.adjustments import CorrectionState
from timebank.rules import books as rules

Corrected = CorrectionState


# A correction comes to life as PROPOSED (`services.adjustments`); approving posts it.
CORRECTION = Lifecycle(
    Corrected,
    # verb       label            from                   to                    who
    ("approve",  _("复核通过"),   [Corrected.PROPOSED],  Corrected.APPROVED,   rules.may_decide_correction),
    ("refuse",   _("不通过"),     [Corrected.PROPOSED],  Corrected.REFUSED,    rules.may_decide_correction),
    ("withdraw", _("撤回"),       [Corrected.PROPOSED],  Corrected.WITHDRAWN,  rules.proposed_it),
)  # fmt: skip


# Opening balances come to life as PROPOSED, every row checked (`services.openings`).
OPENING = Lifecycle(
    Corrected,
    # verb       label            from                   to                    who
    ("approve",  _("复核通过"),   [Corrected.PROPOSED],  Corrected.APPROVED,   rules.may_decide_opening),
    ("refuse",   _("不通过"),     [Corrected.PROPOSED],  Corrected.REFUSED,    rules.may_decide_opening),
    ("withdraw", _("撤回"),       [Corrected.PROPOSED],  Corrected.WITHDRAWN,  rules.proposed_it),
)  # fmt: skip


# A grant of points comes to life as PROPOSED (`services.points`); approving posts its rows.
POINT_GRANT = Lifecycle(
    Corrected,
    # verb       label            from                   to                    who
    ("approve",  _("复核通过"),   [Corrected.PROPOSED],  Corrected.APPROVED,   rules.may_decide_points),
    ("refuse",   _("不通过"),     [Corrected.PROPOSED],  Corrected.REFUSED,    rules.may_decide_points),
    ("withdraw", _("撤回"),       [Corrected.PROPOSED],  Corrected.WITHDRAWN,  rules.proposed_it),
)  # fmt: skip
