"""Forms of a service under way: report it, say how it was, why not, decide a dispute.

Asking for service and finding a volunteer stand in `forms.orders`.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.forms.fields import DigitsField
from accounts.models import User
from timebank.forms.orders import RefusalsInPlace, date_input, time_input
from timebank.forms.photos import PhotosForm
from timebank.models import ServiceOrder, ServiceRecord
from timebank.rules import orders as rules
from timebank.services.order_endings import uphold_order
from timebank.services.orders import deliver_order, try_service_code

Provenance = ServiceRecord.Provenance

STARS = [(5, _("5 星 · 很满意")), (4, _("4 星 · 满意")), (3, _("3 星 · 一般")),
         (2, _("2 星 · 不太满意")), (1, _("1 星 · 不满意"))]  # fmt: skip


class DeliveryForm(PhotosForm, RefusalsInPlace):
    """服务已完成: when it really was, the recipient's four digits if there are any, photos."""

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
    ends_next_day = forms.BooleanField(label=_("过了半夜才结束"), required=False)
    service_code = DigitsField(
        count=4,
        label=_("服务码"),
        required=False,
        error_messages={"invalid": _("服务码是四位数字。")},
        help_text=_("请服务对象告诉您。没有服务码也可以提交，由站点电话回访后确认。"),
    )

    def __init__(self, *args: Any, order: ServiceOrder, person: User, **options: Any) -> None:
        options["initial"] = {
            "served_on": min(order.wanted_on, timezone.localdate()),
            "served_from": order.wanted_from,
        }
        super().__init__(*args, person=person, **options)
        self.order = order
        if order.code_matched_at is not None:
            del self.fields["service_code"]

    def hand_in(self, *, acting_user: User) -> ServiceOrder | None:
        """Try the code if one was typed, then report the service."""
        try:
            if self.cleaned_data.get("service_code") and not self._code_is_right(acting_user):
                return None
            with transaction.atomic():
                return self._deliver(acting_user)
        except Refusal as refusal:
            self.take_refusal(refusal)
        return None

    def _deliver(self, acting_user: User) -> ServiceOrder:
        told = self.cleaned_data
        last_day = told["served_on"] + timedelta(days=1 if told["ends_next_day"] else 0)
        began = _instant(told["served_on"], told["served_from"])
        ended = _instant(last_day, told["served_to"])
        return deliver_order(
            self.order,
            served_from=began,
            served_to=ended,
            photos=self.stored_photos(began, ended),
            acting_user=acting_user,
        )

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


def _instant(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


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


class ConfirmForm(FeedbackForm):
    """确认并评价: where the station speaks for the recipient and there is no code, how it knows."""

    heard = forms.ChoiceField(
        label=_("怎么知道服务做过"),
        choices=[
            (Provenance.CALL_BACK, _("打电话问过服务对象本人或家人")),
            (Provenance.STATION, _("服务对象当面说的，或站点的人在场")),
        ],
        widget=forms.RadioSelect,
        help_text=_("记在服务记录上，照实选。"),
        error_messages={"required": _("请选是怎么知道的。没有问过，请先打电话回访。")},
    )

    word = forms.CharField(
        label=_("问了谁，怎么说的"),
        max_length=ServiceRecord.WORD_LENGTH,
        help_text=_("如：打电话给白奶奶，她说上午理过了，很满意"),
        error_messages={"required": _("请写一句问了谁、怎么说的。")},
    )

    field_order = ("heard", "word", "stars", "words")

    def __init__(self, *args: Any, order: ServiceOrder, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        if rules.code_speaks(order) or not rules.judges_for_recipient(user, order):
            del self.fields["heard"], self.fields["word"]


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
