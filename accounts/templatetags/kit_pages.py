"""Parts of a page: states, addresses with their query, icons, buttons that ask first."""

import re
from copy import copy
from typing import Any

from django import template
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def label(thing: Any) -> str:
    """The staff's word for a state or choice: its ``label``, or itself."""
    return str(getattr(thing, "label", thing))


@register.filter
def public_label(thing: Any) -> str:
    """The public's word for a state: its ``public_label``, else its label."""
    return str(getattr(thing, "public_label", None) or label(thing))


@register.filter
def bracketed(words: object) -> str:
    """An aside in brackets, as the language writes them."""
    return _("（%(aside)s）") % {"aside": words}


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: object) -> str:
    """The page's query string with some parts changed; None or "" removes a part."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return ""
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite; decorative unless it has a label. Sizes: sm, lg, xl."""
    css_class = f"icon icon-{size}" if size else "icon"
    address = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            css_class,
            label,
            address,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        css_class,
        address,
    )


@register.inclusion_tag("components/confirm.html")
def confirm(
    verb: str,
    action: str,
    consequence: str,
    title: str = "",
    yes: str = "",
    tone: str = "primary",
    button_tone: str = "secondary",
    size: str = "",
    icon: str = "",
    name: str = "",
    value: object = "",
    form: BaseForm | None = None,
) -> dict[str, object]:
    """A button that names the consequence before it posts to ``action``.

    ``name`` and ``value`` are one hidden value; ``form`` holds extra fields, such as a reason.
    """
    return {
        "verb": verb,
        "action": action,
        "consequence": consequence,
        "title": title or verb,
        "yes": yes or verb,
        "tone": tone,
        "button_tone": button_tone,
        "size": size,
        "icon": icon,
        "name": name,
        "value": value,
        "form": _with_ids_of(form, action) if form is not None else None,
    }


def _with_ids_of(form: BaseForm, action: str) -> BaseForm:
    """The form with ids of its own: a page may ask for the same thing behind two buttons."""
    own = copy(form)
    own.auto_id = f"{re.sub(r'[^a-z0-9]+', '-', action.lower()).strip('-')}-%s"
    own.__dict__["_bound_fields_cache"] = {}  # its fields as they stood under the other ids
    return own
