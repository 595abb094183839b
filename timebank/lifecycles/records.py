"""The lifecycle diagram of service records, as a table that reads like the diagram."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.records import ServiceRecord
from timebank.rules import records as rules

Recorded = ServiceRecord.State


# A record comes to life as SUBMITTED (`services.records.submit_record`).
RECORD = Lifecycle(
    Recorded,
    # verb       label            from                                      to                   who
    ("confirm",  _("确认"),       [Recorded.SUBMITTED],                     Recorded.CONFIRMED,  rules.may_confirm_record),
    ("return_",  _("退回"),       [Recorded.SUBMITTED],                     Recorded.RETURNED,   rules.may_decide_record),
    ("resubmit", _("改好再提交"), [Recorded.RETURNED],                      Recorded.SUBMITTED,  rules.is_served_by),
    ("withdraw", _("撤回"),       [Recorded.SUBMITTED, Recorded.RETURNED],  Recorded.WITHDRAWN,  rules.is_served_by),
    ("reverse",  _("冲正"),       [Recorded.CONFIRMED],                     Recorded.REVERSED,   rules.may_reverse_record),
)  # fmt: skip
