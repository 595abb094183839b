"""The days of a public vote, and the ballot as one fills it in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import SOUND_INSTANTS
from ventures.models import Proposal, PublicVote


def _instant(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=SOUND_INSTANTS,
    )


class VoteForm(forms.Form):
    """From when to when one may vote."""

    opens_at = _instant(_("开始投票"))
    closes_at = _instant(_("截止投票"))
    words = forms.CharField(
        label=_("投票说明"), required=False, max_length=300, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, vote: PublicVote | None = None
    ) -> None:
        names = ("opens_at", "closes_at", "words")
        super().__init__(
            data, initial={name: getattr(vote, name) for name in names} if vote else None
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", gettext("截止要在开始以后"))
        return cleaned


class BallotForm(forms.Form):
    """One or several proposals of the list."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        candidates: Sequence[Proposal],
        most: int,
    ) -> None:
        super().__init__(data)
        self.most = most
        self.candidates = {one.code: one for one in candidates}
        choices = [(one.code, f"{one.title}（{one.applicant_name}）") for one in candidates]
        kind = forms.MultipleChoiceField if most > 1 else forms.ChoiceField
        self.fields["chosen"] = kind(
            label=_("选哪些项目") if most > 1 else _("选一个项目"),
            choices=choices,
            widget=forms.CheckboxSelectMultiple if most > 1 else forms.RadioSelect,
            error_messages={"required": _("请先选，再投票。")},
        )

    def clean_chosen(self) -> list[Proposal]:
        told = self.cleaned_data["chosen"]
        codes = [told] if isinstance(told, str) else told
        if len(codes) > self.most:
            raise ValidationError(
                gettext("最多选 %(most)d 个，您选了 %(count)d 个。")
                % {"most": self.most, "count": len(codes)}
            )
        return [self.candidates[code] for code in codes]
