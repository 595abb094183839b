"""Refusals around presence: codes, checking in and out, sheets, cards."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment


class NoSeat(Refusal):
    """Who checks in has no seat. Facts: none."""

    code = "no_seat"
    sentence = _("您没有报名这一场。人已到现场的，请找活动负责人现场补报名。")


class TooEarlyToArrive(Refusal):
    """Facts: opens_at."""

    code = "too_early_to_arrive"
    sentence = _("还没到签到时间，%(opens_at)s 起可以签到。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"opens_at": moment(self.facts["opens_at"])}


class TooLateToArrive(Refusal):
    """Facts: closed_at."""

    code = "too_late_to_arrive"
    sentence = _("签到已在 %(closed_at)s 结束。到过场的，请活动负责人核实后登记。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closed_at": moment(self.facts["closed_at"])}


class TooLateToLeave(Refusal):
    """Facts: closed_at."""

    code = "too_late_to_leave"
    sentence = _("签退已在 %(closed_at)s 结束。请活动负责人核实您离开的时间，核实后才记时长。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closed_at": moment(self.facts["closed_at"])}


class ShiftCalledOff(Refusal):
    code = "shift_called_off"
    sentence = _("这一场已经取消，不用签到，不算未到。")


class ArrivedBefore(Refusal):
    """Facts: arrived_at."""

    code = "arrived_before"
    sentence = _("已在 %(arrived_at)s 签到，不用重复签到。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"arrived_at": moment(self.facts["arrived_at"])}


class NotArrived(Refusal):
    code = "not_arrived"
    sentence = _("还没有签到，不能签退。请先签到；忘记签到的，请找活动负责人登记。")


class LeftBefore(Refusal):
    code = "left_before"
    sentence = _("已经签退，不用重复签退。时间有出入的，请找活动负责人核实。")


class PresenceDecided(Refusal):
    """Staff said what was, and it stands. Facts: state."""

    code = "presence_decided"
    sentence = _("这一场的到场情况已登记为“%(state)s”。有出入的，请找活动负责人核实。")


class CodeOver(Refusal):
    """A code that is not shown any more, or never was. Facts: none."""

    code = "code_over"
    sentence = _("这个码已经换了，请再扫一次屏幕上的新码。")


class CodeUsed(Refusal):
    """The same code again by the same person. Facts: none."""

    code = "code_used"
    sentence = _("这个码您已经用过一次。请等屏幕换了新码再扫。")


class CodeLocked(Refusal):
    """Five wrong codes. Facts: none."""

    code = "code_locked"
    kind = Kind.TOO_MANY
    sentence = _("数字已输错 5 次，这一场不能再输。请找活动负责人登记，或扫二维码。")


class BadgeUnknown(Refusal):
    code = "badge_unknown"
    sentence = _("这个志愿者码无效或已停用。请本人打开“我的志愿者码”再扫。")


class ManifestNotOurs(Refusal):
    """The signed list that comes with scans is forged, of another shift or of somebody else."""

    code = "manifest_not_ours"
    sentence = _(
        "这批扫码带来的名单不是发给您的，或者不属于这一场，没有收下。"
        "请联网重新打开扫码页，再上传一次。"
    )


class ScanSettled(Refusal):
    """Facts: state."""

    code = "scan_settled"
    sentence = _("这条离线扫码已经处理过（%(state)s）。")


class BothTimesNeeded(Refusal):
    """One scan of somebody who was marked absent says too little. Facts: state."""

    code = "both_times_needed"
    sentence = _(
        "这个人已登记为“%(state)s”，只有一次扫码，不知道来去的时间。"
        "请到“登记或核实”里写下到达和离开的时间，再把这条扫码标为不采用。"
    )


class NotTheirOwnPresence(Refusal):
    code = "not_their_own_presence"
    kind = Kind.NOT_ALLOWED
    sentence = _("不能登记自己的到场情况，请另一位工作人员办理；自己可以扫码签到。")


class PresenceTimesWrong(Refusal):
    code = "presence_times_wrong"
    sentence = _("离开时间要晚于到达时间，都要在这一场的前后。请核对。")


class NotOverYet(Refusal):
    """Facts: ends_at."""

    code = "shift_not_over_yet"
    sentence = _("这一场 %(ends_at)s 才结束，结束后才能登记未到。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"ends_at": moment(self.facts["ends_at"])}


class HasArrived(Refusal):
    code = "has_arrived"
    sentence = _("已经签到的人不能登记为未到。时间有出入的，请用“核实时间”。")


class ContestedOnce(Refusal):
    code = "contested_once"
    sentence = _("已经提过一次异议，并有了答复。仍有不同意见，请向站点所在镇（街道）反映。")


class ScansMissing(Refusal):
    code = "scans_missing"
    sentence = _("请附上签到表的照片或扫描件。")


class OwnSheet(Refusal):
    """Who typed a sheet in does not look it over. Facts: none."""

    code = "own_sheet"
    kind = Kind.NOT_ALLOWED
    sentence = _("自己录入的签到表，由另一位工作人员核对。")


class SheetDiffers(Refusal):
    """What the second person typed is not what the first did. Facts: names."""

    code = "sheet_differs"
    sentence = _("有几行和第一次录入的不一样：%(names)s。请对着扫描件再看一遍，录错的请退回更正。")


class CardUnknown(Refusal):
    code = "card_unknown"
    sentence = _("这张服务卡无效或已停用。请告诉站点，补办一张。")


class NothingToServeHere(Refusal):
    code = "nothing_to_serve_here"
    sentence = _("您现在没有为这位服务对象接的单，不用扫服务卡。")
