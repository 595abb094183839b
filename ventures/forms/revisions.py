"""修改稿: each line of the budget that asked for money, and what it now comes to."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.errors.objections import RevisionDayNotLater
from ventures.forms.fields import TidyDecimalField
from ventures.models import BudgetLine, RevisedBudget
from ventures.rules.plain_figures import plain_yuan
from ventures.services.budgets import fen_of


class RevisionForm(forms.Form):
    """Every line of its own; the sum stays within what was approved."""

    note = forms.CharField(
        label=_("改了什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("哪些支出减了，活动次数、人数有没有跟着变。"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lines: Sequence[BudgetLine],
        approved_fen: int,
        last: RevisedBudget | None = None,
    ) -> None:
        self.lines = list(lines)
        self.approved_fen = approved_fen
        super().__init__(data, initial={"note": last.note} if last else {})
        before = {line["position"]: line["revised_fen"] for line in (last.lines if last else [])}
        for line in self.lines:
            self.fields[f"line_{line.position}"] = TidyDecimalField(
                label=gettext("%(purpose)s 修改后（元）") % {"purpose": line.purpose},
                initial=plain_yuan(before.get(line.position, line.requested_fen)),
                min_value=0,
            )

    def line_rows(self) -> list[tuple[BudgetLine, BoundField]]:
        return [(line, self[f"line_{line.position}"]) for line in self.lines]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "position": line.position,
                "purpose": line.purpose,
                "requested_fen": line.requested_fen,
                "revised_fen": fen_of(self.cleaned_data[f"line_{line.position}"]),
            }
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        total = sum(row["revised_fen"] for row in self.rows())
        if not 0 < total <= self.approved_fen:
            self.add_error(
                None,
                gettext("修改后合计 %(total)s，要大于 0，不超过核定的 %(approved)s。")
                % {"total": yuan(total), "approved": yuan(self.approved_fen)},
            )
        return values


class RevisionDayForm(forms.Form):
    """More time, until a day and for a reason the applicant reads."""

    due_on = forms.DateField(
        label=_("延长到"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申报方会看到。"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, least: date) -> None:
        self.least = least
        super().__init__(data)

    def clean_due_on(self) -> date:
        typed: date = self.cleaned_data["due_on"]
        if typed <= self.least:
            raise ValidationError(str(RevisionDayNotLater(least=self.least)))
        return typed
