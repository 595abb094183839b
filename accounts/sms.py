"""Short messages: what an adapter must offer, and how the configured one is found.

The demo's adapter, which shows instead of sending, is in `accounts.outbox`; the one for 阿里云短信
in `accounts.sms_aliyun`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

TEMPLATES = ("code", "unknown", "known", "message", "invitation")


class SmsAdapter(Protocol):
    """Sends one short message to one number in E.164; raises when the provider refuses it.

    `text` is the whole message. Providers that know approved templates only send `template` (one of
    TEMPLATES) filled with `values` instead. An adapter may offer `missing()`: names of what the
    environment lacks for it to work, told by the system check.
    """

    def send(self, phone: str, text: str, *, template: str, values: Mapping[str, str]) -> None: ...


def sms_adapter() -> SmsAdapter:
    """A fresh instance of the class named by `settings.SMS_ADAPTER`."""
    adapter: SmsAdapter = import_string(settings.SMS_ADAPTER)()
    return adapter


def send_sms(phone: str, text: str, *, template: str, values: Mapping[str, str]) -> None:
    sms_adapter().send(phone, text, template=template, values=values)


@register()
def sms_adapter_is_usable(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A product whose codes cannot leave would lock everyone out: say so at the start."""
    path = settings.SMS_ADAPTER
    try:
        found = import_string(path)
    except ImportError:
        return [
            Error(
                f"SMS_ADAPTER {path!r} cannot be imported.",
                hint="Set SMS_ADAPTER to the dotted path of a class with "
                "send(phone, text, *, template, values).",
                id="accounts.E001",
            )
        ]
    problems: list[CheckMessage] = []
    if not callable(getattr(found, "send", None)):
        problems.append(Error(f"SMS_ADAPTER {path!r} has no send().", id="accounts.E002"))
    missing = getattr(found, "missing", None)
    if callable(missing) and (names := missing()):
        problems.append(
            Error(
                f"SMS_ADAPTER {path!r} cannot send: {', '.join(names)} missing.",
                hint="Set them in the environment; see deploy/README.md.",
                id="accounts.E004",
            )
        )
    if not settings.DEMO_MODE and getattr(found, "shows_instead_of_sending", False):
        problems.append(
            Error(
                "SMS_ADAPTER shows codes to everyone instead of sending them.",
                hint="The visible outbox is for the demo only.",
                id="accounts.E003",
            )
        )
    return problems
