"""Who sits on a panel, when and where; why it ends early."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.forms.fields import SOUND_INSTANTS
from ventures.models import Panel, ReviewPlan, Round
from ventures.selectors.reviews import reviewers_over
from ventures.services.assignments import PanelTerms


class ClosePanelForm(forms.Form):
    """A reason, needed when sheets are still out."""

    reason = forms.CharField(
        label=_("提前结束的理由"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("评分表已经交齐时不用填。"),
    )


class ReviewerChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """People with a reviewer's role; those with ties are told apart."""

    def __init__(self, ties: Mapping[int, list[str]], **options: Any) -> None:
        super().__init__(**options)
        self.ties = ties

    def label_from_instance(self, user: User) -> str:
        tied = self.ties.get(user.pk)
        if not tied:
            return user.display_name
        return gettext("%(name)s（与 %(codes)s 有利害关系，系统自动回避）") % {
            "name": user.display_name,
            "codes": "、".join(tied),
        }


class PanelForm(forms.Form):
    """Who sits on the panel, when and where, until when, who counts and who watches."""

    place = forms.CharField(label=_("评审地点"), required=False, max_length=120)
    meets_at = forms.DateTimeField(
        label=_("评审会时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=SOUND_INSTANTS,
    )
    due_at = forms.DateTimeField(
        label=_("交表截止"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=SOUND_INSTANTS,
    )
    counter = forms.CharField(label=_("计票人"), required=False, max_length=40)
    supervisor = forms.CharField(label=_("监督人"), required=False, max_length=40)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        round: Round,
        panel: Panel | None,
        ties: Mapping[int, list[str]],
    ) -> None:
        seated = [m.reviewer_id for m in panel.members.all()] if panel else []
        chair = (
            next((m.reviewer_id for m in panel.members.all() if m.is_chair), None)
            if panel
            else None
        )
        self.seated = seated
        super().__init__(
            data,
            initial={
                "place": panel.place,
                "meets_at": panel.meets_at,
                "due_at": panel.due_at,
                "counter": panel.counter,
                "supervisor": panel.supervisor,
                "reviewers": seated,
                "chair": chair,
            }
            if panel
            else {},
        )
        over = reviewers_over(round)
        reviewers = ReviewerChoice(
            ties,
            queryset=over,
            label=_("评委"),
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "一般 5 到 7 名。项目怎么分，在“分派方案”里定。已经确定的评委不会被这里取消。"
            )
            if ReviewPlan.objects.filter(round=round, divides=True).exists()
            else _("一般 5 到 7 名，每人评全部项目。已经确定的评委不会被这里取消。"),
        )
        chair_field = forms.ModelChoiceField(
            queryset=over, label=_("评委会主任"), required=False, empty_label=_("暂不指定")
        )
        self.fields = {"reviewers": reviewers, "chair": chair_field, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chair = cleaned.get("chair")
        chosen = {user.pk for user in cleaned.get("reviewers") or []} | set(self.seated)
        if chair is not None and chair.pk not in chosen:
            self.add_error("chair", gettext("主任要从已选的评委里指定"))
        due, meets = cleaned.get("due_at"), cleaned.get("meets_at")
        if isinstance(due, datetime) and isinstance(meets, datetime) and due < meets:
            self.add_error("due_at", gettext("交表截止不能早于评审会"))
        return cleaned

    def terms(self) -> PanelTerms:
        names = ("place", "meets_at", "due_at", "counter", "supervisor", "chair")
        return PanelTerms(**{name: self.cleaned_data[name] for name in names})
