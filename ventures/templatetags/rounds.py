"""Drawing what only the venture rounds have: a cell of the budget table."""

from collections.abc import Mapping, Sequence

from django import template
from django.forms import BoundField, ChoiceField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def budget_cell(bound: BoundField, number: object, is_open: bool = True) -> SafeString:
    """An input of the budget table, named aloud by its row and column."""
    attrs: dict[str, str | bool] = {
        "class": "form-select" if isinstance(bound.field, ChoiceField) else "form-control",
        "aria-label": _("第 %(number)s 行 %(column)s") % {"number": number, "column": bound.label},
    }
    if bound.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{bound.auto_id}-error"}
    if not is_open:
        attrs["disabled"] = True
    attrs.pop("required", None)
    return bound.as_widget(attrs=attrs)


@register.filter
def at(said: Mapping[str, Sequence[str]], name: str) -> Sequence[str]:
    """What is said of one column."""
    return said.get(name, ())
