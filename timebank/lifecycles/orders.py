"""The lifecycle diagrams of the menu and of service orders, as tables."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.listings import Listing
from timebank.models.orders import ServiceOrder
from timebank.rules import orders as rules

Listed = Listing.State


Ordered = ServiceOrder.State


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
    ("confirm",   _("确认并评价"),       [Ordered.DELIVERED],                 Ordered.SETTLED,   rules.may_confirm_service),
    ("dispute",   _("有异议"),           [Ordered.DELIVERED],                 Ordered.DISPUTED,  rules.may_judge_service),
    ("uphold",    _("裁定：服务成立"),   [Ordered.DISPUTED],                  Ordered.SETTLED,   rules.may_decide_dispute),
    ("overturn",  _("裁定：退回时间"),   [Ordered.DISPUTED],                  Ordered.CANCELLED, rules.may_decide_dispute),
    ("cancel",    _("取消订单"),         [Ordered.PLACED, Ordered.ACCEPTED],  Ordered.CANCELLED, rules.may_cancel_order),
    ("decline",   _("未能安排，退回"),   [Ordered.PLACED],                    Ordered.DECLINED,  rules.runs_its_station),
    # What the service asks for was withdrawn (`services.order_reopening`).
    ("reopen",    _("资质已撤销，另找志愿者"), [Ordered.ACCEPTED],            Ordered.PLACED,    rules.is_the_product),
    # What nobody ends, ends by itself (`services.order_lapses`).
    ("lapse_unanswered",  _("到时没有人接单，自动退回"),   [Ordered.PLACED],    Ordered.DECLINED,  rules.is_the_product),
    ("lapse_undelivered", _("逾期没有填写完成，自动取消"), [Ordered.ACCEPTED],  Ordered.CANCELLED, rules.is_the_product),
    ("lapse_unconfirmed", _("到期没有异议，自动确认"),     [Ordered.DELIVERED], Ordered.SETTLED,   rules.is_the_product),
    ("refer",             _("到期不能自动确认，转请裁定"), [Ordered.DELIVERED], Ordered.DISPUTED,  rules.is_the_product),
)  # fmt: skip
