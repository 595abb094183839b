"""What the reading room shows of people and places. Only holidays and place names are editable."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import Correctable, ReadOnly
from accounts.models import (
    Attachment,
    Change,
    Consent,
    Delivery,
    Holiday,
    IdentityCheck,
    Membership,
    Organisation,
    Region,
    Role,
    Station,
    User,
)
from accounts.services.calendar import clear_holiday, set_holiday
from accounts.services.regions import rename_region
from accounts.templatetags.kit import masked_phone

if admin.site.is_registered(Group):
    admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("display_name", "phone_masked", "kind", "home_region", "is_demo", "joined_at")
    list_filter = ("kind", "is_demo", "is_active")
    list_select_related = ("home_region",)
    search_fields = ("display_name",)
    ordering = ("-id",)
    fields = (
        "display_name",
        "phone_masked",
        "phone_verified",
        "email_verified",
        "kind",
        "home_region",
        "is_demo",
        "is_active",
        "joined_at",
        "last_login",
    )
    readonly_fields = ("phone_masked",)

    @admin.display(description=_("手机号"))
    def phone_masked(self, user: User) -> str:
        return masked_phone(user.phone)


@admin.register(Role)
class RoleAdmin(ReadOnly):
    list_display = ("user", "kind", "region", "station", "organisation", "started_at", "ended_at")
    list_filter = ("kind",)
    list_select_related = ("user", "region", "station", "organisation")
    search_fields = ("user__display_name",)
    ordering = ("-id",)


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    list_display = ("name", "kind", "credit_code", "region", "state", "verified_at")
    list_filter = ("kind", "state", "is_operator")
    list_select_related = ("region",)
    search_fields = ("name", "credit_code", "filing_number")


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "organisation", "duty", "started_at", "ended_at")
    list_select_related = ("user", "organisation")
    ordering = ("-id",)


@admin.register(Station)
class StationAdmin(ReadOnly):
    list_display = ("name", "region", "operator", "is_pilot", "state")
    list_select_related = ("region", "operator")


@admin.register(IdentityCheck)
class IdentityCheckAdmin(ReadOnly):
    list_display = ("id", "method", "checked_by", "checked_at")
    fields = ("method", "checked_by", "checked_at")
    list_select_related = ("checked_by",)
    ordering = ("-id",)


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ("id", "user", "purpose", "given_at", "withdrawn_at", "recorded_by")
    list_select_related = ("user", "recorded_by")
    ordering = ("-id",)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly):
    """Without names: a name may say whose it is, to somebody who must keep out of that (回避). The
    thing a file belongs to shows its name to who may see the thing."""

    list_display = ("id", "kind", "size_bytes", "uploaded_by", "uploaded_at")
    list_filter = ("kind",)
    list_select_related = ("uploaded_by",)
    fields = ("kind", "size_bytes", "sha256", "taken_in_time", "taken_in_range")
    ordering = ("-id",)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Attachment | None:
        found: Attachment | None = super().get_object(request, object_id, from_field)
        if found is not None:
            found.name = str(found.pk)  # what its page is headed with; nothing here is saved
        return found


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("id", "channel", "tries", "created_at", "sent_at", "failed_at")
    list_filter = ("channel",)
    fields = ("channel", "tries", "created_at", "sent_at", "failed_at")
    ordering = ("-id",)


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = ("at", "content_type", "object_id", "verb", "before", "after", "acting_user")
    list_filter = ("content_type", "verb")
    list_select_related = ("content_type", "acting_user")
    ordering = ("-id",)


@admin.register(Region)
class RegionAdmin(Correctable):
    list_display = ("code", "name", "short_name", "kind", "valid_from", "valid_to")
    list_filter = ("level", "kind")
    search_fields = ("name", "pinyin", "code")
    fields = ("code", "name", "short_name", "kind", "parent", "valid_from", "valid_to")
    readonly_fields = ("code", "kind", "parent", "valid_from", "valid_to")

    def save_model(
        self, request: HttpRequest, obj: Region, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        rename_region(
            obj, name=obj.name, short_name=obj.short_name, acting_user=acting_user_of(request)
        )


@admin.register(Holiday)
class HolidayAdmin(Correctable):
    list_display = ("day", "name", "is_working")
    date_hierarchy = "day"
    ordering = ("-day",)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("day",) if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Holiday, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        kept = set_holiday(
            obj.day,
            name=obj.name,
            is_working=obj.is_working,
            acting_user=acting_user_of(request),
        )
        obj.pk = kept.pk

    def delete_model(self, request: HttpRequest, obj: Holiday) -> None:
        clear_holiday(obj, acting_user=acting_user_of(request))


def acting_user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the reading room is behind the sign-in"
    return request.user
