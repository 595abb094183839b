"""Forms: one field, all fields, what is wrong with them."""

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField

register = template.Library()


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    label: str = "",
    help: str = "",
    prefix: str = "",
    suffix: str = "",
    width: str = "",
    hide_label: bool = False,
    optional: bool = True,
    inputmode: str = "",
    autocomplete: str = "",
) -> dict[str, object]:
    """One form field: label, help, errors, widget, tied together for those who listen.

    ``width`` (short, half) says how much is expected; ``prefix`` and ``suffix`` are a unit beside
    the box; ``inputmode`` and ``autocomplete`` choose the phone's keyboard and its suggestions;
    ``optional=False`` leaves out the word 选填 on fields that are not required.
    """
    widget = bound.field.widget
    kind = _kind_of(widget)
    field_id = bound.id_for_label or bound.auto_id or bound.html_name
    base = bound.auto_id or bound.html_name
    help_text = help or bound.help_text
    errors = list(bound.errors)
    described = [f"{base}-help"] if help_text else []
    described += [f"{base}-error"] if errors else []
    attrs: dict[str, str | bool] = {}
    if kind not in {"radios", "checkboxes"}:
        given = str(widget.attrs.get("class", ""))
        attrs["class"] = " ".join(
            filter(None, [given, _class_of(kind), "is-invalid" if errors else ""])
        )
        if described:
            attrs["aria-describedby"] = " ".join(described)
        if errors:
            attrs["aria-invalid"] = "true"
        if inputmode:
            attrs["inputmode"] = inputmode
        if autocomplete:
            attrs["autocomplete"] = autocomplete
        if hide_label and not widget.attrs.get("aria-label"):
            attrs["aria-label"] = str(label or bound.label)
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs=attrs) if kind not in {"radios", "checkboxes"} else "",
        "choices": list(bound) if kind in {"radios", "checkboxes"} else [],
        "kind": kind,
        "base": base,
        "field_id": field_id,
        "label": label or bound.label,
        "help": help_text,
        "errors": errors,
        "described": " ".join(described),
        "prefix": prefix,
        "suffix": suffix,
        "width": width,
        "hide_label": hide_label,
        "shows_optional": optional
        and not bound.field.required
        and kind not in {"checkbox", "checkboxes"},
    }


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm, only: str = "", without: str = "") -> dict[str, object]:
    """All fields of a form, hidden ones too. ``only`` and ``without`` are names between commas."""
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    unwanted = {name.strip() for name in without.split(",") if name.strip()}
    return {
        "hidden": form.hidden_fields() if not wanted else [],
        "fields": [
            bound
            for bound in form.visible_fields()
            if (not wanted or bound.name in wanted) and bound.name not in unwanted
        ],
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*things: Any) -> dict[str, object]:
    """What is wrong with one or more forms or formsets, in one list that leads to each field."""
    return {"problems": [problem for thing in things if thing for problem in _problems_of(thing)]}


def _problems_of(thing: Any) -> Iterable[dict[str, str]]:
    if hasattr(thing, "management_form"):
        for error in thing.non_form_errors() if thing.is_bound else []:
            yield {"sentence": str(error), "target": ""}
        for form in thing.forms:
            yield from _problems_of(form)
        return
    if not thing.is_bound:
        return
    for error in thing.non_field_errors():
        yield {"sentence": str(error), "target": ""}
    for bound in thing:
        for error in bound.errors:
            kind = _kind_of(bound.field.widget)
            target = (
                f"{bound.auto_id}_0"
                if kind in {"radios", "checkboxes"}
                else bound.id_for_label or bound.auto_id
            )
            yield {
                "sentence": str(error),
                "target": target,
                "label": str(bound.label or ""),
            }


def _kind_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return "input"


def _class_of(kind: str) -> str:
    return {"checkbox": "form-check-input", "select": "form-select"}.get(kind, "form-control")
