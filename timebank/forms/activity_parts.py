"""Forms of an activity's parts: its positions and, where it moves about, its stops."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CommunityField
from timebank.models import Activity, Qualification
from timebank.services.activities import Parts, PositionDetails, StopDetails

ASKED = [("", _("没有要求")), *Qualification.Kind.choices]


class PositionForm(forms.Form):
    """One kind of seat; left empty, it is no position."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput())
    title = forms.CharField(label=_("岗位"), max_length=30, required=False)
    duties = forms.CharField(label=_("做什么"), max_length=120, required=False)
    seats = forms.IntegerField(label=_("每场名额"), min_value=1, max_value=500, required=False)
    required_qualification = forms.ChoiceField(label=_("要求"), choices=ASKED, required=False)
    is_closed = forms.BooleanField(label=_("不再招人"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.initial.get("pk"):
            del self.fields["is_closed"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("title") and not cleaned.get("seats"):
            self.add_error("seats", _("请写这个岗位每场要几个人。"))
        return cleaned


class StopForm(forms.Form):
    """One stop of a roving activity."""

    place = forms.CharField(label=_("停靠点"), max_length=60, required=False)
    region = CommunityField(label=_("村（社区）"), required=False)
    arrives_after_minutes = forms.IntegerField(
        label=_("发车后几分钟到"), min_value=0, max_value=840, required=False
    )
    stays_minutes = forms.IntegerField(
        label=_("停几分钟"), min_value=1, max_value=840, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("place"):
            for name in ("region", "stays_minutes"):
                if not cleaned.get(name):
                    self.add_error(name, _("请填写这一站的村（社区）和停留时间。"))
        return cleaned


class BasePositionFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Several positions; two of one name would be one."""

    def clean(self) -> None:
        titles = [row.cleaned_data.get("title") for row in self.forms if row.is_valid()]
        named = [title for title in titles if title]
        if len(named) != len(set(named)):
            raise forms.ValidationError(_("两个岗位不能同名。"))


PositionFormSet = forms.formset_factory(
    PositionForm, formset=BasePositionFormSet, extra=2, max_num=12
)
StopFormSet = forms.formset_factory(StopForm, extra=3, max_num=20)


def initial_parts(activity: Activity) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The positions and stops there are, as the formsets' first values."""
    positions = [
        {
            "pk": position.pk,
            "title": position.title,
            "duties": position.duties,
            "seats": position.seats,
            "required_qualification": position.required_qualification,
            "is_closed": not position.is_open,
        }
        for position in activity.positions.all()
    ]
    stops = [
        {
            "place": stop.place,
            "region": stop.region,
            "arrives_after_minutes": stop.arrives_after_minutes,
            "stays_minutes": stop.stays_minutes,
        }
        for stop in activity.stops.select_related("region")
    ]
    return positions, stops


def parts_of(positions: Any, stops: Any) -> Parts:
    """The filled rows of both formsets."""
    return Parts(
        positions=[
            PositionDetails(
                pk=row.get("pk"),
                title=row["title"],
                duties=row["duties"],
                seats=row["seats"],
                required_qualification=row["required_qualification"],
                is_open=not row.get("is_closed", False),
            )
            for row in positions.cleaned_data
            if row.get("title")
        ],
        stops=[
            StopDetails(
                place=row["place"],
                region=row["region"],
                arrives_after_minutes=row["arrives_after_minutes"] or 0,
                stays_minutes=row["stays_minutes"],
            )
            for row in stops.cleaned_data
            if row.get("place")
        ],
    )
