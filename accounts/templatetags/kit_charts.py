"""Charts: bars and curves with a table beside them."""

from collections.abc import Sequence

from django import template

from accounts.templatetags.charts import BarChart, Curve, bars_of, curve_of
from accounts.templatetags.kit_units import count, hours, yuan_short

register = template.Library()


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
