"""Refusals of panels and score sheets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class ReviewNotBegun(Refusal):
    """Reviewers are named when the round is in review."""

    code = "review_not_begun"
    sentence = _("这一轮还没有开始评审。请先完成形式审查并开始评审，再确定评委。")


class NotAReviewer(Refusal):
    """The person holds no reviewer's role over the round's region. Facts: names."""

    code = "not_a_reviewer"
    sentence = _("%(who)s不是本地区的评委，不能参加评审。请先由管理员授予评委角色。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"who": _("、").join(self.facts["names"])}


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


class ReviewOvertaken(Refusal):
    """The sheet was saved elsewhere after this page was opened. Facts: revision, fields."""

    code = "review_overtaken"
    sentence = _(
        "这份评分表在别的页面或设备上改过。您刚才填的还在，没有丢，也没有盖掉那边的："
        "请逐项看一看，留哪一个。"
    )


class ReviewIncomplete(Refusal):
    """Something is missing or out of range. Facts: missing (sentences)."""

    code = "review_incomplete"
    sentence = _("评分表还不能提交：%(missing)s")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"missing": _("；").join(str(word) for word in self.facts["missing"])}


class ReviewsMissing(Refusal):
    """Sheets are still out. Facts: waiting, unscored."""

    code = "reviews_missing"
    sentence = _(
        "还有 %(waiting)s 份评分表没有交，其中 %(unscored)s 个项目没有任何人评分。"
        "每个项目至少要有一份评分；确需提前结束，请写明理由。"
    )


class PackEmpty(Refusal):
    """There is nothing she may read now that could go into a pack."""

    code = "review_pack_empty"
    sentence = _("现在没有可以打包的申报书。签署承诺书、分到项目以后再来生成。")


class PackOutdated(Refusal):
    """Something in it is no longer hers to read, or may not be named any more."""

    code = "review_pack_outdated"
    sentence = _("这份材料包生成以后，分给您的项目或看得到的内容有变。请重新生成一份。")
