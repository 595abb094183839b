"""The reading room (后台查阅): where auditors and administrators look rows up. Almost read-only.

It is entered through the product's own sign-in, so that codes, two-step verification and rate
limits hold here too. Work is done on the product's pages, never here.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Region, Role, User


def reads_everything(user: User | AnonymousUser) -> bool:
    """Auditors and administrators of a whole county (or more), and nobody of a single town."""
    if not isinstance(user, User) and not user.is_authenticated:
        return False
    return any(
        role.region is not None and role.region.level <= Region.Level.COUNTY
        for role in rules.roles_of_kind(
            user,
            Role.Kind.AUDITOR,
            Role.Kind.ADMINISTRATOR,
        )
    )


class ReadingRoom(admin.AdminSite):
    site_title = _("七彩查阅")
    site_header = _("七彩查阅")
    index_title = _("后台查阅")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.login = secure_admin_login(self.login)  # type: ignore[method-assign]

    def has_permission(self, request: HttpRequest) -> bool:
        """The role, and a second factor wherever real people's data is (all but the demo)."""
        return reads_everything(request.user) and (
            not settings.READING_ROOM_NEEDS_SECOND_FACTOR or is_mfa_enabled(request.user)
        )


# Rows that an app keeps closed here for a time, though it does not own their table.
_closed: dict[type[models.Model], list[Callable[[User], models.Q]]] = {}


def keep_closed(model: type[models.Model], rows: Callable[[User], models.Q]) -> None:
    """Show this reader none of these rows. Asked anew at each look, for what is closed opens one
    day."""
    _closed.setdefault(model, []).append(rows)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows to be looked at. Subclass it for every model shown here."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        found = super().get_queryset(request)
        for rows in _closed.get(self.model, []):
            found = found.exclude(rows(request.user))  # type: ignore[arg-type]
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reads_everything(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return reads_everything(request.user)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class Correctable(ReadOnly):
    """A catalogue that an administrator may correct; each correction is a service's."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        user = request.user
        return reads_everything(user) and rules.is_administrator(user)  # type: ignore[arg-type]
