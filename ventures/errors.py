"""Refusals of the ventures programme."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment, yuan

# Rounds ---------------------------------------------------------------------


class RoundIncomplete(Refusal):
    """The call lacks something an applicant must know. Facts: missing (words)."""

    code = "round_incomplete"
    sentence = _("征集公告还不能发布，请先补上：%(missing)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"missing": "、".join(str(word) for word in self.facts["missing"])}


class RoundNotOpen(Refusal):
    """The round takes no proposals yet. Facts: opens_at."""

    code = "round_not_open"
    sentence = _("本轮 %(opens)s 开始受理申报，现在还不能提交。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"opens": moment(self.facts["opens_at"])}


class RoundClosed(Refusal):
    """The closing instant has passed by the database's clock. Facts: closed_at."""

    code = "round_closed"
    sentence = _(
        "本轮申报已于 %(closed)s 截止，不再接收填写、提交或撤回。有疑问请联系征集公告上的联系人。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closed": moment(self.facts["closed_at"])}


class RoundStillOpen(Refusal):
    """Review cannot begin while proposals may still come in. Facts: closes_at."""

    code = "round_still_open"
    sentence = _("本轮要到 %(closes)s 才截止，截止后才能开始评审。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}


class ScreeningUnfinished(Refusal):
    """Some proposals still wait for an answer. Facts: waiting."""

    code = "screening_unfinished"
    sentence = _("还有 %(waiting)s 份申报书没有完成形式审查，完成后才能开始评审。")


class NothingToReview(Refusal):
    """No proposal passed the screening."""

    code = "nothing_to_review"
    sentence = _("没有通过形式审查的申报书，不能开始评审。")


# Proposals ------------------------------------------------------------------


class AlreadyFiled(Refusal):
    """One proposal per organisation and round. Facts: code, organisation."""

    code = "already_filed"
    sentence = _(
        "“%(organisation)s”在本轮已有一份申报书（%(code)s）。一个组织一轮只能申报一个项目。"
    )


class OperatorMayNotApply(Refusal):
    """Who receives and screens the proposals of a round cannot compete in it."""

    code = "operator_may_not_apply"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "“%(organisation)s”是这一轮的承办单位，负责接收和形式审查，不能在本轮申报。可以申报其他轮次。"
    )


class MayNotApply(Refusal):
    """The person acts for no such organisation."""

    code = "may_not_apply"
    kind = Kind.NOT_ALLOWED
    sentence = _("只有申报组织的成员可以代表它申报。请先让组织负责人把您加为成员。")


