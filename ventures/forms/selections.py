"""What is typed when concepts are selected: which, go on or not, why; who reads them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.models import Role, User
from ventures.models import Proposal, Round
from ventures.models.proposals import ProposalQuerySet

YES, NO = "yes", "no"


class DecideForm(forms.Form):
    """One decision for all that were ticked."""

    concepts = forms.ModelMultipleChoiceField(
        queryset=Proposal.objects.none(),
        label=_("哪几份"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请先勾选要定的概要，至少一份。")},
    )
    outcome = forms.ChoiceField(
        label=_("结论"),
        choices=[(YES, _("入围")), (NO, _("不入围"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会原文告知申报方。一次勾了几份，就都用这一段。"),
    )

    def __init__(self, data: Any = None, *, concepts: ProposalQuerySet) -> None:
        super().__init__(data)
        model_choice_of(self, "concepts").queryset = concepts

    @property
    def is_selected(self) -> bool:
        return bool(self.cleaned_data["outcome"] == YES)


class VoiceForm(forms.Form):
    """A reader's word on one concept."""

    outcome = forms.ChoiceField(
        label=_("同不同意入围"),
        choices=[(YES, _("同意入围")), (NO, _("不同意入围"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会告知申报方，不写您的名字。"),
    )

    @property
    def is_for(self) -> bool:
        return bool(self.cleaned_data["outcome"] == YES)


class ReadersForm(forms.Form):
    """Which reviewers of the place read the concepts."""

    reviewers = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        label=_("请谁评议"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("要回避的概要不会给评委看，也不计入。最好请单数。"),
    )

    def __init__(self, data: Any = None, *, round: Round) -> None:
        standing = round.concept_readers.filter(left_at__isnull=True)
        super().__init__(data, initial={"reviewers": [one.reviewer_id for one in standing]})
        seats = Role.objects.active().filter(
            kind=Role.Kind.REVIEWER, region__in=round.region.lineage
        )
        model_choice_of(self, "reviewers").queryset = User.objects.filter(
            is_active=True, pk__in=seats.values("user")
        ).order_by("pk")
