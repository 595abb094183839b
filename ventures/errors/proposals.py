"""Refusals of proposals: filing, completing, signing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment, yuan


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


class MayNotInitiate(Refusal):
    """Named initiators apply in rounds of the city, under a verified name. Facts: why."""

    code = "may_not_initiate"
    kind = Kind.NOT_ALLOWED
    sentence = _("不能以个人名义发起：%(why)s")


class NoPartner(Refusal):
    """An organisation cannot be asked to apply together. Facts: organisation, why."""

    code = "no_partner"
    sentence = _("不能请“%(organisation)s”联合申报：%(why)s")


class NoTransfer(Refusal):
    """A proposal cannot be moved to that round. Facts: why."""

    code = "no_transfer"
    sentence = _("不能转入这一轮：%(why)s")


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
        return self.facts | {"fields": _("、").join(str(word) for word in self.facts["fields"])}


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
        return self.facts | {"missing": _("；").join(str(word) for word in self.facts["missing"])}


class SignatureOverdue(Refusal):
    """Signed pages were due by a stated day. Facts: due_on, closed_at."""

    code = "signature_overdue"
    sentence = _("材料上传已截止。签章页如需补交，请联系征集公告上的联系人。")


class TooManyFiles(Refusal):
    """A proposal holds so many files and no more. Facts: most, size (words)."""

    code = "too_many_files"
    sentence = _("一份申报书最多放 %(most)s 个文件，合计不超过 %(size)s。请先移除不用的文件。")


class AboveCap(Refusal):
    """More is asked for than one project may get. Facts: requested_fen, cap_fen."""

    code = "above_cap"
    sentence = _("申请资助 %(requested)s，超过单个项目上限 %(cap)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "requested": yuan(self.facts["requested_fen"]),
            "cap": yuan(self.facts["cap_fen"]),
        }
