"""What is typed around a defence: the session, another place in the order, points in the hall."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import SOUND_INSTANTS, TidyIntegerField
from ventures.forms.reviews import PointsField
from ventures.models import Criterion, DefenceSession
from ventures.selectors.reviews import half_points_shown
from ventures.services.defences import SessionPlan


class SessionForm(forms.Form):
    """When, where, how long each has."""

    place = forms.CharField(label=_("答辩地点"), max_length=120)
    begins_at = forms.DateTimeField(
        label=_("开始时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=SOUND_INSTANTS,
    )
    present_minutes = TidyIntegerField(label=_("陈述几分钟"), min_value=1, max_value=60, initial=6)
    answer_minutes = TidyIntegerField(label=_("提问几分钟"), min_value=0, max_value=60, initial=4)
    change_minutes = TidyIntegerField(label=_("换场几分钟"), min_value=0, max_value=60, initial=2)
    warn_seconds = TidyIntegerField(label=_("剩几秒时提醒"), min_value=5, max_value=600, initial=60)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, session: DefenceSession | None = None
    ) -> None:
        names = SessionPlan.__dataclass_fields__
        stored = {name: getattr(session, name) for name in names} if session else None
        super().__init__(data, initial=stored)

    def plan(self) -> SessionPlan:
        return SessionPlan(**self.cleaned_data)


class MoveForm(forms.Form):
    """Another place in the order, and why."""

    position = TidyIntegerField(label=_("改到第几个"), min_value=1, max_value=9999)
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会告诉时间有变的队伍。"),
    )


class RevealForm(forms.Form):
    """Why one does not wait, where somebody has not handed in."""

    reason = forms.CharField(
        label=_("不等的理由"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("交齐了不用填。"),
    )


class HallSheetForm(forms.Form):
    """Points for one team, typed on a phone: every item, in half points."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        criteria: Sequence[Criterion],
        given: Sequence[int] = (),
    ) -> None:
        super().__init__(data)
        self.criteria = list(criteria)
        for place, criterion in enumerate(self.criteria):
            self.fields[f"item_{place}"] = PointsField(
                label=gettext("%(name)s（满分 %(most)s）")
                % {"name": criterion.name, "most": half_points_shown(criterion.max_half_points)},
                max_half_points=criterion.max_half_points,
                step_half_points=1,
                initial=given[place] if place < len(given) else None,
            )

    @property
    def rows(self) -> list[BoundField]:
        return [self[f"item_{place}"] for place in range(len(self.criteria))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(len(self.criteria)):
            name = f"item_{place}"
            if name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, ValidationError(gettext("请打分")))
        return cleaned

    def half_points(self) -> list[int]:
        return [self.cleaned_data[f"item_{place}"] for place in range(len(self.criteria))]
