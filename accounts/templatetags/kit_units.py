"""Units: minutes as hours, fen as money, counted things."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

MINUS = "\u2212"


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes in words: 150 is 2 小时 30 分; nothing is an empty string."""
    if minutes is None:
        return ""
    whole, rest = divmod(abs(int(minutes)), 60)
    if whole and rest:
        words = _("%(hours)d 小时 %(minutes)d 分") % {"hours": whole, "minutes": rest}
    elif whole:
        words = _("%(hours)d 小时") % {"hours": whole}
    else:
        words = _("%(minutes)d 分") % {"minutes": rest}
    return f"{MINUS}{words}" if minutes < 0 else words


@register.filter
def signed_hours(minutes: int | None) -> str:
    """Minutes as a movement: +1 小时, −30 分."""
    return f"+{hours(minutes)}" if minutes is not None and minutes > 0 else hours(minutes)


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as money: 834400 is ¥8,344.00; nothing is an empty string."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(int(fen)), 100)
    return f"{MINUS if fen < 0 else ''}¥{whole:,}.{rest:02d}"


@register.filter
def yuan_short(fen: int | None) -> str:
    """Fen as money without empty decimals, for headlines: ¥8,344."""
    return yuan(fen).removesuffix(".00")


@register.filter
def count(value: int | None) -> str:
    """A whole number with separators: 11400 is 11,400."""
    return "" if value is None else f"{int(value):,}".replace("-", MINUS)
