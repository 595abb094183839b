"""What the office answers to a need: a reason, a published answer, which round, which duplicate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of, model_choice_of
from timebank.doors import service_kinds
from ventures.models import Need, Round


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("请写明"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(forms.Form):
    """The published answer, which every fate has."""

    answer = forms.CharField(
        label=_("给居民的答复"),
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写清怎么办、谁来办、什么时候。会公开，请不要写个人信息。"),
    )


class MenuForm(AnswerForm):
    service = forms.ChoiceField(
        label=_("哪一类服务"), help_text=_("会放进最近站点的菜单草稿，由站长核对后发布。")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of(self, "service").choices = [("", _("请选择")), *service_kinds()]
        self.order_fields(["service"])


class CallForm(AnswerForm):
    round = forms.ModelChoiceField(
        label=_("列入哪一轮"), queryset=Round.objects.none(), empty_label=_("请选择")
    )

    def __init__(self, *args: Any, rounds: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        model_choice_of(self, "round").queryset = rounds
        self.order_fields(["round"])


class ReferForm(AnswerForm):
    department = forms.CharField(label=_("转办到哪个部门"), max_length=60)
    field_order = ("department", "answer")


class MergeForm(forms.Form):
    into = forms.TypedChoiceField(
        label=_("并入哪一条"),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("同一镇（街道）里的公开需求，说法相近的在前。"),
    )

    def __init__(self, *args: Any, needs: list[Need], **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of(self, "into").choices = [
            (one.pk, f"{one.number} {one.title}（{one.region.short_name}）")  # not shown: marks
            for one in needs
        ]


class PickForm(AnswerForm):
    """Which needs a round's call takes up."""

    needs = forms.TypedMultipleChoiceField(
        label=_("选哪些需求"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("needs", "answer")

    def __init__(self, *args: Any, needs: list[Need], **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of(self, "needs").choices = [
            (
                one.pk,
                _("%(number)s %(title)s · %(place)s · %(voices)d 人支持")
                % {
                    "number": one.number,
                    "title": one.title,
                    "place": one.region.short_name,
                    "voices": getattr(one, "voices", 0),
                },
            )
            for one in needs
        ]
