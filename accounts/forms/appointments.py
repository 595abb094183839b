"""Appoint somebody, find an appointment, say why one ends."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import ContactField
from accounts.forms.organisations import ReasonForm
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.offices import OFFICES
from accounts.selectors.appointments import operators_to_fill, places_to_fill, stations_to_fill


class AreasByTown(ModelChoiceIterator):  # type: ignore[type-arg]
    """What lies above the towns first, then each town as a group that names itself as a whole."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        groups: dict[int | None, list[Any]] = {}
        towns: dict[int, str] = {}
        for place in self.queryset.select_related("parent").order_by("code"):
            if place.level < Region.Level.TOWN:
                yield self.choice(place)
            elif place.level == Region.Level.TOWN:
                towns[place.pk] = place.short_name
                whole = (place.pk, _("%(town)s（全境）") % {"town": place.short_name})
                groups.setdefault(place.pk, []).insert(0, whole)
            else:
                towns[place.parent_id] = place.parent.short_name
                groups.setdefault(place.parent_id, []).append(self.choice(place))
        for pk, choices in groups.items():
            yield (towns[pk or 0], choices)


class AreaField(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = AreasByTown


class AppointmentForm(forms.Form):
    """Who, where, from when to when, and why; the person accepts before it holds."""

    contact = ContactField(
        label=_("对方的手机号或电子邮箱"),
        help_text=_("填写完整。对方会收到邀请，接受后任命才生效；还没有加入的，加入后接受。"),
    )
    starts_on = forms.DateField(
        label=_("任期自"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("任期至"),
        required=False,
        help_text=_("到期自动离任；没有期限可以不填。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("任命依据"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("如会议或文件名称、文号。对方会看到，并留在办理记录里。"),
    )

    field_order = ("contact", "region", "station", "organisation", "starts_on", "ends_on", "reason")

    def __init__(self, *args: Any, kind: str, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind in Role.STATION_KINDS:
            self.fields["station"] = forms.ModelChoiceField(
                label=_("服务站点"), queryset=stations_to_fill(user), empty_label=_("请选择")
            )
        elif kind in Role.ORGANISATION_KINDS:
            self.fields["organisation"] = forms.ModelChoiceField(
                label=_("承办单位"),
                queryset=operators_to_fill(user),
                empty_label=_("请选择"),
                help_text=_("只列出已核验并列为承办单位的组织。"),
            )
        else:
            self.fields["region"] = AreaField(
                label=_("负责的地方"),
                queryset=places_to_fill(user, kind),
                empty_label=_("请选择"),
            )
        self.order_fields(self.field_order)

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("任期不能从过去的日子开始。"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("任期的最后一天不能早于第一天。"))
        return cleaned


class EndForm(ReasonForm):
    """Why an office ends."""

    reason = forms.CharField(
        label=_("离任理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class AppointmentFilter(forms.Form):
    """Find an appointment; lives in the address."""

    q = forms.CharField(label=_("姓名"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=pgettext_lazy("任命", "岗位"),
        required=False,
        choices=[("", _("全部")), *((kind, Role.Kind(kind).label) for kind in OFFICES)],
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("held", _("在任")), ("ended", _("已离任"))],
    )
