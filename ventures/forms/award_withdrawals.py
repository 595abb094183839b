"""What is typed to give an award up, and to cancel one."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GiveUpForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么放弃"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    publishes_reason = forms.BooleanField(
        label=_("原因可以公开"),
        required=False,
        help_text=_(
            "不勾选的，公示公告上只写“申报方放弃立项”和日期，原因只有主办单位、财务和审计人员看得到。"
        ),
    )


class CancelAwardForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么取消"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "写明事实和依据，例如：公告后两次书面通知，没有来签协议。"
            "另一人同意后人人可见，也发给申报方，请不要写个人信息。"
        ),
    )
