"""The lifecycle diagrams of asking and drawing reviewers, as tables."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import ReviewerDraw, ReviewInvitation
from ventures.rules import experts as rules

I = ReviewInvitation.State  # noqa: E741
D = ReviewerDraw.State

REVIEW_INVITATION = Lifecycle(
    I,
    # verb        label             from       to             who
    ("accept", _("接受邀请"), [I.OPEN], I.ACCEPTED, rules.is_asked),
    ("decline", _("谢绝"), [I.OPEN], I.DECLINED, rules.is_asked),
    ("withdraw", _("收回邀请"), [I.OPEN], I.WITHDRAWN, rules.asks_in_round),
    ("lapse", _("逾期"), [I.OPEN], I.LAPSED, rules.is_the_clock),
)

REVIEWER_DRAW = Lifecycle(
    D,
    ("draw", _("抽取"), [D.PREPARED], D.DRAWN, rules.may_run_draw),
    ("void", _("作废"), [D.PREPARED, D.DRAWN], D.VOID, rules.may_run_draw),
)
