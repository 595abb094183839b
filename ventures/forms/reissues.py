"""Why a notice is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawNoticeForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么撤回"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：联系电话写错了。写在公示最上面，人人可见，也发给申报方和提出异议的人。"),
    )
