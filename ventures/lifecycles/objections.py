"""The lifecycle diagrams of objections and of revised budgets."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import Objection, RevisedBudget
from ventures.rules import objections as rules

O = Objection.State  # noqa: E741


OBJECTION = Lifecycle(
    O,
    # verb        label              from       to             who
    ("uphold", _("异议成立"), [O.FILED], O.UPHELD, rules.is_objection_officer),
    ("reject", _("异议不成立"), [O.FILED], O.REJECTED, rules.is_objection_officer),
    ("refuse", _("不予受理"), [O.FILED], O.REFUSED, rules.is_objection_officer),
    ("take_back", _("撤回异议"), [O.FILED], O.TAKEN_BACK, rules.is_objector),
)


R = RevisedBudget.State


REVISED_BUDGET = Lifecycle(
    R,
    ("confirm", _("确认修改稿"), [R.HANDED_IN], R.CONFIRMED, rules.is_revision_officer),
    ("return_", _("退回修改"), [R.HANDED_IN], R.RETURNED, rules.is_revision_officer),
)
