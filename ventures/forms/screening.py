"""What the office types when it screens: filters of the list, and its answer."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of, model_choice_of
from accounts.forms.fields import SaidChoice
from accounts.templatetags.kit import day as day_words
from ventures.forms.fields import SOUND_DAYS
from ventures.models import ProjectKind, Proposal, Round, Track
from ventures.selectors.proposal_form import MARKABLE, field_label
from ventures.selectors.round_forms import content_of

OFFICE_CLOSES = time(17, 30)
LONGEST_COMPLETION = timedelta(days=60)


class ProposalFilter(forms.Form):
    """Filters of the office's list; they live in the URL."""

    q = forms.CharField(
        label=_("查找"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("编号、项目或组织")}),
    )
    state = forms.ChoiceField(label=_("状态"), required=False)
    track = SaidChoice(
        queryset=Track.objects.none(), label=_("服务人群"), required=False, empty_label=_("全部")
    )
    kind = forms.ChoiceField(label=_("项目类型"), required=False)
    look = forms.ChoiceField(
        label=_("要看的"),
        required=False,
        choices=[("", _("全部")), ("unsigned", _("没交签章页")), ("signals", _("有雷同提示"))],
    )

    def __init__(self, *args: Any, round: Round, **options: Any) -> None:
        super().__init__(*args, **options)
        never = {"draft", "withdrawn"}
        if not round.has_concepts:
            never |= set(Proposal.CONCEPT_STATES)
        states = [s for s in Proposal.State.choices if s[0] not in never]
        choice_of(self, "state").choices = [("", _("全部")), *states]
        choice_of(self, "kind").choices = [("", _("全部")), *ProjectKind.choices]
        model_choice_of(self, "track").queryset = round.tracks.all()


class AcceptForm(forms.Form):
    note = forms.CharField(
        label=_("给申报方的话"),
        max_length=200,
        required=False,
        help_text=_("可以不写。写了会原文发给申报方，也留在办理经过里。"),
    )


class ReturnForm(forms.Form):
    """Why, which parts, until which day (17:30)."""

    reason = forms.CharField(
        label=_("退回原因"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写清缺什么、怎么改，申报方会原文看到。"),
    )
    marked_fields = forms.MultipleChoiceField(
        label=_("需要修改的内容"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("截止以后，申报方只能修改这里勾选的内容。"),
    )
    complete_on = forms.DateField(
        label=_("补正截止日"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("当天 17:30 截止。"),
        validators=SOUND_DAYS,
    )

    def __init__(self, *args: Any, round: Round, asked: Sequence[str], **options: Any) -> None:
        """`asked`: what the form of the proposal asks for, so that nothing else can be marked."""
        super().__init__(*args, **options)
        own = [(one.code, one.label) for one in content_of(round).questions if not one.is_heading]
        usual = [(name, field_label(name)) for name in MARKABLE]
        choice_of(self, "marked_fields").choices = [
            (name, label) for name, label in (*usual, *own) if name in asked
        ]

    def clean_complete_on(self) -> date:
        """A slip of the year would keep the whole round from review: sixty days are the most."""
        day: date = self.cleaned_data["complete_on"]
        latest = timezone.localdate() + LONGEST_COMPLETION
        if day > latest:
            raise forms.ValidationError(
                _("补正期最长 60 天，最晚可以填 %(latest)s。"),
                params={"latest": day_words(latest)},
                code="too_late",
            )
        return day

    def complete_by(self) -> datetime:
        return timezone.make_aware(
            datetime.combine(self.cleaned_data["complete_on"], OFFICE_CLOSES)
        )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("不予受理的理由"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明依据公告哪一条，申报方会原文看到。"),
    )
