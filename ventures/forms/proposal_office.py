"""What the office types beside its three answers: why a finding is nothing, where to move to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from ventures.models import Proposal, Round
from ventures.selectors.transfers import rounds_to_move_to


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=_("核对结果"),
        max_length=200,
        help_text=_("例如：同一位社工指导两个备案组织，内容不同。"),
    )


class TransferForm(forms.Form):
    """Into which open round of the programme, and why."""

    to_round = forms.ModelChoiceField(
        queryset=Round.objects.none(),
        label=_("转入哪一轮"),
        help_text=_("只列出同一品牌正在征集的轮次。"),
    )
    reason = forms.CharField(label=_("为什么转"), max_length=200)

    def __init__(self, *args: Any, proposal: Proposal, **options: Any) -> None:
        super().__init__(*args, **options)
        model_choice_of(self, "to_round").queryset = rounds_to_move_to(proposal)
