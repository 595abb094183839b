"""The lifecycle diagrams of a session's lot, of a team's turn, and of a pledge, as tables."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import DefenceSession, DefenceSlot, Pledge
from ventures.rules import defences as rules
from ventures.rules import pledges as pledge_rules

L = DefenceSession.State
S = DefenceSlot.State
P = Pledge.State

DEFENCE_ORDER = Lifecycle(
    L,
    # verb     label          from                  to          who
    ("seal", _("备签"), [L.PLANNED], L.SEALED, rules.runs_session),
    ("draw", _("抽签"), [L.SEALED], L.DRAWN, rules.runs_session),
    ("void", _("作废重来"), [L.SEALED, L.DRAWN], L.PLANNED, rules.runs_session),
)

DEFENCE_SLOT = Lifecycle(
    S,
    ("open", _("上场"), [S.WAITING], S.OPEN, rules.runs_slot),
    ("reveal", _("亮分"), [S.OPEN], S.REVEALED, rules.reveals),
    ("step_down", _("退回候场"), [S.OPEN], S.WAITING, rules.runs_slot),
    ("miss", _("记为缺席"), [S.WAITING], S.ABSENT, rules.runs_slot),
    ("recall", _("恢复候场"), [S.ABSENT], S.WAITING, rules.runs_slot),
)

PLEDGE = Lifecycle(
    P,
    ("confirm", _("核实"), [P.OFFERED], P.CONFIRMED, pledge_rules.confirms),
    ("refuse", _("不予认定"), [P.OFFERED], P.REFUSED, pledge_rules.confirms),
    ("withdraw", _("撤回"), [P.OFFERED], P.WITHDRAWN, pledge_rules.entered),
)
