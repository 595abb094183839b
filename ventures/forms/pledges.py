"""A promise as it is entered, and how it was checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import TidyDecimalField
from ventures.models import Pledge, Proposal
from ventures.rules.pledges import is_own_money
from ventures.services.budgets import fen_of


class PledgeForm(forms.Form):
    """Who promises how much, with the signed paper."""

    pledger_kind = forms.ChoiceField(
        label=_("谁承诺"), choices=Pledge.PledgerKind.choices, widget=forms.RadioSelect
    )
    pledger_name = forms.CharField(label=_("单位名称或姓名"), max_length=80)
    amount = TidyDecimalField(label=_("承诺金额（元）"), min_value=1)
    evidence = forms.FileField(
        label=_("签章的承诺书"), help_text=_("盖章或签名的承诺书，PDF 或照片。")
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal

    def clean_pledger_name(self) -> str:
        name: str = self.cleaned_data["pledger_name"]
        if is_own_money(name, self.proposal):
            raise ValidationError(gettext("这是申报方自己一边的，自有资金请写进预算的配套栏"))
        return name

    @property
    def amount_fen(self) -> int:
        return fen_of(self.cleaned_data["amount"])


class CheckForm(forms.Form):
    """How the office made sure of it."""

    how = forms.CharField(
        label=_("怎样核实的"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("向谁、用什么办法、哪天，例如“8 月 3 日电话问过王经理，答应不变”。"),
    )
