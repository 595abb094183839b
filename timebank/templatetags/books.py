"""Amounts of a book in the words of its unit: minutes, points or fen."""

from django import template
from django.utils.translation import gettext as _

from accounts.templatetags.kit import count, hours, yuan

register = template.Library()


@register.filter
def amount(value: int | None, unit: str) -> str:
    """2 小时 30 分, ¥8,344.00 or 120 分 of points; nothing is an empty string."""
    if value is None:
        return ""
    if unit == "minute":
        return hours(value)
    if unit == "fen":
        return yuan(value)
    return _("%(count)s 积分") % {"count": count(value)}


@register.filter
def signed_amount(value: int | None, unit: str) -> str:
    """The same as a movement: +1 小时, −30 分."""
    words = amount(value, unit)
    return f"+{words}" if value is not None and value > 0 else words
