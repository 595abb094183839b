"""The kit of every template: units, masks, dates, icons, form fields and charts.

Filters show a value in the words of the product; tags draw one component from plain values. What is
decided (who may, what comes next) is decided in the view, never here.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.templatetags.charts import BarChart, Curve, bars_of, curve_of

register = template.Library()

MINUS = "\u2212"
WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)


# Units


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


# People


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


# Days and moments


def _local(value: date | datetime) -> date | datetime:
    return (
        timezone.localtime(value)
        if isinstance(value, datetime) and timezone.is_aware(value)
        else value
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in words: 2026年11月21日 周六."""
    if value is None or value == "":
        return ""
    value = _local(value)
    return pgettext("某一天", "{date} {weekday}").format(
        date=formats.date_format(value, pgettext("日期格式", "Y年n月j日")),
        weekday=WEEKDAYS[value.weekday()],
    )


@register.filter
def short_day(value: date | datetime | None) -> str:
    """A day of this year, where room is small: 11月21日 周六."""
    if value is None or value == "":
        return ""
    value = _local(value)
    return pgettext("某一天", "{date} {weekday}").format(
        date=formats.date_format(value, pgettext("日期格式", "n月j日")),
        weekday=WEEKDAYS[value.weekday()],
    )


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day: 19:30."""
    return "" if value is None or value == "" else formats.date_format(_local(value), "H:i")


@register.filter
def moment(value: datetime | None) -> str:
    """An instant in words: 2026年11月21日 周六 19:30."""
    return "" if value is None or value == "" else f"{day(value)} {clock(value)}"


@register.simple_tag
def period(start: datetime, end: datetime) -> str:
    """From–to in words, the day said once: 2026年11月21日 周六 19:30–21:00."""
    if _local(start).timetuple()[:3] == _local(end).timetuple()[:3]:
        return f"{moment(start)}–{clock(end)}"
    return _("%(start)s 至 %(end)s") % {"start": moment(start), "end": moment(end)}


@register.filter
def remaining(deadline: datetime | None) -> str:
    """How long until a deadline, in the two largest units: 3 天 4 小时; 已截止 when it has passed.

    For reading only: whether a deadline has passed is decided by the database clock.
    """
    if not deadline:
        return ""
    seconds = (deadline - timezone.now()).total_seconds()
    if seconds <= 0:
        return _("已截止")
    minutes = int(seconds // 60)
    days, rest = divmod(minutes, 24 * 60)
    if days:
        return _("还有 %(days)d 天 %(hours)d 小时") % {
            "days": days,
            "hours": rest // 60,
        }
    if rest >= 60:
        return _("还有 %(hours)d 小时 %(minutes)d 分") % {
            "hours": rest // 60,
            "minutes": rest % 60,
        }
    return _("还有 %(minutes)d 分") % {"minutes": max(rest, 1)}


@register.filter
def urgency(deadline: datetime | None) -> str:
    """How near a deadline is: over, urgent (a day), near (three days), far."""
    if not deadline:
        return "far"
    left = deadline - timezone.now()
    if left <= timedelta(0):
        return "over"
    return "urgent" if left <= timedelta(days=1) else "near" if left <= timedelta(days=3) else "far"


@register.filter
def iso(value: date | datetime | None) -> str:
    """The machine's form of a day or instant, for ``<time datetime>``."""
    return "" if value is None or value == "" else _local(value).isoformat()


# States


@register.filter
def label(thing: Any) -> str:
    """The staff's word for a state or choice: its ``label``, or itself."""
    return str(getattr(thing, "label", thing))


@register.filter
def public_label(thing: Any) -> str:
    """The public's word for a state: its ``public_label``, else its label."""
    return str(getattr(thing, "public_label", None) or label(thing))


# Devices

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
def device(user_agent: str | None) -> str:
    """A browser's long name in plain words: 微信 · 安卓手机."""
    told = user_agent or ""
    browser = next((words for mark, words in BROWSERS if mark in told), "")
    place = next((words for mark, words in PLACES if mark in told), "")
    return " · ".join(str(part) for part in (browser, place) if part) or _("未知设备")


# Addresses


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


# Pictures


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


@register.inclusion_tag("components/chart_bars.html")
def chart_bars(
    rows: Sequence[Sequence[object]], title: str = "", unit: str = "", head: str = ""
) -> dict[str, object]:
    """Bars with a table beside them, from rows of (label, value) or (label, value, tone).

    Units are hours, yuan, or a counted word; ``head`` names the table's first column.
    """
    chart: BarChart = bars_of(rows)
    return {"chart": chart, "title": title, "unit": unit, "head": head}


@register.inclusion_tag("components/chart_curve.html")
def chart_curve(
    rows: Sequence[Sequence[object]], title: str = "", unit: str = "", head: str = ""
) -> dict[str, object]:
    """A curve with a table beside it, from rows of (label, value), oldest first."""
    curve: Curve = curve_of(rows, grain={"hours": 60, "yuan": 100}.get(unit, 1))
    return {"curve": curve, "title": title, "unit": unit, "head": head}


@register.simple_tag
def in_unit(value: int, unit: str = "") -> str:
    """A chart's value in its unit: hours, yuan, or a counted word (个, 人次)."""
    if unit == "hours":
        return hours(value)
    if unit == "yuan":
        return yuan_short(value)
    return f"{count(value)} {unit}".strip()


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
        "form": form,
    }


# Forms


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
