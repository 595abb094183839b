"""What `manage.py check --deploy` asks beyond Django's own: how this product is installed."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config import env


@register(Tags.security, deploy=True)
def owner_is_not_shared(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """What serves people should not know the password of the role that owns the ledger."""
    if env.mode() == "demo" or env.owner_is_separate():
        return []
    return [
        Warning(
            "DATABASE_URL is the owner's and the web role's is derived from it: "
            "a stolen web process could log in as the owner.",
            hint="Give the web role a URL of its own in DATABASE_URL, the owner's in "
            "DATABASE_OWNER_URL where migrations run, and DATABASE_OWNER_URL=none elsewhere.",
            id="qicai.W001",
        )
    ]


@register(Tags.security, deploy=True)
def public_address_is_encrypted(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if env.mode() == "demo" or env.public_address().startswith("https://"):
        return []
    return [
        Error(
            "PUBLIC_ADDRESS is not https: sign-in cookies would never be sent.",
            hint="People reach this product over TLS only; set PUBLIC_ADDRESS=https://…",
            id="qicai.E001",
        )
    ]


@register(Tags.security, deploy=True)
def demo_does_not_face_the_world(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """The visible outbox shows sign-in codes: it exists in demo only, for this machine only."""
    local = {"127.0.0.1", "localhost", "[::1]"}
    if env.mode() == "production" or set(settings.ALLOWED_HOSTS) <= local:
        return []
    return [
        Error(
            "A demo answers to hosts other than this machine, and its outbox shows sign-in codes.",
            hint="Unset ALLOWED_HOSTS, or set QICAI_MODE=production.",
            id="qicai.E002",
        )
    ]
