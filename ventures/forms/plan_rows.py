"""The tables of a plan as an applicant types them: activities, milestones, team, risks, outcomes.

Each table is drawn from its model (`models.plans.PARTS`). What cannot be read is returned as
typed, so that the service can keep it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import SOUND_DAYS, TidyIntegerField, storable
from ventures.models import PlannedActivity, Proposal
from ventures.models.plans import PARTS, Part
from ventures.selectors.typed_rows import typed_rows_of
from ventures.services.plan_rows import DraftRows

MOST_ROWS = 40
LARGEST_COUNT = 10_000_000

type Findings = list[tuple[str, str | Promise]]


class RowForm(forms.Form):
    """One row. Blank rows are passed over; what disagrees is said beside it."""

    part: ClassVar[Part]
    use_required_attribute = False

    @property
    def is_blank(self) -> bool:
        telling = [name for name in self.part.columns if not _is_choice(self.fields[name])]
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in telling)

    def clean(self) -> dict[str, Any]:
        check = CHECKS.get(self.part.name)
        for column, sentence in check(self.cleaned_data) if check else []:
            self.add_error(column, str(sentence))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.part.columns}

    def typed_row(self) -> dict[str, str]:
        return {
            name: storable(self.data.get(self.add_prefix(name), "")) for name in self.part.columns
        }


def _check_activity(values: Mapping[str, Any]) -> Findings:
    found: Findings = []
    if values.get("sessions") and values.get("output") != PlannedActivity.Output.GROUP:
        found.append(("sessions", _("只有小组才填节数，请清空这一格。")))
    people, times = values.get("people"), values.get("person_times")
    if people and times is not None and times < people:
        found.append(("person_times", _("服务人次不会少于服务人数，请核对。")))
    return found


def _check_member(values: Mapping[str, Any]) -> Findings:
    if values.get("certificate") and not values.get("certificate_number"):
        return [("certificate_number", _("请写上证书编号，或把证书选为“无”。"))]
    if values.get("certificate_number") and not values.get("certificate"):
        return [("certificate", _("请选这是什么证书。"))]
    return []


CHECKS: dict[str, Callable[[Mapping[str, Any]], Findings]] = {
    "activities": _check_activity,
    "members": _check_member,
}


def _is_choice(field: forms.Field) -> bool:
    return isinstance(field, forms.ChoiceField)


@cache
def row_form(name: str) -> type[RowForm]:
    """The form of one row of a table, drawn from its model."""
    part = PARTS[name]
    fields: dict[str, Any] = {
        column: _form_field(part.model._meta.get_field(column)) for column in part.columns
    }
    return type(f"{part.model.__name__}Form", (RowForm,), {"part": part} | fields)


def _form_field(column: Any) -> forms.Field:
    label, required = column.verbose_name, not (column.blank or column.null)
    if column.choices:
        return forms.ChoiceField(choices=column.choices, label=label, required=required)
    if isinstance(column, models.DateField):
        return forms.DateField(
            label=label,
            required=required,
            widget=forms.DateInput(attrs={"type": "date"}),
            validators=SOUND_DAYS,
        )
    if isinstance(column, models.IntegerField):
        least = 1 if required else 0
        most = 100 if column.name == "share_percent" else LARGEST_COUNT
        return TidyIntegerField(label=label, required=required, min_value=least, max_value=most)
    return forms.CharField(label=label, required=required, max_length=column.max_length)


@dataclass
class PlanTable:
    """One whole table: its rows as forms, in order, blank ones in between passed over."""

    part: Part
    rows: list[RowForm]

    @classmethod
    def sent(cls, part: Part, data: QueryDict) -> "PlanTable":
        """Rows `<part>-0-…`, `<part>-1-…` up to `<part>-rows`."""
        try:
            count = int(data.get(f"{part.name}-rows", "0"))
        except ValueError:
            count = 0
        form = row_form(part.name)
        return cls(
            part, [form(data, prefix=f"{part.name}-{n}") for n in range(min(count, MOST_ROWS))]
        )

    @classmethod
    def of_rows(cls, part: Part, rows: Sequence[Mapping[str, Any]]) -> "PlanTable":
        data = QueryDict(mutable=True)
        for n, row in enumerate(rows):
            for name in part.columns:
                value = row.get(name)
                data[f"{part.name}-{n}-{name}"] = "" if value is None else str(value)
        data[f"{part.name}-rows"] = str(len(rows))
        return cls.sent(part, data)

    @classmethod
    def stored(cls, part: Part, proposal: Proposal) -> "PlanTable":
        """The rows as last saved: as typed while one of them could not be read."""
        return cls.of_rows(part, typed_rows_of(proposal, part))

    def filled(self) -> list[RowForm]:
        return [row for row in self.rows if not row.is_blank]

    def draft(self) -> DraftRows:
        filled = self.filled()
        readable = [row for row in filled if row.is_valid()]
        return DraftRows(
            rows=[row.values() for row in readable],
            typed_rows=(
                None if len(readable) == len(filled) else [row.typed_row() for row in filled]
            ),
        )

    def problems(self) -> dict[str, dict[str, list[str]]]:
        """Errors by row number as sent and column, for the page's script."""
        return {
            str(n): {name: [str(error) for error in errors] for name, errors in row.errors.items()}
            for n, row in enumerate(self.rows)
            if not row.is_blank and not row.is_valid()
        }

    def with_blank_rows(self) -> list[RowForm]:
        """The filled rows, numbered anew, and one more to write in."""
        part, form = self.part, row_form(self.part.name)
        filled = self.of_rows(part, [row.typed_row() for row in self.filled()]).rows
        return [*filled, form(prefix=f"{part.name}-{len(filled)}")]

    def blank_row(self) -> RowForm:
        return row_form(self.part.name)(prefix=f"{self.part.name}-__n__")


def plan_tables_sent(data: QueryDict, names: Sequence[str]) -> dict[str, PlanTable]:
    """The tables among these names, as sent."""
    return {name: PlanTable.sent(PARTS[name], data) for name in PARTS if name in names}
