"""What an officer states of each criterion before the call: weight, whether it counts, whether its
reason is always written, and of which groups alone it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ventures.models import Criterion, Round, Track
from ventures.models.rubrics import FULL_HALF_POINTS
from ventures.reckoning.scores import Item, full_marks


@dataclass(frozen=True)
class CriterionRow:
    """A criterion on the page with its four fields."""

    criterion: Criterion
    weight: forms.BoundField
    outside: forms.BoundField
    words: forms.BoundField
    tracks: forms.BoundField


class ScoringTermsForm(forms.Form):
    """The part of the rules that belongs to the rubric's criteria."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, round: Round, initial: Mapping[str, Any]
    ) -> None:
        self.round = round
        self.criteria: list[Criterion] = (
            list(round.rubric.criteria.all()) if round.rubric is not None else []
        )
        self.tracks: list[Track] = list(round.tracks.all())
        stored = {name: value for one in self.criteria for name, value in _stored(one).items()}
        super().__init__(data, initial={**initial, **stored})
        for criterion in self.criteria:
            self._add_fields(criterion)

    def criterion_rows(self) -> list[CriterionRow]:
        return [
            CriterionRow(
                one,
                self[f"weight_{one.position}"],
                self[f"outside_{one.position}"],
                self[f"words_{one.position}"],
                self[f"tracks_{one.position}"],
            )
            for one in self.criteria
        ]

    @property
    def has_scoring(self) -> bool:
        """Whether anything departs from adding up all items."""
        return bool(self.errors) or any(
            one.weight_percent or one.is_outside_total or one.needs_words or one.only_tracks
            for one in self.criteria
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for one in self.criteria:
            place = one.position
            if values.get(f"outside_{place}") and values.get(f"weight_{place}") is not None:
                self.add_error(f"weight_{place}", _("不计入总分的指标不填权重。"))
        groups: list[tuple[str | None, str]] = [(one.code, one.name) for one in self.tracks]
        for code, name in groups or [(None, "")]:
            if self.criteria and not self._clean_group(values, code, name):
                break
        return values

    def _clean_group(self, values: dict[str, Any], code: str | None, name: str) -> bool:
        """Whether what this group is scored on adds up; the first group that does not is told."""
        items = [
            Item(
                one.max_half_points,
                values.get(f"weight_{one.position}"),
                bool(values.get(f"outside_{one.position}"))
                or (
                    bool(values.get(f"tracks_{one.position}"))
                    and code not in values[f"tracks_{one.position}"]
                ),
            )
            for one in self.criteria
        ]
        counted = [item for item in items if not item.is_outside_total]
        weighted = [item for item in counted if item.weight_percent is not None]
        limited = any(values.get(f"tracks_{one.position}") for one in self.criteria)
        if weighted and len(weighted) < len(counted):
            self.add_error(None, _("要么每项计入总分的指标都填权重，要么都不填。"))
            return False
        if full_marks(items) != FULL_HALF_POINTS:
            sentence = _("计入总分的指标合计要正好 100 分：不填权重看满分合计，填了看权重合计。")
            if limited and name:
                which = gettext("“%(track)s”这一组") % {"track": name}
                self.add_error(None, f"{which}{gettext('：')}{sentence}")
            else:
                self.add_error(None, sentence)
            return False
        return True

    # What the service writes -----------------------------------------------------------

    def by_criterion(self) -> dict[str, Any]:
        """Weights, what stands outside, where words are due, groups; by the criterion's place."""
        values = self.cleaned_data
        places = [one.position for one in self.criteria]
        return {
            "weights": {
                place: values[f"weight_{place}"]
                for place in places
                if values[f"weight_{place}"] is not None
            },
            "outside": frozenset(place for place in places if values[f"outside_{place}"]),
            "worded": frozenset(place for place in places if values[f"words_{place}"]),
            "tracks": {place: values[f"tracks_{place}"] for place in places},
        }

    def _add_fields(self, criterion: Criterion) -> None:
        place, name = criterion.position, {"name": criterion.name}
        self.fields[f"weight_{place}"] = forms.IntegerField(
            label=gettext("%(name)s的权重（%%）") % name,
            required=False,
            min_value=1,
            max_value=100,
        )
        self.fields[f"outside_{place}"] = forms.BooleanField(
            label=gettext("%(name)s不计入总分") % name, required=False
        )
        self.fields[f"words_{place}"] = forms.BooleanField(
            label=gettext("%(name)s必须写理由") % name, required=False
        )
        self.fields[f"tracks_{place}"] = forms.MultipleChoiceField(
            label=gettext("%(name)s只问哪些人群（不选就都问）") % name,
            required=False,
            choices=_choices(self.tracks),
            widget=forms.CheckboxSelectMultiple,
        )


def _choices(tracks: Sequence[Track]) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in tracks]


def _stored(criterion: Criterion) -> dict[str, Any]:
    place = criterion.position
    return {
        f"weight_{place}": criterion.weight_percent,
        f"outside_{place}": criterion.is_outside_total,
        f"words_{place}": criterion.needs_words,
        f"tracks_{place}": criterion.only_tracks,
    }
