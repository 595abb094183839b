"""What an officer types of a government purchase: where it is really run."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.models import Region, Role, User
from accounts.rules import regions_of
from ventures.forms.fields import TidyDecimalField
from ventures.forms.standing import day_field
from ventures.models import Programme, Purchase
from ventures.rules.plain_figures import plain_yuan
from ventures.services.budgets import fen_of


class PurchaseForm(forms.ModelForm):  # type: ignore[type-arg]
    amount = TidyDecimalField(label=_("预算金额（元）"), min_value=Decimal("0.01"), required=False)
    closes_on = day_field(_("报名截止日"), required=False)

    class Meta:
        model = Purchase
        fields = ("programme", "region", "name", "buyer", "about", "closes_on", "link")
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"link": _("公告在官方平台上的网址，要报名的人从这里过去。")}

    def __init__(self, *args: Any, acting_user: User, **options: Any) -> None:
        instance: Purchase | None = options.get("instance")
        if instance is not None and instance.amount_fen:
            options.setdefault("initial", {}).setdefault("amount", plain_yuan(instance.amount_fen))
        super().__init__(*args, **options)
        regions = Region.objects.filter(pk__in=regions_of(acting_user, Role.Kind.OFFICER))
        model_choice_of(self, "region").queryset = regions
        model_choice_of(self, "region").empty_label = None
        model_choice_of(self, "programme").queryset = Programme.objects.filter(
            region__in=[pk for region in regions for pk in region.lineage]
        )
        model_choice_of(self, "programme").empty_label = _("不属于哪个品牌")

    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name != "amount"}
        amount = self.cleaned_data["amount"]
        return values | {"amount_fen": None if amount is None else fen_of(amount)}
