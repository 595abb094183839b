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
    person = user if isinstance(user, User) else None
    role = getattr(request, "current_role", None)
    kind = role.kind if role else None
    roles = [
        RoleChoice(r.pk, str(r.get_kind_display()), str(r.scope), r == role)
        for r in (active_roles(person) if person else [])
    ]
    text_size = request.COOKIES.get("text") or (person.text_size if person else "")
    theme = request.COOKIES.get("theme") or (person.theme if person else "auto")
    return {
        "page": Page(
            site_name=str(settings.SITE_NAME),
            demo_mode=settings.DEMO_MODE,
            roles=roles,
            current_role=next((choice for choice in roles if choice.is_current), None),
            unread=(
                Message.objects.filter(to_user=person, read_at__isnull=True).count()
                if person
                else 0
            ),
            navigation=navigation_for(kind, request.path),
            bottom_bar=bottom_bar_for(
                role.kind if role else None, person is not None, request.path
            ),
            large_text=text_size == "large",
            theme=theme if theme in ("light", "dark") else "auto",
        )
    }
