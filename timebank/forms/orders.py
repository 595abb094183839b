"""Forms that ask for service and find who gives it: for oneself, for somebody else, assigning.

`hand_in` calls the service and shows what it refuses beside the field it is about, so that nobody
types anything twice. Refusals that concern no field (somebody was faster, too few hours) go on.
What follows (delivery, feedback, disputes) stands in `forms.order_service`.
"""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.forms.choices import choice_of, model_choice_of
from accounts.models import Person, Station, User
from accounts.templatetags.kit import hours
from timebank.models import Listing, ServiceOrder
from timebank.rules import orders as rules
from timebank.selectors.matching import volunteers_for
from timebank.services.orders import Wish, assign_order, place_order
from timebank.services.recipients import (
    RecipientDetails,
    add_recipient,
    note_agreement,
    oneself,
)

FIELD_OF_REFUSAL = {
    "window_passed": "wanted_to",
    "not_usual_for_this": "minutes",
    "insurance_over": "wanted_on",
    "insurance_missing": "listing",
    "ends_before_start": "served_to",
    "longer_than_a_day": "served_to",
    "not_yet_served": "served_to",
    "records_overlap": "served_from",
    "served_before_asked": "served_on",
    "service_code_locked": "service_code",
    "file_refused": "photos",
    "not_suitable": "volunteer",
    "already_promised": "volunteer",
}


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


def time_input() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, "%H:%M")


class RefusalsInPlace(forms.Form):
    """A form that shows a service's refusal beside the field it is about."""

    def take_refusal(self, refusal: Refusal) -> None:
        """Show it at its field; one without a field here goes on to the page of refusals."""
        name = FIELD_OF_REFUSAL.get(refusal.code, "")
        if name not in self.fields:
            raise refusal
        self.add_error(name, str(refusal))


# Asking -----------------------------------------------------------------------


