"""Refusals of blind review."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class BlindCopyPending(Refusal):
    """The office has not released the anonymous copy of this version yet."""

    code = "blind_copy_pending"
    sentence = _(
        "本轮隐去申报方评审，这一份的匿名稿经办人还在核对，核对完就能打开。"
        "您可以先评别的，或者打电话问经办人。"
    )


class CopyNotReleased(Refusal):
    """The anonymous copy was taken back while a reviewer had it open."""

    code = "copy_not_released"
    sentence = _("这一份的匿名稿正在修改，暂时不能打分；已保存的都在，放行以后请接着打。")


class TracesLeft(Refusal):
    """Words that tell who applies still stand in the copy. Fact: words."""

    code = "traces_left"
    sentence = _(
        "匿名稿里还看得出是谁：%(found)s。请改掉；确实不是申报方的，请勾选“这些我都看过”再放行。"
    )

    def shown_facts(self) -> dict[str, object]:
        return self.facts | {"found": _("、").join(self.facts["words"])}


class NothingHidden(Refusal):
    """No phase of the round hides who applies."""

    code = "nothing_hidden"
    sentence = _("本轮没有隐去申报方的环节，不用做匿名稿。需要盲评的，先在“评审环节”里打开。")


class CopyReleased(Refusal):
    """Reviewers read the copy: it is taken back before it is changed."""

    code = "blind_copy_released"
    sentence = _("这份匿名稿已经放行，评委看得到。要改的话，请先收回，改好再放行。")
