"""Open a station, put right what people read about it, find one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.appointments import AreaField
from accounts.models.organisations import Station
from accounts.models.people import User
from accounts.selectors.stations import places_for_stations
from accounts.services.stations import StationDetails


class StationForm(forms.Form):
    """What people read about a station; where it stands is asked once, when it is opened."""

    name = forms.CharField(
        label=_("站点名称"), max_length=60, help_text=_("如：南关厢时间银行服务站")
    )
    address = forms.CharField(
        label=_("地址"), max_length=120, help_text=_("写到门牌和楼层，老人找得到。")
    )
    phone = forms.CharField(
        label=_("电话"), max_length=20, required=False, widget=forms.TextInput({"type": "tel"})
    )
    opening_hours = forms.CharField(
        label=_("开放时间"), max_length=80, required=False, help_text=_("如：周一至周六 8:30–17:00")
    )

    def details(self) -> StationDetails:
        names = ("name", "address", "phone", "opening_hours")
        return StationDetails(**{name: self.cleaned_data[name].strip() for name in names})


class NewStationForm(StationForm):
    """The same, with its place and whether it serves already."""

    serves_now = forms.TypedChoiceField(
        label=_("什么时候开始服务"),
        choices=[("yes", _("现在就可以服务")), ("no", _("即将开通，先公布"))],
        coerce=lambda word: word == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )

    field_order = ("region", "name", "address", "phone", "opening_hours", "serves_now")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = AreaField(
            label=_("所在村（社区）或镇（街道）"),
            queryset=places_for_stations(user),
            empty_label=_("请选择"),
        )
        self.order_fields(self.field_order)


class StationFilter(forms.Form):
    """Find a station; lives in the address."""

    q = forms.CharField(label=_("名称"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *Station.State.choices]
    )
