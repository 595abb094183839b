"""A promise as its applicant enters it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import TidyDecimalField
from ventures.models import Pledge
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

    @property
    def amount_fen(self) -> int:
        return fen_of(self.cleaned_data["amount"])
