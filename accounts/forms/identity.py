"""What is written down when a document was seen; finding the person it belongs to."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.id_numbers import IdNumber, read_id_number
from accounts.models.people import IdentityCheck


class IdentityForm(forms.Form):
    """实名核验: name and number as the document shows them."""

    real_name = forms.CharField(
        label=_("证件上的姓名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label=_("身份证号"),
        max_length=24,
        help_text=_("只用于核对，保存时变为密文，仅留后四位。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    method = forms.ChoiceField(
        label=_("核验方式"),
        choices=[
            (method.value, method.label)
            for method in (IdentityCheck.Method.DOCUMENT, IdentityCheck.Method.VOUCHED)
        ],
        initial=IdentityCheck.Method.DOCUMENT,
        widget=forms.RadioSelect,
    )
    has_agreed = forms.BooleanField(
        label=_("本人在场，已告知用途，并同意核验"),
    )

    def clean_id_number(self) -> IdNumber:
        return read_id_number(self.cleaned_data["id_number"], today=timezone.localdate())


class PeopleFilter(forms.Form):
    """Find a person of one's places by name, pinyin or whole phone number."""

    q = forms.CharField(label=_("姓名、称呼、拼音或完整手机号"), required=False, max_length=40)

    def words(self) -> str:
        value: Any = self.cleaned_data.get("q", "") if self.is_valid() else ""
        return str(value)
