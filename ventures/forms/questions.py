"""Asking about a call, and answering."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.models import Organisation
from ventures.forms.fields import storable


class AskForm(forms.Form):
    """One question, for one of the person's organisations."""

    organisation = forms.ModelChoiceField(
        label=_("代表哪个组织"), queryset=Organisation.objects.none(), empty_label=None
    )
    text = forms.CharField(
        label=_("想问什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("请不要写名字和电话：问题和答复会公开，不写是谁问的。"),
    )

    def __init__(self, data: Any = None, *, organisations: list[int]) -> None:
        super().__init__(data)
        found = Organisation.objects.filter(pk__in=organisations)
        model_choice_of(self, "organisation").queryset = found
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0]
            self.fields["organisation"].widget = forms.HiddenInput()

    def clean_text(self) -> str:
        return storable(self.cleaned_data["text"]).strip()


class AnswerForm(forms.Form):
    """The question as everybody reads it, and the answer."""

    asked = forms.CharField(
        label=_("公开的问题"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("去掉能看出是谁问的话，意思不变。"),
    )
    text = forms.CharField(
        label=_("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def clean_asked(self) -> str:
        return storable(self.cleaned_data["asked"]).strip()

    def clean_text(self) -> str:
        return storable(self.cleaned_data["text"]).strip()
