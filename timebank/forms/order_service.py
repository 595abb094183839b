"""Forms of a service under way: report it, say how it was, why not, decide a dispute.

Asking for service and finding a volunteer stand in `forms.orders`.
"""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.models import User
from timebank.forms.orders import RefusalsInPlace, date_input, time_input
from timebank.models import ServiceOrder
from timebank.services.order_endings import uphold_order
from timebank.services.orders import deliver_order, try_service_code

STARS = [(5, _("5 星 · 很满意")), (4, _("4 星 · 满意")), (3, _("3 星 · 一般")),
         (2, _("2 星 · 不太满意")), (1, _("1 星 · 不满意"))]  # fmt: skip


class DeliveryForm(RefusalsInPlace):
    """服务已完成: when it really was, and the recipient's four digits if there are any."""

    served_on = forms.DateField(
        label=_("服务日期"),
        widget=date_input(),
        error_messages={"required": _("请选服务的那一天。")},
    )
    served_from = forms.TimeField(
        label=_("实际开始"),
        widget=time_input(),
        error_messages={"required": _("请填几点开始。")},
    )
    served_to = forms.TimeField(
        label=_("实际结束"),
        widget=time_input(),
        error_messages={"required": _("请填几点结束。")},
    )
    service_code = forms.RegexField(
        r"^\d{4}$",
        label=_("服务码"),
        required=False,
        error_messages={"invalid": _("服务码是四位数字。")},
        help_text=_("请服务对象告诉您。没有服务码也可以提交，由站点电话回访后确认。"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"}
        ),
    )

    def __init__(self, *args: Any, order: ServiceOrder, **options: Any) -> None:
        options["initial"] = {
            "served_on": min(order.wanted_on, timezone.localdate()),
            "served_from": order.wanted_from,
        }
        super().__init__(*args, **options)
        self.order = order
        if order.code_matched_at is not None:
            del self.fields["service_code"]

    def hand_in(self, *, acting_user: User) -> ServiceOrder | None:
        """Try the code if one was typed, then report the service."""
        cleaned = self.cleaned_data
        try:
            if cleaned.get("service_code") and not self._code_is_right(acting_user):
                return None
            return deliver_order(
                self.order,
                served_from=self._instant(cleaned["served_from"]),
                served_to=self._instant(cleaned["served_to"]),
                acting_user=acting_user,
            )
        except Refusal as refusal:
            self.take_refusal(refusal)
        return None

    def _code_is_right(self, acting_user: User) -> bool:
        tried = try_service_code(
            self.order, self.cleaned_data["service_code"], acting_user=acting_user
        )
        if not tried.is_right:
            self.add_error(
                "service_code",
                _("服务码不对，还可以试 %(left)d 次。请再问一问服务对象。")
                % {"left": tried.tries_left},
            )
        return tried.is_right

    def _instant(self, at: time) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["served_on"], at))


# Deciding ----------------------------------------------------------------------


class FeedbackForm(forms.Form):
    """评单: one to five stars and a sentence."""

    stars = forms.TypedChoiceField(
        label=_("满意程度"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选几颗星。")},
    )
    words = forms.CharField(
        label=_("说一句话"),
        max_length=200,
        required=False,
        help_text=_("志愿者看得到。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why, in words the other side understands."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        help_text=_("对方会看到。请写清楚为什么。"),
        error_messages={"required": _("请写明理由，对方会看到。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OptionalReasonForm(ReasonForm):
    """The same, where the person need not say."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = False


class UpholdForm(ReasonForm):
    """裁定：服务成立: how many minutes settle, and why."""

    minutes = forms.IntegerField(label=_("结算多少分钟"), min_value=1)

    field_order = ("minutes", "reason")

    def __init__(self, *args: Any, order: ServiceOrder, **options: Any) -> None:
        options["initial"] = {"minutes": order.due_minutes}
        super().__init__(*args, **options)
        self.order = order
        most = order.due_minutes or order.minutes
        self.fields["minutes"] = forms.IntegerField(
            label=_("结算多少分钟"),
            min_value=1,
            max_value=most,
            help_text=_("最多 %(most)d 分钟；没有结算的退回点单人。") % {"most": most},
        )
        self.order_fields(self.field_order)

    def hand_in(self, *, acting_user: User) -> ServiceOrder:
        return uphold_order(
            self.order,
            minutes=self.cleaned_data["minutes"],
            reason=self.cleaned_data["reason"],
            acting_user=acting_user,
        )
