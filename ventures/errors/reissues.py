"""Refusals of withdrawing a notice and publishing another instead (撤回公示、重新公示)."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoticeWithdrawn(Refusal):
    """Nothing is announced from a notice that was withdrawn, and nobody objects to it."""

    code = "notice_withdrawn"
    sentence = _("这份公示已撤回，不再有效。请看重新发布的公示。")


class WholeNoticeUpheld(Refusal):
    """An objection to the whole notice was upheld: it is put right, not announced."""

    code = "whole_notice_upheld"
    sentence = _("针对整份公示的异议成立，不能照这份公示公告。请撤回这份公示，改正后重新公示。")


class WholeObjectionsFirst(Refusal):
    """What was said against the withdrawn notice as a whole is answered before another goes up:
    it should be in the new one. Facts: waiting."""

    code = "whole_objections_first"
    sentence = _(
        "还有 %(waiting)d 件针对整份公示的异议没有书面答复。先答复，再重新公示，"
        "好让新的公示照答复改。"
    )
