"""Refusals of the composite score and of defending in the hall."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal


class NoDefence(Refusal):
    """The round's call knows no defence, or no session was planned yet."""

    code = "no_defence"
    sentence = _("本轮没有安排路演答辩。要用的话，在发布征集公告以前写进综合得分办法。")


class CompositeIncomplete(Refusal):
    """Parts of the composite score are still out. Fact: missing."""

    code = "composite_incomplete"
    sentence = _("综合得分还没有齐：%(what)s。齐了再拟定名单。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"what": _("；").join(str(one) for one in self.facts["missing"])}


class ShortlistNotReady(Refusal):
    """Who defends is decided by the sheets, and they are still being written. Fact: shortlist."""

    code = "shortlist_not_ready"
    sentence = _("前 %(shortlist)d 名入围答辩，要等评委交齐评分表、结束评审以后才知道是谁。")


class DefencePanelMissing(Refusal):
    """Nobody sits on the panel yet."""

    code = "defence_panel_missing"
    sentence = _("还没有确定评委，请先到“评委与分派”里确定，再排答辩场次。")


class DefencePanelTooSmall(Refusal):
    """Who has to leave leaves too few. Facts: code, there, least, leaving."""

    code = "defence_panel_too_small"
    sentence = _(
        "%(code)s 答辩时要离席的评委有：%(who)s，余下 %(there)d 名，不到规定的 %(least)d 名。"
        "请先增加评委，再排场次。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"who": _("、").join(self.facts["leaving"]) or "—"}


class DefenceBegun(Refusal):
    """A team has been on the stage; order and times stand."""

    code = "defence_begun"
    sentence = _("答辩已经开始，时间和抽签结果不能再改。个别队伍换次序，请用“调整次序”并写明理由。")


class OrderNotDrawn(Refusal):
    """Nothing has an order before the lot."""

    code = "order_not_drawn"
    sentence = _("出场次序还没有抽签，请先和见证人一起抽签。")


class PositionUnknown(Refusal):
    """There is no such place in the order. Fact: last."""

    code = "defence_position_unknown"
    sentence = _("次序请填 1 到 %(last)d 之间、还没有上场的位置。")


class StageTaken(Refusal):
    """Another team is on the stage. Fact: code."""

    code = "defence_stage_taken"
    sentence = _("%(code)s 还在台上，请先亮分，再请下一队。")


class PointsGiven(Refusal):
    """Who has points was on the stage. Fact: sheets."""

    code = "defence_points_given"
    sentence = _("已经有 %(sheets)d 位评委给这一队打了分，不能退回候场；请等评委打完，再亮分。")


class LeavesForSlot(Refusal):
    """She has a tie to this applicant."""

    code = "leaves_for_slot"
    kind = Kind.NOT_ALLOWED
    sentence = _("您与这个项目的申报方有利害关系，这一场请离席，不打分。")


class SlotNotOpen(Refusal):
    """Points are given while the team is on the stage. Fact: state."""

    code = "slot_not_open"
    sentence = _("这个项目现在是“%(state)s”，不能打分。上场以后到亮分以前可以交分、可以改。")


class SheetsOutstanding(Refusal):
    """Somebody has not handed in, and nobody said why one does not wait. Fact: names."""

    code = "defence_sheets_outstanding"
    sentence = _("还没有交分：%(who)s。等交齐再亮分；不等的话，请写明理由。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"who": _("、").join(self.facts["names"])}


class TooFewSheets(Refusal):
    """Fewer sheets than the rules ask for. Fact: least."""

    code = "defence_sheets_too_few"
    sentence = _("交分的评委不到规定的 %(least)d 名，不能亮分。请再等一等。")
