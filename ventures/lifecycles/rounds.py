"""The lifecycle diagram of rounds, as a table that reads like the diagram."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import (
    Round,
)
from ventures.rules import recusal as recusal_rules
from ventures.rules import round_stops as stop_rules
from ventures.rules import rounds as round_rules

R = Round.State

# Closing is no arrow: `closes_at` passes by itself, judged by the database's clock.
ROUND = Lifecycle(
    R,
    # verb           label           from             to             who
    ("propose", _("提请发布"), [R.DRAFT], R.PROPOSED, round_rules.is_round_officer),
    ("take_back", _("收回修改"), [R.PROPOSED], R.DRAFT, round_rules.is_round_officer),
    ("return_", _("退回修改"), [R.PROPOSED], R.DRAFT, round_rules.may_publish),
    ("publish", _("审核发布"), [R.PROPOSED], R.OPEN, round_rules.may_publish),
    # In two steps only: who was selected is told, and the full proposals come in.
    ("tell_selection", _("公布入围"), [R.OPEN], R.FULL, recusal_rules.may_tell_selection),
    ("begin_review", _("开始评审"), [R.OPEN, R.FULL], R.IN_REVIEW, round_rules.may_begin_review),
    ("decide", _("集体决策"), [R.IN_REVIEW], R.DECIDED, recusal_rules.may_decide),
    ("notice", _("发布公示"), [R.DECIDED], R.NOTICED, recusal_rules.may_decide),
    ("conclude", _("发布公告"), [R.NOTICED], R.CONCLUDED, recusal_rules.may_decide),
    # 递补 after the end: a meeting gives what was freed, a notice of its own and an announcement
    # follow, and the round ends again.
    ("promote", _("递补"), [R.CONCLUDED], R.NOTICED, recusal_rules.may_decide),
    # Before any award, asked for by one person and agreed to by another (`RoundStop`).
    ("stop", _("终止征集"), stop_rules.STOPPABLE, R.STOPPED, stop_rules.may_stop),
)
