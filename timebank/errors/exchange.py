"""Refusals around the exchange of records with other systems."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NothingToSend(Refusal):
    """No record of anybody who allowed it that was not sent before. Facts: without_consent."""

    code = "nothing_to_send"
    sentence = _("没有可报送的记录：都报送过了，或志愿者没有授权（%(without_consent)d 条）。")


class UnknownLines(Refusal):
    """The receipt names records that were not in the batch. Facts: numbers."""

    code = "unknown_lines"
    sentence = _("回执里有不属于这一批的记录：%(numbers)s。请核对是不是这一批的回执。")


class RejectedWithoutReason(Refusal):
    """The receipt rejects a record and does not say why. Facts: number."""

    code = "rejected_without_reason"
    sentence = _("回执里 %(number)s 没有写退回原因，请补上再上传。")


class ReconciledBefore(Refusal):
    """The batch is reconciled already. Facts: batch."""

    code = "reconciled_before"
    sentence = _("第 %(batch)d 批已经对过账。")
