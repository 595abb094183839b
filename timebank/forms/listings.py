"""Forms of the menu: a menu item, and what to look for on the menu."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.data_words import in_readers_language
from accounts.forms.choices import choice_of, model_choice_of
from accounts.forms.fields import SaidChoice
from accounts.models import Region, Station, User
from accounts.rules import stations_of
from timebank.models import Listing, ServiceType
from timebank.selectors.board import insurance_at, menu_communities, menu_groups
from timebank.services.listings import ListingDetails


class ListingForm(forms.Form):
    """One menu item of a station."""

    station = forms.ModelChoiceField(label=_("服务站点"), queryset=Station.objects.none())
    service_type = SaidChoice(
        label=_("服务类别"), queryset=ServiceType.objects.none(), empty_label=_("请选择")
    )
    title = forms.CharField(label=_("名称"), max_length=40, help_text=_("老人一看就懂的叫法"))
    minutes = forms.IntegerField(label=_("每次用时（分钟）"), min_value=1, max_value=1440)
    description = forms.CharField(
        label=_("服务说明"),
        max_length=600,
        help_text=_("做什么、不做什么、要准备什么。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    audience = forms.ChoiceField(
        label=_("谁可以点"),
        choices=Listing.Audience.choices,
        initial=Listing.Audience.EVERYONE,
        widget=forms.RadioSelect,
    )
    insurance = forms.CharField(
        label=_("意外保险（公司、保单号）"),
        max_length=80,
        required=False,
        help_text=_("陪诊、小修小补、陪伴孩子等有风险的服务，登记了才能上架。"),
    )
    insured_until = forms.DateField(
        label=_("保险有效期至"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def __init__(
        self, *args: Any, user: User, listing: Listing | None = None, **options: Any
    ) -> None:
        self.listing = listing
        if listing is not None:
            options["initial"] = {name: getattr(listing, name) for name in self.base_fields}
        else:
            options["initial"] = insurance_at(stations_of(user))
        super().__init__(*args, **options)
        stations = Station.objects.filter(pk__in=stations_of(user))
        model_choice_of(self, "station").queryset = stations
        if len(stations) == 1:
            self.fields["station"].initial = stations[0]
            self.fields["station"].widget = forms.HiddenInput()
        if listing is not None:
            self.fields["station"].disabled = True
        model_choice_of(self, "service_type").queryset = ServiceType.objects.active()

    def clean(self) -> dict[str, Any]:
        """The minutes lie within what this kind of service takes; what is ordered now stays
        insured.
        """
        cleaned = super().clean() or {}
        service_type, minutes = cleaned.get("service_type"), cleaned.get("minutes")
        if service_type and minutes and not service_type.is_usual(minutes):
            self.add_error(
                "minutes",
                _("“%(name)s”每次用时应在 %(least)d 到 %(most)d 分钟之间。")
                % {
                    "name": service_type.name,
                    "least": service_type.min_minutes,
                    "most": service_type.max_minutes,
                },
            )
        if service_type:
            self._require_insurance(service_type, cleaned)
        return cleaned

    def _require_insurance(self, service_type: ServiceType, cleaned: dict[str, Any]) -> None:
        insurance, until = cleaned.get("insurance"), cleaned.get("insured_until")
        if "insured_until" in self.errors:
            return
        if until and not insurance:
            self.add_error("insurance", _("请写保险公司和保单号。"))
        if insurance and not until:
            self.add_error("insured_until", _("请写保险到哪一天。"))
        on_menu = self.listing is not None and self.listing.state == Listing.State.PUBLISHED
        if not self.errors and on_menu and service_type.carries_risk:
            if not insurance:
                self.add_error(
                    "insurance",
                    _("这类服务有风险，可点单时要有保险。没有，请先暂停点单。"),
                )
            elif until is not None and until < timezone.localdate():
                self.add_error("insured_until", _("保险已经过期。续保前请先暂停点单。"))

    def details(self) -> ListingDetails:
        cleaned = self.cleaned_data
        return ListingDetails(
            service_type=cleaned["service_type"],
            title=cleaned["title"],
            minutes=cleaned["minutes"],
            description=cleaned["description"],
            audience=cleaned["audience"],
            insurance=cleaned["insurance"],
            insured_until=cleaned["insured_until"],
        )


class MenuFilter(forms.Form):
    """What to look for on the menu; it lives in the address."""

    town = forms.ModelChoiceField(
        label=_("镇（街道）"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("全部"),
    )
    community = forms.ModelChoiceField(
        label=_("村（社区）"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("全部"),
    )
    group = forms.ChoiceField(label=_("类别"), required=False)
    within = forms.TypedChoiceField(
        label=_("用时"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("不限")),
            (30, _("30 分以内")),
            (60, _("1 小时以内")),
            (120, _("2 小时以内")),
        ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        communities = menu_communities()
        towns = Region.objects.current().towns()
        named = self.data.get("town", "")
        town = towns.filter(pk=named).first() if named.isdecimal() and len(named) <= 18 else None
        if town is not None:
            communities = communities.within(town)
        model_choice_of(self, "town").queryset = towns
        model_choice_of(self, "community").queryset = communities
        choice_of(self, "group").choices = [
            ("", _("全部")),
            *((group, in_readers_language(group)) for group in menu_groups()),
        ]

    def wanted(self) -> dict[str, Any]:
        """What `selectors.board.menu` takes; whatever is wrong is left out."""
        found = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return {
            "town": found.get("town"),
            "community": found.get("community"),
            "group": found.get("group", ""),
            "within_minutes": found.get("within"),
        }
