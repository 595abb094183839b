"""The lifecycle diagrams of service records and of what stood out about them, as tables."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.records import ServiceRecord
from timebank.models.screening import Screening
from timebank.rules import records as rules

Recorded = ServiceRecord.State
Looked = Screening.State


# A record comes to life as SUBMITTED (`services.records.submit_record`).
RECORD = Lifecycle(
    Recorded,
    # verb       label            from                                      to                   who
    ("confirm",  _("确认"),       [Recorded.SUBMITTED],                     Recorded.CONFIRMED,  rules.may_confirm_record),
    ("confirm_by_word", _("服务对象核对属实"), [Recorded.SUBMITTED],        Recorded.CONFIRMED,  rules.may_carry_word),
    ("return_",  _("退回"),       [Recorded.SUBMITTED],                     Recorded.RETURNED,   rules.may_decide_record),
    ("resubmit", _("改好再提交"), [Recorded.RETURNED],                      Recorded.SUBMITTED,  rules.is_served_by),
    ("refuse",   _("不予认定"),   [Recorded.SUBMITTED, Recorded.RETURNED],  Recorded.REFUSED,    rules.may_refuse_record),
    ("withdraw", _("撤回"),       [Recorded.SUBMITTED, Recorded.RETURNED],  Recorded.WITHDRAWN,  rules.is_served_by),
    ("reverse",  _("冲正"),       [Recorded.CONFIRMED],                     Recorded.REVERSED,   rules.may_reverse_record),
)  # fmt: skip

# A screening comes to life as HELD (`services.screening.run`), and is held again by a new finding.
SCREENING = Lifecycle(
    Looked,
    # verb         label                  from           to              who
    ("clear",      _("核查属实，放行"),   [Looked.HELD], Looked.CLEARED, rules.may_look_at),
    ("find_false", _("核查不实"),         [Looked.HELD], Looked.FALSE,   rules.may_find_false),
)  # fmt: skip
