"""What an officer types to prepare the list; the meeting is in `forms.meetings`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext

from accounts.templatetags.kit import yuan
from ventures.forms.fields import TidyDecimalField
from ventures.models import Decision, Prize, Round
from ventures.selectors.award_walks import Line, Suggestion
from ventures.selectors.award_words import result_words
from ventures.selectors.prizes import prizes_of, sums_by_place
from ventures.selectors.rankings import Row
from ventures.services.budgets import fen_of
from ventures.services.decisions import Choice, deviations

Outcome = Decision.Outcome


@dataclass(frozen=True)
class ChoiceRow:
    """One proposal on the page of the list."""

    row: Row
    outcome: BoundField
    amount: BoundField
    reason: BoundField
    revise: BoundField
    line: Line | None = None


class DecisionsForm(forms.Form):
    """The whole list at once: what becomes of each proposal."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        rows: Sequence[Row],
        free_fen: int,
        suggestion: Suggestion | None = None,
    ) -> None:
        self.free_fen = free_fen
        self.suggestion = suggestion
        self.listed = {line.number: line for line in suggestion.lines} if suggestion else {}
        self.over_fen = 0
        self.rows = [row for row in rows if row.proposal.state == "under_review"]
        self.prizes = prizes_of(self.rows[0].proposal.round) if self.rows else []
        super().__init__(data, initial=self._stored())
        for row in self.rows:
            pk, title = row.proposal.pk, row.proposal.title
            self.fields[f"outcome_{pk}"] = forms.ChoiceField(
                label=gettext("%(title)s的决定") % {"title": title},
                choices=[
                    (value, result_words(row.proposal.round, value, label))
                    for value, label in Outcome.choices
                ],
            )
            self.fields[f"amount_{pk}"] = self._amount_field(title)
            self.fields[f"reason_{pk}"] = forms.CharField(
                label=gettext("%(title)s的理由") % {"title": title}, required=False, max_length=500
            )
            self.fields[f"revise_{pk}"] = forms.BooleanField(
                label=gettext("修改后立项"), required=False
            )

    def _amount_field(self, title: str) -> forms.Field:
        """A sum to type; where the call has prizes, one of them to choose."""
        if not self.prizes:
            return TidyDecimalField(
                label=gettext("%(title)s的拟资助金额（元）") % {"title": title}, required=False
            )
        return prize_field(gettext("%(title)s的奖项") % {"title": title}, self.prizes)

    def clean(self) -> dict[str, Any]:
        """Say beside the field what the service would refuse, so that nothing typed is lost."""
        cleaned = super().clean() or {}
        if self.errors or not self.rows:
            return cleaned
        choices = self.choices()
        departures = deviations(
            self.rows[0].proposal.round,
            choices,
            {row.proposal.pk: row.proposal for row in self.rows},
            {row.proposal.code: row.standing for row in self.rows},
        )
        for row, choice in zip(self.rows, choices, strict=True):
            self._say_problems(row, choice, departs=row.proposal.code in departures)
        self._say_if_not_listed(choices)
        self._say_if_above_fund(sum(choice.amount_fen for choice in choices))
        return cleaned

    def _say_if_above_fund(self, proposed_fen: int) -> None:
        self.over_fen = max(0, proposed_fen - self.free_fen)
        if self.over_fen:
            self.add_error(
                None,
                gettext("拟资助合计 %(sum)s，本轮还可安排 %(free)s，超出 %(over)s，请调减。")
                % {
                    "sum": yuan(proposed_fen),
                    "free": yuan(self.free_fen),
                    "over": yuan(self.over_fen),
                },
            )

    def _say_if_not_listed(self, choices: Sequence[Choice]) -> None:
        """A round with rules of its own follows the list, save where two people agreed."""
        for row, choice in zip(self.rows, choices, strict=True):
            line = self.listed.get(row.proposal.code)
            if line is not None and line.awarded_fen != choice.amount_fen:
                self.add_error(
                    f"amount_{row.proposal.pk}",
                    gettext("建议名单是 %(fen)s。要改，请先在建议名单里提出，由另一人同意。")
                    % {"fen": yuan(line.awarded_fen)},
                )

    def _say_problems(self, row: Row, choice: Choice, *, departs: bool) -> None:
        proposal = row.proposal
        most = proposal.round.most_for(proposal.requested_fen)
        gives_money = choice.outcome == Outcome.AWARD and proposal.round.has_money
        if gives_money and not 0 < choice.amount_fen <= most:
            self.add_error(
                f"amount_{proposal.pk}",
                gettext("要大于 0，不超过 %(most)s") % {"most": yuan(most)},
            )
        if choice.reason.strip():
            return
        if departs and not self.listed:
            self.add_error(f"reason_{proposal.pk}", gettext("与排名不一致，请写理由"))
        elif choice.outcome == Outcome.DECLINE:
            self.add_error(f"reason_{proposal.pk}", self._why_declined(proposal.round))

    def _why_declined(self, round: Round) -> str:
        if round.has_budget:
            return gettext("不予立项，请写理由，申报方会看到")
        return gettext("不列入的，请写理由，申报方会看到")

    def choice_rows(self) -> list[ChoiceRow]:
        return [
            ChoiceRow(
                row,
                self[f"outcome_{row.proposal.pk}"],
                self[f"amount_{row.proposal.pk}"],
                self[f"reason_{row.proposal.pk}"],
                self[f"revise_{row.proposal.pk}"],
                self.listed.get(row.proposal.code),
            )
            for row in self.rows
        ]

    def choices(self) -> list[Choice]:
        made = []
        for row in self.rows:
            pk = row.proposal.pk
            outcome = self.cleaned_data[f"outcome_{pk}"]
            amount = self.cleaned_data[f"amount_{pk}"]
            is_award = outcome == Outcome.AWARD
            made.append(
                Choice(
                    proposal_id=pk,
                    outcome=outcome,
                    amount_fen=fen_of(amount)
                    if is_award and amount is not None and row.proposal.round.has_money
                    else 0,
                    reason=self.cleaned_data[f"reason_{pk}"],
                    needs_revision=is_award and self.cleaned_data[f"revise_{pk}"],
                )
            )
        return made

    def _as_listed(self, pk: int, line: Line, stored: Mapping[str, Any]) -> dict[str, Any]:
        """What the list says; the reason is its own where nobody has written another."""
        outcome = Outcome.AWARD if line.is_funded else Outcome.DECLINE
        if line.override is not None and line.override.state == "agreed":
            outcome = Outcome(line.override.outcome)
        elif not line.is_funded and stored.get(f"outcome_{pk}") == Outcome.RESERVE:
            outcome = Outcome.RESERVE
        listed = {f"outcome_{pk}": outcome, f"amount_{pk}": as_typed(line.awarded_fen)}
        if not stored.get(f"reason_{pk}") and (not line.is_funded or line.override):
            listed[f"reason_{pk}"] = line.why
        return listed

    def _stored(self) -> dict[str, Any]:
        """What was prepared; else the panel's suggestion for those that pass."""
        stored: dict[str, Any] = {}
        sums = iter(sums_by_place(self.prizes))
        for row in self.rows:
            pk = row.proposal.pk
            decision = getattr(row.proposal, "decision", None)
            if decision is not None:
                stored[f"outcome_{pk}"] = decision.outcome
                stored[f"amount_{pk}"] = as_typed(decision.amount_fen)
                stored[f"reason_{pk}"] = decision.reason
                stored[f"revise_{pk}"] = decision.needs_revision
            line = self.listed.get(row.proposal.code)
            if line is not None:
                stored |= self._as_listed(pk, line, stored)
                continue
            if decision is not None:
                continue
            rubric = row.proposal.round.rubric
            assert rubric is not None, "reviewed_round_has_rubric"
            passes = (row.standing.score_hundredths or 0) >= rubric.pass_half_points * 50
            stored[f"outcome_{pk}"] = Outcome.AWARD if passes else Outcome.DECLINE
            usual = next(sums, 0) if self.prizes and passes else row.standing.suggested_fen
            if self.prizes and not usual:
                stored[f"outcome_{pk}"] = Outcome.DECLINE
            stored[f"amount_{pk}"] = as_typed(usual if passes else 0)
        return stored


def prize_field(
    label: str, prizes: Iterable[Prize], *, initial: str = ""
) -> forms.TypedChoiceField:
    """One of the prizes of the call to choose."""
    named = ((as_typed(one.amount_fen), f"{one.name} {yuan(one.amount_fen)}") for one in prizes)
    return forms.TypedChoiceField(
        label=label,
        initial=initial,
        choices=[("", "—"), *named],
        coerce=Decimal,
        empty_value=None,
        required=False,
    )


def as_typed(fen: int | None) -> str:
    if not fen:
        return ""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
