"""Refusals around history brought from other systems."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class HistoryBroughtBefore(Refusal):
    """The same file waits or was taken in. Facts: batch."""

    code = "history_brought_before"
    sentence = _("这个文件已经在第 %(batch)d 批里导入过或正在办理，不会重复导入。")


class HistoryUnreadable(Refusal):
    """The table lacks heads without which no row can be read, or has no rows. Facts: missing."""

    code = "history_unreadable"
    sentence = _("还没有指明：%(missing)s。没有这几列，读不出服务记录；表里没有的，请补上再上传。")


class NothingInFile(Refusal):
    """Heads, and nothing under them. Facts: none."""

    code = "nothing_in_file"
    sentence = _("表里没有数据行。请核对后重新上传。")
