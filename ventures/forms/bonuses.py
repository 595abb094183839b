"""What an officer asks for when she wants points above the hundred for a proposal."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import TidyDecimalField
from ventures.models import BonusKind, Proposal, Round
from ventures.selectors.bonuses import kind_in_words, kinds_of
from ventures.selectors.composites import COMPETING


class BonusForm(forms.Form):
    """Which proposal, of which kind, how many points, and why."""

    proposal = forms.ChoiceField(label=_("项目"))
    kind = forms.ChoiceField(label=_("加分项"), widget=forms.RadioSelect)
    points = TidyDecimalField(
        label=_("加几分"),
        min_value=0,
        max_value=100,
        decimal_places=1,
        help_text=_("按半分填，如 7.5。要取消已有的加分就填 0。"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("和名单一起存档。公示以后申报方会看到；公布分数的，谁都看得到。"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, round: Round) -> None:
        self.kinds_by_key = {str(kind.pk): kind for kind in kinds_of(round)}
        competing = round.proposals.filter(state__in=COMPETING).order_by("code")
        self.proposals = {one.code: one for one in competing.select_related("round__region")}
        super().__init__(data)
        self.fields["proposal"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.code} {one.title}") for one in self.proposals.values()
        ]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (key, kind_in_words(kind)) for key, kind in self.kinds_by_key.items()
        ]
        if len(self.kinds_by_key) == 1:
            self.fields["kind"].initial = next(iter(self.kinds_by_key))

    def clean_points(self) -> Any:
        points = self.cleaned_data["points"]
        if points is not None and (points * 2) % 1:
            raise forms.ValidationError(gettext("按半分填，如 7 或 7.5"))
        return points

    @property
    def chosen(self) -> tuple[Proposal, BonusKind, int]:
        """The proposal, the kind, the half points."""
        clean = self.cleaned_data
        return (
            self.proposals[clean["proposal"]],
            self.kinds_by_key[clean["kind"]],
            int(clean["points"] * 2),
        )
