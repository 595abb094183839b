"""The lifecycle diagrams of decisions and public notices, as tables."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import (
    Decision,
    PublicNotice,
)
from ventures.rules import decisions as rules

D = Decision.State


DECISION = Lifecycle(
    D,
    # verb        label              from             to             who
    ("resolve", _("会议通过"), [D.PREPARED], D.RESOLVED, rules.is_decision_officer),
    # 递补: an award was withdrawn, another meeting gives what was freed.
    ("promote", _("递补"), [D.PUBLISHED, D.FINAL], D.RESOLVED, rules.is_decision_officer),
    ("publish", _("公示"), [D.RESOLVED], D.PUBLISHED, rules.is_decision_officer),
    # With its notice, to be published anew with the one that replaces it.
    ("withdraw", _("撤回公示"), [D.PUBLISHED], D.RESOLVED, rules.is_decision_officer),
    ("conclude", _("公告"), [D.PUBLISHED], D.FINAL, rules.is_decision_officer),
    # Given up while it is on notice: nothing of it is left to announce but that.
    ("end", _("放弃立项"), [D.RESOLVED, D.PUBLISHED], D.FINAL, rules.may_end_award),
)


N = PublicNotice.State


NOTICE = Lifecycle(
    N,
    # verb         label               from      to            who
    ("conclude", _("结束公示并公告"), [N.OPEN], N.CONCLUDED, rules.is_notice_officer),
    # Running or over: until something of it is announced.
    ("withdraw", _("撤回公示"), [N.OPEN], N.WITHDRAWN, rules.is_notice_officer),
)