class DraftOvertaken(Refusal):
    """A save from an older page: nothing was overwritten.

    Facts: revision (what is stored now), saved_at, saved_by, fields (the other version's text).
    """

    code = "draft_overtaken"
    sentence = _(
        "%(who)s已在另一个页面或设备上保存了新内容，您这里的修改没有覆盖它。请先对照，再决定用哪一份。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"who": self.facts["saved_by"]}


class DraftLocked(Refusal):
    """The proposal is not being written any more. Facts: state."""

    code = "draft_locked"
    sentence = _("申报书现在是“%(state)s”，不能再修改。")


class FieldLocked(Refusal):
    """After the close only what was asked for may be completed. Facts: fields (words)."""

    code = "field_locked"
    sentence = _("补正期间只能修改退回时标出的内容，不能改：%(fields)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"fields": "、".join(str(word) for word in self.facts["fields"])}


class CompletionOverdue(Refusal):
    """The day until which a returned proposal could be completed has passed. Facts: complete_by."""

    code = "completion_overdue"
    sentence = _("补正期限已于 %(until)s 结束，不能再修改或提交。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"until": moment(self.facts["complete_by"])}


class CompletionTooShort(Refusal):
    """A return must leave the applicant time. Facts: complete_by."""

    code = "completion_too_short"
    sentence = _("补正截止时间要晚于现在，请给申报方留出时间。")


class TooLateToReturn(Refusal):
    """Once the round is in review nothing more can be completed."""

    code = "too_late_to_return"
    sentence = _("这一轮已经进入评审，不能再给补正时间。可以不予受理并写明理由。")


class ProposalIncomplete(Refusal):
    """Something is missing or does not add up. Facts: missing (sentences)."""

    code = "proposal_incomplete"
    sentence = _("申报书还不能提交，请先完成：%(missing)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"missing": "；".join(str(word) for word in self.facts["missing"])}


class SignatureOverdue(Refusal):
    """Signed pages were due by a stated day. Facts: due_on, closed_at."""

    code = "signature_overdue"
    sentence = _("材料上传已截止。签章页如需补交，请联系征集公告上的联系人。")


class AboveCap(Refusal):
    """More is asked for than one project may get. Facts: requested_fen, cap_fen."""

    code = "above_cap"
    sentence = _("申请资助 %(requested)s，超过单个项目上限 %(cap)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "requested": yuan(self.facts["requested_fen"]),
            "cap": yuan(self.facts["cap_fen"]),
        }


# Recusal (回避) -----------------------------------------------------------------


class RecusedFromProposal(Refusal):
    """The person would see it by duty, but is tied to its applicant or host. Facts: code, who."""

    code = "recused_from_proposal"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "按回避规定，您不能查看或办理申报书 %(code)s：您是（或两年内曾是）申报组织或代管单位的人。"
        "这份申报书由%(who)s办理。"
    )


class RecusedFromRound(Refusal):
    """The person is tied to a proposal that competes in the round. Facts: codes, who."""

    code = "recused_from_round"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "按回避规定，您不能办理本轮的评审和立项，公示前也看不到得分和名单："
        "您是（或两年内曾是）%(which)s 的申报组织或代管单位的人。本轮的评审与立项由%(who)s办理。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": "、".join(self.facts["codes"])}


class RecusedFromExtending(Refusal):
    """The person is tied to somebody who takes part in the round, draft or not. Fact: who."""

    code = "recused_from_extending"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "按回避规定，您不能延长本轮的截止时间：您是（或两年内曾是）本轮申报组织或其代管单位的人。"
        "由%(who)s决定。"
    )


# Reviews ----------------------------------------------------------------------


class ReviewNotBegun(Refusal):
    """Reviewers are named when the round is in review."""

    code = "review_not_begun"
    sentence = _("这一轮还没有开始评审。请先完成形式审查并开始评审，再确定评委。")


class NotAReviewer(Refusal):
    """The person holds no reviewer's role over the round's region. Facts: names."""

    code = "not_a_reviewer"
    sentence = _("%(who)s不是本地区的评委，不能参加评审。请先由管理员授予评委角色。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"who": "、".join(self.facts["names"])}


class ReviewerRecused(Refusal):
    """She belongs to the applicant or its host, or stepped aside. Facts: reviewer, code."""

    code = "reviewer_recused"
    sentence = _("%(reviewer)s与申报书 %(code)s 有利害关系或已回避，不能评审这份申报书。")


class CommitmentMissing(Refusal):
    """The commitment (承诺书) is signed before anything is read."""

    code = "commitment_missing"
    sentence = _("请先签署本轮的评审承诺书，再阅读和评分。")


class PanelClosed(Refusal):
    """The panel has closed: sheets are no longer taken, changed or given back."""

    code = "panel_closed"
    sentence = _("本轮评审已经结束，评分表不再修改。如有错误，请联系经办人。")


class PanelStillOpen(Refusal):
    """Decisions are prepared when the panel has closed."""

    code = "panel_still_open"
    sentence = _("评审还没有结束。请在评委交齐评分表、结束评审之后再拟定立项意见。")


class ReviewHandedIn(Refusal):
    """A sheet that was handed in is locked."""

    code = "review_handed_in"
    sentence = _("这份评分表已经交上来，不能再修改。确需更正，请经办人说明理由退回给您。")


class ReviewIncomplete(Refusal):
    """Something is missing or out of range. Facts: missing (sentences)."""

    code = "review_incomplete"
    sentence = _("评分表还不能提交：%(missing)s")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"missing": "；".join(str(word) for word in self.facts["missing"])}


class ReviewsMissing(Refusal):
    """Sheets are still out. Facts: waiting, unscored."""

    code = "reviews_missing"
    sentence = _(
        "还有 %(waiting)s 份评分表没有交，其中 %(unscored)s 个项目没有任何人评分。"
        "每个项目至少要有一份评分；确需提前结束，请写明理由。"
    )


# Decisions --------------------------------------------------------------------


class DecisionsMissing(Refusal):
    """Every proposal under review needs its decision before the meeting's word. Facts: codes."""

    code = "decisions_missing"
    sentence = _("还有申报书没有拟定意见：%(which)s。请逐一拟定后再记录集体决策。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": "、".join(self.facts["codes"])}


class DeviationUnexplained(Refusal):
    """A decision departs from the ranking without a reason. Facts: codes."""

    code = "deviation_unexplained"
    sentence = _("下列项目没有按名次或低于及格线，请写明理由：%(which)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": "、".join(self.facts["codes"])}


class DecisionUnexplained(Refusal):
    """A proposal is not funded and the applicant is owed a reason. Facts: codes."""

    code = "decision_unexplained"
    sentence = _("不予立项要写明理由，申报方会看到：%(which)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": "、".join(self.facts["codes"])}


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


# Notices ----------------------------------------------------------------------


class NoticeStartsInPast(Refusal):
    """Days on which nobody could read the notice do not count. Facts: starts_on."""

    code = "notice_starts_in_past"
    sentence = _("公示不能从过去的日期（%(starts_on)s）开始，请选择今天或以后。")


class NoticeStillOpen(Refusal):
    """The notice runs until its last day is over, by the database's clock. Facts: closes_at."""

    code = "notice_still_open"
    sentence = _("公示要到 %(closes)s 才结束，之后才能发布公告。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}
