"""How mail and short messages leave."""

from typing import Any
from urllib.parse import unquote, urlsplit

from config.embedded.errors import CannotStart
from config.env.identity import mode, public_address
from config.env.reading import required, text

SMTP_MAIL = "django.core.mail.backends.smtp.EmailBackend"
DEMO_MAIL = "accounts.outbox.OutboxEmailBackend"
DEMO_SMS = "accounts.outbox.OutboxSmsAdapter"
ALIYUN_SMS = "accounts.sms_aliyun.AliyunSms"


def mailers() -> dict[str, dict[str, Any]]:
    """How mail leaves: over SMTP, or into the demo's visible outbox."""
    url = text("EMAIL_URL")
    if not url:
        if mode() == "demo":
            return {"default": {"BACKEND": DEMO_MAIL}}
        url = required(
            "EMAIL_URL", zh="smtp+tls://用户:密码@主机:587", en="smtp+tls://user:pw@host:587"
        )
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname:
        raise CannotStart(
            zh="EMAIL_URL 须形如 smtp+tls://用户:密码@主机:587（或 smtp://、smtp+ssl://）。",
            en="EMAIL_URL must look like smtp+tls://user:password@host:587 "
            "(or smtp://, smtp+ssl://).",
        )
    options = {
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtp+ssl",
        "timeout": 20,
    }
    return {"default": {"BACKEND": SMTP_MAIL, "OPTIONS": options}}


def from_email() -> str:
    host = urlsplit(public_address()).hostname or "localhost"
    return text("DEFAULT_FROM_EMAIL") or f"no-reply@{host}"


def sms_adapter() -> str:
    """The class that sends short messages, as a dotted path."""
    if mode() == "demo":
        wanted = text("SMS_ADAPTER") or DEMO_SMS
    else:
        wanted = required(
            "SMS_ADAPTER",
            zh="aliyun，或短信适配器类的路径",
            en="aliyun, or the dotted path of the adapter's class",
        )
    return ALIYUN_SMS if wanted == "aliyun" else wanted


def sms_aliyun() -> dict[str, Any]:
    """What 阿里云短信 needs; the system check says what is missing when it is the adapter."""
    templates = {}
    for pair in filter(None, (part.strip() for part in text("ALIYUN_SMS_TEMPLATES").split(","))):
        name, sign, template = pair.partition("=")
        if not sign or not name.strip() or not template.strip():
            raise CannotStart(
                zh=f"ALIYUN_SMS_TEMPLATES 须形如 code=SMS_1,message=SMS_2，现在有“{pair}”。",
                en=f"ALIYUN_SMS_TEMPLATES must look like code=SMS_1,message=SMS_2, not “{pair}”.",
            )
        templates[name.strip()] = template.strip()
    return {
        "key_id": text("ALIYUN_SMS_KEY_ID"),
        "key_secret": text("ALIYUN_SMS_KEY_SECRET"),
        "sign_name": text("ALIYUN_SMS_SIGN_NAME"),
        "templates": templates,
        "endpoint": text("ALIYUN_SMS_ENDPOINT") or "https://dysmsapi.aliyuncs.com",
    }
