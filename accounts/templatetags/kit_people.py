"""People as others may see them: masked names and numbers, a device in plain words."""

import re

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

PLACES = (
    ("iPhone", gettext_lazy("苹果手机")),
    ("iPad", gettext_lazy("苹果平板")),
    ("HarmonyOS", gettext_lazy("鸿蒙手机")),
    ("Android", gettext_lazy("安卓手机")),
    ("Windows", gettext_lazy("Windows 电脑")),
    ("Macintosh", gettext_lazy("苹果电脑")),
    ("Linux", gettext_lazy("Linux 电脑")),
)
BROWSERS = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("DingTalk", gettext_lazy("钉钉")),
    ("AlipayClient", gettext_lazy("支付宝")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@register.filter
def masked_name(name: str | None) -> str:
    """A name with its middle hidden: 陈站长 is 陈*长, 陈安 is 陈*."""
    name = (name or "").strip()
    if len(name) <= 1:
        return "*" if name else ""
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


@register.filter
def masked_phone(phone: object) -> str:
    """A phone number with its middle hidden: 138****5678, whether or not it starts with +86."""
    digits = re.sub(r"\D", "", str(phone or ""))
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"


@register.filter
def plain_phone(phone: object) -> str:
    """A phone number as people write it here: without +86, in groups (138 1234 5678)."""
    digits = re.sub(r"\D", "", str(phone or ""))
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if len(digits) == 11 else str(phone or "")


@register.filter
def masked_contact(contact: object) -> str:
    """A phone number or an address with its middle hidden: 138****5678, e***@example.cn."""
    words = str(contact or "")
    name, at, host = words.partition("@")
    return f"{name[:1]}***@{host}" if at else masked_phone(words)


@register.filter
def device(user_agent: str | None) -> str:
    """A browser's long name in plain words: 微信 · 安卓手机."""
    told = user_agent or ""
    browser = next((words for mark, words in BROWSERS if mark in told), "")
    place = next((words for mark, words in PLACES if mark in told), "")
    return " · ".join(str(part) for part in (browser, place) if part) or _("未知设备")
