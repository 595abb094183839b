"""What the officer types about budgets: spending that is not funded, and management's share."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import TidyIntegerField
from ventures.models import BudgetRules

LONGEST_WORD = 20
MOST_WORDS = 40


class BudgetRulesForm(forms.Form):
    words = forms.CharField(
        label=_("不资助哪些支出"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "用顿号或换行隔开，如：礼品、现金、购车。"
            "支出内容里写了这些词、又申请资助的行会被指出来。"
        ),
    )
    management_percent = TidyIntegerField(
        label=_("管理费用最多占申请资助的百分之几"), required=False, min_value=0, max_value=100
    )

    @classmethod
    def of(cls, rules: BudgetRules | None) -> dict[str, object]:
        """What stands now, as the form shows it."""
        if rules is None:
            return {}
        return {
            "words": "、".join(rules.not_funded_words),
            "management_percent": rules.management_percent,
        }

    def clean_words(self) -> list[str]:
        found = [word.strip() for word in re.split(r"[、，,；;\s]+", self.cleaned_data["words"])]
        words = [word for word in found if word]
        long = next((word for word in words if len(word) > LONGEST_WORD), None)
        if long is not None:
            raise ValidationError(
                _("“%(word)s”太长了，每个词最多 20 个字。"), params={"word": long}
            )
        if len(words) > MOST_WORDS:
            raise ValidationError(_("最多写 40 个词。"))
        return words
