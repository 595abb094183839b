"""What an officer types of a phase of the review, and of the anonymous copies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ventures.forms.timetable import instant_field
from ventures.models import ReviewPhase
from ventures.services.review_phases import COLUMNS


class ReviewPhaseForm(forms.ModelForm):  # type: ignore[type-arg]
    """One phase; a reason is asked once phases have begun."""

    begins_at = instant_field(_("开始"))
    ends_at = instant_field(_("结束"))

    class Meta:
        model = ReviewPhase
        fields = COLUMNS
        widgets = {"sees": forms.RadioSelect, "others_scores": forms.RadioSelect}
        help_texts = {
            "hides_applicant": _(
                "评委看到的是匿名编号和经办人核对过的匿名稿；没核对完的打不开。附件放行了才看得到。"
            ),
            "names_reviewers": _("不勾选时只显示“评委 3”。申报方任何时候都看不到评委是谁。"),
            "scoring_open": _("到结束时间，评分表自动锁定。"),
            "answer_open": _("申报方看到评委的意见（不署名、不带分数），可以写一次答复。"),
        }

    def __init__(self, data: Any = None, *, asks_why: bool, **options: Any) -> None:
        super().__init__(data, **options)
        for name, offered in (("sees", ReviewPhase.Sees), ("others_scores", ReviewPhase.Others)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(offered.choices)  # without "---------": one of them always holds
        if asks_why:
            self.fields["reason"] = forms.CharField(
                label=_("为什么改"),
                max_length=200,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("环节已经开始，改动和理由一起留痕，并通知评委。"),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begins, ends = values.get("begins_at"), values.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("结束要晚于开始。"))
        return values

    def validate_constraints(self) -> None:
        """Two at once is refused by the service, which says with which other."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in COLUMNS}
