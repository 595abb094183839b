"""Answer an invitation."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeclineForm(forms.Form):
    """A reason, if one likes."""

    reason = forms.CharField(
        label=_("想说明的话"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("邀请您的人会看到。"),
    )