class WishForm(RefusalsInPlace):
    """When and where the service is wanted."""

    wanted_on = forms.DateField(
        label=_("希望哪一天"),
        widget=date_input(),
        error_messages={"required": _("请选希望哪一天来。")},
    )
    wanted_from = forms.TimeField(
        label=_("从几点"),
        widget=time_input(),
        error_messages={"required": _("请填从几点。")},
    )
    wanted_to = forms.TimeField(
        label=_("到几点"),
        widget=time_input(),
        error_messages={"required": _("请填到几点。")},
    )
    place = forms.CharField(
        label=_("服务地点"),
        max_length=60,
        help_text=_("只给接单的志愿者看。"),
        error_messages={"required": _("请写明到哪里服务。")},
    )
    note = forms.CharField(
        label=_("告诉志愿者"),
        max_length=200,
        required=False,
        help_text=_("如：耳朵背，请敲门重一些。看订单的志愿者都看得到，不要写病情和门牌号。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        defaults = {
            "request_key": uuid4(),
            "wanted_on": timezone.localdate() + timedelta(days=1),
            "wanted_from": time(9),
            "wanted_to": time(11),
        }
        options["initial"] = defaults | (options.get("initial") or {})
        super().__init__(*args, **options)

    def clean_wanted_on(self) -> date:
        day: date = self.cleaned_data["wanted_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("这一天已经过去，请选今天或以后的日期。"), code="past")
        if day > today + timedelta(days=60):
            raise forms.ValidationError(_("最多提前 60 天点单，请选近一些的日期。"), code="far")
        return day

    def require_window(self, cleaned: dict[str, Any], minutes: int | None) -> None:
        """The window ends after it starts, and has room for the service."""
        start, end = cleaned.get("wanted_from"), cleaned.get("wanted_to")
        if start is None or end is None:
            return
        room = (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute)
        if room <= 0:
            self.add_error("wanted_to", _("结束时间要晚于开始时间。"))
        elif minutes is not None and room < minutes:
            self.add_error(
                "wanted_to",
                _("这项服务要 %(minutes)s，请把时间段放宽一些。") % {"minutes": hours(minutes)},
            )

    def wish(self) -> Wish:
        cleaned = self.cleaned_data
        return Wish(
            wanted_on=cleaned["wanted_on"],
            wanted_from=cleaned["wanted_from"],
            wanted_to=cleaned["wanted_to"],
            place=cleaned["place"],
            note=cleaned["note"],
        )


class NewRecipientFields(forms.Form):
    """Who a service is for, when that is not the person asking."""

    real_name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    born_in = forms.IntegerField(
        label=_("出生年份"),
        min_value=1900,
        max_value=2100,
        required=False,
        help_text=_("有的服务只为 60 岁及以上老人开放。"),
    )
    agreed = forms.BooleanField(label=_("服务对象知道并同意由我代为点单"), required=False)

    def details(self) -> RecipientDetails:
        cleaned = self.cleaned_data
        born_in = cleaned.get("born_in")
        return RecipientDetails(
            real_name=cleaned["real_name"].strip(),
            phone=cleaned["phone"].strip(),
            address=cleaned.get("place", ""),
            born_on=date(born_in, 12, 31) if born_in else None,
        )

    def require_details(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("real_name", "").strip():
            self.add_error("real_name", _("请填写服务对象的姓名。"))
        if not cleaned.get("agreed"):
            self.add_error("agreed", _("请先征得服务对象本人同意。"))


class OrderForm(NewRecipientFields, WishForm):
    """点单: for oneself, for somebody one asked for before, or for somebody new."""

    for_whom = forms.ChoiceField(label=_("为谁点单"), widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("预计用时（分钟）"), min_value=1, max_value=1440)

    field_order = (
        "for_whom", "real_name", "phone", "born_in", "agreed", "wanted_on", "wanted_from",
        "wanted_to", "minutes", "place", "note", "request_key",
    )  # fmt: skip

    def __init__(self, *args: Any, listing: Listing, user: User, **options: Any) -> None:
        person = Person.objects.filter(user=user).first()
        options["initial"] = {
            "for_whom": "self",
            "minutes": listing.minutes,
            "place": person.address if person else "",
        }
        super().__init__(*args, **options)
        self.listing = listing
        self.user = user
        self.known = {
            f"p{known.pk}": known
            for known in Person.objects.filter(service_orders__requested_by=user)
            .exclude(user=user)
            .distinct()
            .order_by("real_name")[:20]
        }
        choice_of(self, "for_whom").choices = [
            ("self", _("我自己")),
            *((key, known.real_name) for key, known in self.known.items()),
            ("new", _("另一位家人或邻居")),
        ]
        kind = listing.service_type
        self.fields["minutes"].help_text = _("这项服务一般 %(least)d 到 %(most)d 分钟。") % {
            "least": kind.min_minutes,
            "most": kind.max_minutes,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, minutes = self.listing.service_type, cleaned.get("minutes")
        if minutes is not None and not kind.is_usual(minutes):
            self.add_error(
                "minutes",
                _("请填 %(least)d 到 %(most)d 之间的分钟数。")
                % {"least": kind.min_minutes, "most": kind.max_minutes},
            )
        self.require_window(cleaned, minutes)
        if cleaned.get("for_whom") == "new":
            self.require_details(cleaned)
        if "for_whom" in cleaned and not self.errors:
            self._require_audience(cleaned)
        return cleaned

    def _require_audience(self, cleaned: dict[str, Any]) -> None:
        served = rules.may_be_served(
            self.recipient_named(), self.listing, today=timezone.localdate()
        )
        if not served:
            asked = "born_in" if cleaned["for_whom"] == "new" else "for_whom"
            self.add_error(
                asked,
                _("这项服务的对象是：%(audience)s。不清楚年龄时请打电话给站点，由站点代为点单。")
                % {"audience": self.listing.get_audience_display()},
            )

    def recipient_named(self) -> Person:
        """Whom the form names, whether or not the product knows them yet."""
        chosen = self.cleaned_data["for_whom"]
        if chosen in self.known:
            return self.known[chosen]
        if chosen == "self":
            person = Person.objects.filter(user=self.user).first()
            return person or Person(user=self.user, real_name=self.user.display_name)
        details = self.details()
        return Person(real_name=details.real_name, born_on=details.born_on)

    @transaction.atomic
    def hand_in(self) -> ServiceOrder | None:
        """Place the order; None when a field has to be put right first."""
        try:
            with transaction.atomic():
                return place_order(
                    self.listing,
                    recipient=self._recipient(),
                    wish=self.wish(),
                    minutes=self.cleaned_data["minutes"],
                    drawn_from=ServiceOrder.DrawnFrom.OWN,
                    request_key=self.cleaned_data["request_key"],
                    acting_user=self.user,
                )
        except Refusal as refusal:
            self.take_refusal(refusal)
        return None

    def _recipient(self) -> Person:
        chosen = self.cleaned_data["for_whom"]
        if chosen == "self":
            return oneself(self.user)
        if chosen in self.known:
            return self.known[chosen]
        region = self.listing.station.region
        person = add_recipient(self.details(), region=region, acting_user=self.user)
        note_agreement(person, acting_user=self.user)
        return person


class ListingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A service of the menu, with how long it takes."""

    def label_from_instance(self, obj: Listing) -> str:
        return _("%(title)s（%(minutes)d 分）") % {"title": obj.title, "minutes": obj.minutes}


class OrderForForm(NewRecipientFields, WishForm):
    """代下单: the station orders for a recipient, from its pool, in one short form."""

    recipient = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, widget=forms.HiddenInput
    )
    listing = ListingField(
        label=_("哪项服务"),
        queryset=Listing.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选一项服务。")},
    )

    field_order = (
        "recipient", "real_name", "phone", "born_in", "agreed", "listing", "wanted_on",
        "wanted_from", "wanted_to", "place", "note", "request_key",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        station: Station,
        user: User,
        found: Person | None = None,
        **options: Any,
    ) -> None:
        options["initial"] = {
            "recipient": found,
            "place": found.address if found else "",
        }
        super().__init__(*args, **options)
        self.station = station
        self.user = user
        self.found = found
        model_choice_of(self, "listing").queryset = (
            Listing.objects.published()
            .filter(station=station)
            .select_related("service_type", "station__region")
        )
        self.fields["agreed"].label = _("服务对象已经同意由站点代为点单")
        model_choice_of(self, "recipient").queryset = Person.objects.filter(
            pk=found.pk if found else 0
        )
        if found is not None:
            for name in ("real_name", "phone", "born_in"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        listing: Listing | None = cleaned.get("listing")
        self.require_window(cleaned, listing.minutes if listing else None)
        if self.found is None:
            self.require_details(cleaned)
        elif not cleaned.get("agreed"):
            self.add_error("agreed", _("请先征得服务对象本人同意。"))
        if listing is not None and not self.errors:
            person = self.found or Person(born_on=self.details().born_on)
            if not rules.may_be_served(person, listing, today=timezone.localdate()):
                self.add_error(
                    "listing" if self.found else "born_in",
                    _("这项服务的对象是：%(audience)s。请填写出生年份，或另选一项。")
                    % {"audience": listing.get_audience_display()},
                )
        return cleaned

    @transaction.atomic
    def hand_in(self) -> ServiceOrder | None:
        """Place the order from the station's pool; None when a field has to be put right first."""
        listing: Listing = self.cleaned_data["listing"]
        try:
            with transaction.atomic():
                person = self.found or add_recipient(
                    self.details(), region=self.station.region, acting_user=self.user
                )
                note_agreement(person, acting_user=self.user)
                return place_order(
                    listing,
                    recipient=person,
                    wish=self.wish(),
                    minutes=listing.minutes,
                    drawn_from=ServiceOrder.DrawnFrom.POOL,
                    request_key=self.cleaned_data["request_key"],
                    acting_user=self.user,
                )
        except Refusal as refusal:
            self.take_refusal(refusal)
        return None


# Assigning ---------------------------------------------------------------------


class AssignForm(RefusalsInPlace):
    """派单: to one of the volunteers of the place."""

    volunteer = forms.ModelChoiceField(
        label=_("志愿者"),
        queryset=User.objects.none(),
        error_messages={"required": _("请选一位志愿者。")},
    )

    def __init__(self, *args: Any, order: ServiceOrder, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order = order
        model_choice_of(self, "volunteer").queryset = volunteers_for(order)

    def hand_in(self, *, acting_user: User) -> ServiceOrder | None:
        try:
            return assign_order(self.order, self.cleaned_data["volunteer"], acting_user=acting_user)
        except Refusal as refusal:
            self.take_refusal(refusal)
        return None
