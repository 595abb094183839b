"""Refusals of selecting concepts (概要遴选): too early, not by this person, not yet whole."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment


class NoConcepts(Refusal):
    """The round is filed in one step."""

    code = "no_concepts"
    sentence = _("本轮一步申报，没有概要遴选。")


class ConceptsStillOpen(Refusal):
    """Concepts may still come in. Facts: closes_at."""

    code = "concepts_still_open"
    sentence = _("项目概要要到 %(closes)s 才收齐（含宽限和延期），收齐以后才能遴选。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}


class SelectionTold(Refusal):
    """Everybody was told; what was decided stands."""

    code = "selection_told"
    sentence = _("入围结果已经告知所有申报方，不能再改。")


class SelectedByReviewers(Refusal):
    """The call says that reviewers select, by more than half of their voices."""

    code = "selected_by_reviewers"
    sentence = _("公告写明概要由评委遴选，经办人不能自己定。请等评委提完意见，按过半同意汇总。")


class SelectedByOffice(Refusal):
    """The call says that the office selects."""

    code = "selected_by_office"
    sentence = _("公告写明概要由经办人遴选，不请评委。")


class RecusedFromSelecting(Refusal):
    """Tied to some of the concepts. Facts: codes, who."""

    code = "recused_from_selecting"
    kind = Kind.NOT_ALLOWED
    sentence = _("%(codes)s 与您有利害关系，要由 %(who)s 遴选。其余的您可以去掉这几份再定。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"codes": _("、").join(self.facts["codes"])}


class NothingChosen(Refusal):
    """No concept was ticked."""

    code = "no_concept_chosen"
    sentence = _("请先勾选要定的概要，至少一份。")


class VoicesMissing(Refusal):
    """Some readers have not spoken of all concepts. Facts: who (names with what is missing)."""

    code = "voices_missing"
    sentence = _("还有评委没有提完意见：%(who)s。请提醒他们，或在评委名单里去掉不参加的。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"who": _("、").join(self.facts["who"])}


class NobodyReads(Refusal):
    """No reviewer may judge this concept. Facts: codes."""

    code = "nobody_reads_concept"
    sentence = _("%(codes)s 没有一位可以评议的评委（都要回避），请再请一位。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"codes": _("、").join(self.facts["codes"])}


class SelectionUnfinished(Refusal):
    """Some concepts wait for a decision. Facts: waiting."""

    code = "selection_unfinished"
    sentence = _("还有 %(waiting)d 份概要没有定，全部定了才能一起告知。")


class NobodySelected(Refusal):
    """Nothing goes on, so nothing could follow."""

    code = "nobody_selected"
    sentence = _("一份入围的也没有，不能进入完整申报。请至少选一份；确实都不合适的，本轮到此为止。")


class FullCloseTooNear(Refusal):
    """Whoever is selected would have no time left. Facts: closes_at."""

    code = "full_close_too_near"
    sentence = _(
        "完整申报书的截止（%(closes)s）已经过了或不到一天，入围的来不及填。请先在“日程”里往后移。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}
