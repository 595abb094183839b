"""A word that stands in rows, and its English."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WordForm(forms.Form):
    chinese = forms.CharField(
        label=_("中文"), max_length=300, help_text=_("与页面上显示的一字不差。")
    )
    english = forms.CharField(
        label=_("英文"), max_length=600, widget=forms.Textarea(attrs={"rows": 2, "lang": "en"})
    )


class WordFilter(forms.Form):
    """Find a word in either language; lives in the address."""

    q = forms.CharField(label=_("中文或英文"), required=False, max_length=40)
