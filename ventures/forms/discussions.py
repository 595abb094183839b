"""What is said about a proposal, and to whom; the applicant's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of
from ventures.models import Remark

LONGEST_REMARK, LONGEST_ANSWER = 1000, 2000


class RemarkForm(forms.Form):
    """A remark. Whom it is for is chosen once and never changes."""

    text = forms.CharField(
        label=_("说点什么"),
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不写别人的隐私；给申报方看的，对事不对人。"),
    )
    audience = forms.ChoiceField(
        label=_("给谁看"),
        choices=Remark.Audience.choices,
        widget=forms.RadioSelect,
        initial=Remark.Audience.REVIEWERS,
        help_text=_("说出去以后可以改字、可以撤回，不能改给谁看。"),
    )

    def __init__(self, *args: Any, is_office: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_office:
            choice_of(self, "audience").choices = [
                (value, label)
                for value, label in Remark.Audience.choices
                if value != Remark.Audience.APPLICANT
            ]


class RemarkTextForm(forms.Form):
    """Other words in the same remark."""

    text = forms.CharField(
        label=_("改成"), max_length=LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    """What the applicant says to the reviewers' words, once."""

    text = forms.CharField(
        label=_("答复评委"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("只答复一次，提交后不能改。不写姓名、电话和单位名称；评委和会议都会看到。"),
    )
