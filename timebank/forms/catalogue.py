"""Weigh a kind of service from a day on."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.forms.fields import SaidChoice
from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.catalogue import ServiceCoefficient, ServiceType
from timebank.services.catalogue import set_coefficient


class CoefficientForm(forms.Form):
    """One kind of service, what an hour of it weighs, since when and by what decision."""

    service_type = SaidChoice(
        label=_("服务类型"), queryset=ServiceType.objects.none(), empty_label=_("请选择")
    )
    coefficient = forms.DecimalField(
        label=_("系数"),
        min_value=Decimal("0.1"),
        max_value=Decimal(5),
        decimal_places=2,
        help_text=_("1 是一小时记一小时；1.5 是一小时记一小时半。服务时长本身不变。"),
    )
    starts_on = forms.DateField(
        label=_("从哪天开始"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("今天或以后。已经服务过的按当时的系数，不改。"),
    )
    basis = forms.CharField(
        label=_("依据"), max_length=120, help_text=_("文件名称和文号，或会议的决定。")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"starts_on": timezone.localdate()} | (options.get("initial") or {})
        super().__init__(*args, **options)
        model_choice_of(self, "service_type").queryset = ServiceType.objects.active()

    def hand_in(self, bank: TimeBank, *, acting_user: User) -> ServiceCoefficient:
        cleaned = self.cleaned_data
        return set_coefficient(
            bank,
            cleaned["service_type"],
            hundredths=int(cleaned["coefficient"] * 100),
            starts_on=cleaned["starts_on"],
            basis=cleaned["basis"],
            acting_user=acting_user,
        )
