"""The kit of every template: `{% load kit %}` brings the filters and tags of all its parts.

Filters show a value in the words of the product; tags draw one component from plain values. What is
decided (who may, what comes next) is decided in the view, never here. Python that speaks to people
imports the filters from here too; they live in `kit_*.py`, one file a subject.
"""

from django import template

from accounts.templatetags import (
    kit_charts,
    kit_data,
    kit_days,
    kit_forms,
    kit_pages,
    kit_people,
    kit_units,
)
from accounts.templatetags.kit_charts import chart_bars, chart_curve, in_unit
from accounts.templatetags.kit_data import calendar_warning, say
from accounts.templatetags.kit_days import (
    clock,
    day,
    iso,
    moment,
    period,
    plain_day,
    remaining,
    short_day,
    urgency,
)
from accounts.templatetags.kit_forms import error_summary, field, form_fields
from accounts.templatetags.kit_pages import confirm, icon, label, public_label, query_replace
from accounts.templatetags.kit_people import (
    device,
    masked_contact,
    masked_name,
    masked_phone,
    plain_phone,
)
from accounts.templatetags.kit_units import count, hours, signed_hours, yuan, yuan_short

__all__ = [
    "calendar_warning",
    "chart_bars",
    "chart_curve",
    "clock",
    "confirm",
    "count",
    "day",
    "device",
    "error_summary",
    "field",
    "form_fields",
    "hours",
    "icon",
    "in_unit",
    "iso",
    "label",
    "masked_contact",
    "masked_name",
    "masked_phone",
    "moment",
    "period",
    "plain_day",
    "plain_phone",
    "public_label",
    "query_replace",
    "remaining",
    "say",
    "short_day",
    "signed_hours",
    "urgency",
    "yuan",
    "yuan_short",
]

register = template.Library()
for part in (kit_charts, kit_data, kit_days, kit_forms, kit_pages, kit_people, kit_units):
    register.filters.update(part.register.filters)
    register.tags.update(part.register.tags)
