"""Refusals of a round's form: drawing it up, freezing it, correcting its words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class FormFrozen(Refusal):
    """The call is published: what is asked stands, only words are corrected. Facts: round."""

    code = "form_frozen"
    sentence = _("“%(round)s”的申报表已随征集公告定稿，不能再增减问题。可以更正文字，并写明原因。")


class FormNotFrozen(Refusal):
    """There is no frozen form yet whose words could be corrected."""

    code = "form_not_frozen"
    sentence = _("征集公告还没有发布，申报表可以直接修改，不需要走文字更正。")


class TooManyRequired(Refusal):
    """The one-page form asks too much. Facts: count, most."""

    code = "too_many_required"
    sentence = _(
        "一页简表有 %(count)d 个必填项，最多 %(most)d 个。请把其中 %(over)d 个改成选填，"
        "或只在标准申报书里问。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"over": self.facts["count"] - self.facts["most"]}


class FormUnsound(Refusal):
    """Questions that nobody could answer or that would never be asked. Facts: labels."""

    code = "form_unsound"
    sentence = _(
        "申报表里这些问题还不完整，或它的条件要看排在后面的问题：%(shown)s。请改好再发布。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"shown": _("、").join(self.facts["labels"])}


class QuestionLookedAt(Refusal):
    """Others wait for its answer. Facts: label, others."""

    code = "question_looked_at"
    sentence = _(
        "“%(label)s”不能移除、改题型或移到后面："
        "%(shown)s 要看它的回答才显示。请先改那些问题的条件。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"shown": _("、").join(f"“{other}”" for other in self.facts["others"])}


class QuestionBeforeItsReason(Refusal):
    """It would stand before the question it looks at. Facts: label, parent."""

    code = "question_before_its_reason"
    sentence = _("“%(label)s”要看“%(parent)s”的回答才显示，只能排在它后面。")


class TooManyQuestions(Refusal):
    """A form nobody would fill in. Facts: most."""

    code = "too_many_questions"
    sentence = _("一轮最多自设 %(most)d 个问题。请先移除或合并。")


class NothingCorrected(Refusal):
    """The words are the same as before."""

    code = "nothing_corrected"
    sentence = _("文字没有变化，不需要新版本。")
