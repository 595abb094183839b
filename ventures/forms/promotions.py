"""What an officer types when a second meeting gives what a fallen award freed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.forms.decisions import as_typed, prize_field
from ventures.forms.fields import TidyDecimalField
from ventures.forms.meetings import ResolutionForm
from ventures.models import Decision, Round
from ventures.selectors.prizes import free_prizes
from ventures.selectors.promotions import Promotable, fallen_fen, standing_awards
from ventures.services.budgets import fen_of
from ventures.services.decisions import Choice


@dataclass(frozen=True)
class PromotionRow:
    """One proposal of the page; without fields where the rules say how much."""

    one: Promotable
    takes: BoundField | None
    amount: BoundField | None
    reason: BoundField | None


class PromotionForm(ResolutionForm):
    """Who moves up, and the meeting that says so."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        round: Round,
        there: Sequence[Promotable],
    ) -> None:
        super().__init__(data, files, round=round)
        self.there = there
        self.prizes = free_prizes(round, list(standing_awards(round).values()))
        fallen = iter(sorted(fallen_fen(round), reverse=True))
        for one in self._free:
            pk, title = one.proposal.pk, one.proposal.title
            self.fields[f"takes_{pk}"] = forms.BooleanField(
                label=gettext("递补“%(title)s”") % {"title": title}, required=False
            )
            if round.has_money:
                self.fields[f"amount_{pk}"] = (
                    prize_field(gettext("奖项"), self.prizes, initial=as_typed(next(fallen, None)))
                    if self.prizes
                    else TidyDecimalField(label=_("金额（元）"), required=False)
                )
            self.fields[f"reason_{pk}"] = forms.CharField(
                label=_("理由"),
                required=False,
                max_length=300,
                help_text=_("名次在前的没有递补，才要写。"),
            )

    @property
    def _free(self) -> list[Promotable]:
        return [one for one in self.there if one.listed_fen is None]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        for one in self._free:
            pk = one.proposal.pk
            amount = cleaned.get(f"amount_{pk}")
            takes_money = cleaned[f"takes_{pk}"] and self.round.has_money
            if takes_money and not (amount and 0 < fen_of(amount) <= one.most_fen):
                self.add_error(
                    f"amount_{pk}",
                    gettext("要大于 0，不超过 %(most)s") % {"most": yuan(one.most_fen)},
                )
        return cleaned

    def rows(self) -> list[PromotionRow]:
        return [
            PromotionRow(one, None, None, None)
            if one.listed_fen is not None
            else PromotionRow(
                one,
                self[f"takes_{one.proposal.pk}"],
                self[f"amount_{one.proposal.pk}"] if self.round.has_money else None,
                self[f"reason_{one.proposal.pk}"],
            )
            for one in self.there
        ]

    def choices(self) -> list[Choice]:
        """Who is listed, and who was chosen."""
        made = []
        for one in self.there:
            pk, fen, why = one.proposal.pk, one.listed_fen, ""
            if fen is None:
                if not self.cleaned_data[f"takes_{pk}"]:
                    continue
                amount = self.cleaned_data.get(f"amount_{pk}")
                fen = fen_of(amount) if amount is not None else 0
                why = self.cleaned_data[f"reason_{pk}"]
            made.append(Choice(pk, Decision.Outcome.AWARD, fen, why))
        return made
