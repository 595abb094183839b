"""What every page shows around its content: roles, navigation, unread messages, look."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Message, User
from accounts.rules import active_roles
from config.navigation import Item, bottom_bar_for, navigation_for


@dataclass(frozen=True)
class RoleChoice:
    """A role as the switcher shows it."""

    pk: int
    label: str
    scope: str
    is_current: bool


@dataclass(frozen=True)
class Page:
    """The frame of a page, as plain values."""

    site_name: str
    demo_mode: bool
    roles: list[RoleChoice]
    current_role: RoleChoice | None
    unread: int
    navigation: list[Item]
    bottom_bar: list[Item]
    large_text: bool
    theme: str


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame under the name `page`."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    role = getattr(request, "current_role", None)
    roles = (
        [
            RoleChoice(
                r.pk,
                str(r.get_kind_display()),
                str(r.scope),
                role is not None and r == role,
            )
            for r in active_roles(user)
        ]
        if isinstance(user, User) or signed_in
        else []
    )
    text_size = request.COOKIES.get("text", "")
    theme = request.COOKIES.get("theme", "auto")
    return {
        "page": Page(
            site_name=str(settings.SITE_NAME),
            demo_mode=settings.DEMO_MODE,
            roles=roles,
            current_role=next((choice for choice in roles if choice.is_current), None),
            unread=(
                Message.objects.filter(to_user=user, read_at__isnull=True).count()
                if signed_in
                else 0
            ),
            navigation=navigation_for(role.kind if role else None, request.path),
            bottom_bar=bottom_bar_for(role.kind if role else None, signed_in, request.path),
            large_text=text_size == "large",
            theme=theme if theme in ("light", "dark") else "auto",
        )
    }
