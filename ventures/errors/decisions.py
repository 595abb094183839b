"""Refusals of the meeting, of awards and of public notices."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.templatetags.kit import moment, yuan


class DecisionsMissing(Refusal):
    """Every proposal under review needs its decision before the meeting's word. Facts: codes."""

    code = "decisions_missing"
    sentence = _("还有申报书没有拟定意见：%(which)s。请逐一拟定后再记录集体决策。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": _("、").join(self.facts["codes"])}


class DeviationUnexplained(Refusal):
    """A decision departs from the ranking without a reason. Facts: codes."""

    code = "deviation_unexplained"
    sentence = _("下列项目没有按名次或低于及格线，请写明理由：%(which)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": _("、").join(self.facts["codes"])}


class DecisionUnexplained(Refusal):
    """A proposal is not funded and the applicant is owed a reason. Facts: codes."""

    code = "decision_unexplained"
    sentence = _("不予立项要写明理由，申报方会看到：%(which)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": _("、").join(self.facts["codes"])}


class AmountOutOfRange(Refusal):
    """An award is more than nothing and no more than was asked for. Facts: code, most_fen."""

    code = "amount_out_of_range"
    sentence = _("%(code)s 的拟资助金额要大于 0，且不超过申请的 %(most)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"most": yuan(self.facts["most_fen"])}


class AwardsAboveFund(Refusal):
    """The awards add up to more than the round's free money. Facts: needed_fen, free_fen."""

    code = "awards_above_fund"
    sentence = _("拟资助合计 %(needed)s，超过本轮可用资金 %(free)s，请调整后再提交。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "needed": yuan(self.facts["needed_fen"]),
            "free": yuan(self.facts["free_fen"]),
        }


class MeetingInFuture(Refusal):
    """A resolution records a meeting that was held. Facts: held_on."""

    code = "meeting_in_future"
    sentence = _("会议日期 %(held_on)s 还没有到。集体决策要在会议开过之后记录。")


class WrongMeeting(Refusal):
    """The kind of meeting does not decide rounds of this level. Facts: kind, level."""

    code = "wrong_meeting"
    sentence = _("%(level)s的创投不由“%(kind)s”决定，请选择相应的决策形式。")


class NoticeStartsInPast(Refusal):
    """Days on which nobody could read the notice do not count. Facts: starts_on."""

    code = "notice_starts_in_past"
    sentence = _("公示不能从过去的日期（%(starts_on)s）开始，请选择今天或以后。")


class NoticeNotAsSeen(Refusal):
    """What would be published is not what the preview showed: something changed since."""

    code = "notice_not_as_seen"
    sentence = _("预览以后，公示的内容有了变化，还没有发布。请再看一遍，没有问题再发布。")


class NoticeStillOpen(Refusal):
    """The notice runs until its last day is over, by the database's clock. Facts: closes_at."""

    code = "notice_still_open"
    sentence = _("公示要到 %(closes)s 才结束，之后才能发布公告。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}
