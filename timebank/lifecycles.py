"""The lifecycle diagrams of the time bank, as tables that read like the diagrams."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank import rules
from timebank.models.adjustments import CorrectionState
from timebank.models.listings import Listing
from timebank.models.orders import ServiceOrder
from timebank.models.records import ServiceRecord

Corrected = CorrectionState
Listed = Listing.State
Ordered = ServiceOrder.State
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

# A menu item comes to life as DRAFT (`services.listings.draft_listing`).
LISTING = Lifecycle(
    Listed,
    # verb       label            from                                    to                who
    ("publish",  _("上架"),       [Listed.DRAFT],                         Listed.PUBLISHED, rules.may_edit_menu),
    ("pause",    _("暂停点单"),   [Listed.PUBLISHED],                     Listed.PAUSED,    rules.may_edit_menu),
    ("resume",   _("恢复点单"),   [Listed.PAUSED],                        Listed.PUBLISHED, rules.may_edit_menu),
    ("close",    _("下架"),       [Listed.DRAFT, Listed.PUBLISHED, Listed.PAUSED], Listed.CLOSED, rules.may_edit_menu),
)  # fmt: skip

# An order comes to life as PLACED, its minutes set aside (`services.orders.place_order`).
ORDER = Lifecycle(
    Ordered,
    # verb        label                  from                                 to                 who
    ("accept",    _("接单"),             [Ordered.PLACED],                    Ordered.ACCEPTED,  rules.may_accept_order),
    ("assign",    _("派单"),             [Ordered.PLACED],                    Ordered.ACCEPTED,  rules.runs_its_station),
    ("give_back", _("退回这一单"),       [Ordered.ACCEPTED],                  Ordered.PLACED,    rules.is_serving),
    ("reassign",  _("收回另派"),         [Ordered.ACCEPTED],                  Ordered.PLACED,    rules.runs_its_station),
    ("deliver",   _("服务已完成"),       [Ordered.ACCEPTED],                  Ordered.DELIVERED, rules.is_serving),
    ("confirm",   _("确认并评价"),       [Ordered.DELIVERED],                 Ordered.SETTLED,   rules.may_judge_service),
    ("dispute",   _("有异议"),           [Ordered.DELIVERED],                 Ordered.DISPUTED,  rules.may_judge_service),
    ("uphold",    _("裁定：服务成立"),   [Ordered.DISPUTED],                  Ordered.SETTLED,   rules.may_decide_dispute),
    ("overturn",  _("裁定：退回时间"),   [Ordered.DISPUTED],                  Ordered.CANCELLED, rules.may_decide_dispute),
    ("cancel",    _("取消订单"),         [Ordered.PLACED, Ordered.ACCEPTED],  Ordered.CANCELLED, rules.may_cancel_order),
    ("decline",   _("未能安排，退回"),   [Ordered.PLACED],                    Ordered.DECLINED,  rules.runs_its_station),
    # What nobody ends, ends by itself (`services.order_lapses`).
    ("lapse_unanswered",  _("到时没有人接单，自动退回"),   [Ordered.PLACED],    Ordered.DECLINED,  rules.is_the_product),
    ("lapse_undelivered", _("逾期没有填写完成，自动取消"), [Ordered.ACCEPTED],  Ordered.CANCELLED, rules.is_the_product),
    ("lapse_unconfirmed", _("到期没有异议，自动确认"),     [Ordered.DELIVERED], Ordered.SETTLED,   rules.is_the_product),
    ("refer",             _("到期不能自动确认，转请裁定"), [Ordered.DELIVERED], Ordered.DISPUTED,  rules.is_the_product),
)  # fmt: skip

# A correction comes to life as PROPOSED (`services.adjustments`); approving posts it.
CORRECTION = Lifecycle(
    Corrected,
    # verb       label            from                   to                    who
    ("approve",  _("复核通过"),   [Corrected.PROPOSED],  Corrected.APPROVED,   rules.may_decide_correction),
    ("refuse",   _("不通过"),     [Corrected.PROPOSED],  Corrected.REFUSED,    rules.may_decide_correction),
    ("withdraw", _("撤回"),       [Corrected.PROPOSED],  Corrected.WITHDRAWN,  rules.proposed_it),
)  # fmt: skip

# Opening balances come to life as PROPOSED, every row checked (`services.openings`).
OPENING = Lifecycle(
    Corrected,
    # verb       label            from                   to                    who
    ("approve",  _("复核通过"),   [Corrected.PROPOSED],  Corrected.APPROVED,   rules.may_decide_opening),
    ("refuse",   _("不通过"),     [Corrected.PROPOSED],  Corrected.REFUSED,    rules.may_decide_opening),
    ("withdraw", _("撤回"),       [Corrected.PROPOSED],  Corrected.WITHDRAWN,  rules.proposed_it),
)  # fmt: skip
