"""The lifecycle diagram of a need, as a table that reads like the diagram."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import Need
from ventures.rules import needs as rules

N = Need.State
WAITING = [N.RAISED, N.LISTED]
FATES = [N(state) for state in Need.FATES]

NEED = Lifecycle(
    N,
    # verb             label                 from                              to      who
    ("list", _("通过预审，列入清单"), [N.RAISED], N.LISTED, rules.handles),
    ("return_", _("请对方补充"), [N.RAISED], N.RETURNED, rules.handles),
    ("resubmit", _("补充后再提交"), [N.RETURNED], N.RAISED, rules.is_raiser),
    ("withdraw", _("撤回"), [N.RAISED, N.RETURNED, N.LISTED], N.WITHDRAWN, rules.is_raiser),
    # The fates. Each is published with an answer and the working days it took.
    ("put_in_menu", _("列入时间银行菜单"), WAITING, N.IN_MENU, rules.handles),
    ("put_in_call", _("列入征集指引"), WAITING, N.IN_CALL, rules.is_officer_for),
    ("refer", _("转办部门"), WAITING, N.REFERRED, rules.handles),
    ("settle", _("社区协商解决"), WAITING, N.SETTLED, rules.handles),
    ("leave_to_market", _("请找市场服务"), WAITING, N.MARKET, rules.handles),
    ("refuse", _("不予采纳"), WAITING, N.REFUSED, rules.is_officer_for),
    ("reconsider", _("重新办理"), FATES, N.LISTED, rules.is_officer_for),
    # The call that asked for projects about it was ended: by itself, with the round.
    ("come_back", _("征集没有成，重新等待答复"), [N.IN_CALL], N.LISTED, rules.is_the_system),
    # Duplicates. Undoing goes back to where it was.
    ("merge", _("并入相同的需求"), WAITING, N.MERGED, rules.handles),
    ("unmerge", _("撤销合并"), [N.MERGED], N.LISTED, rules.handles),
    ("unmerge_unlisted", _("撤销合并"), [N.MERGED], N.RAISED, rules.handles),
)
