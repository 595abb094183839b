"""What a reviewer types: points as people write them, reasons, cuts, an amount, a recommendation.

A draft may be incomplete: nothing is required here. What cannot be read is answered beside its
field, and everything else is kept. What a sheet needs before it is handed in is asked by
`selectors.sheet_gaps`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.forms.fields import TidyDecimalField, tidy_number
from ventures.models import Criterion, Recusal, Review, Rubric
from ventures.reckoning.scores import HALVES_PER_POINT, Item
from ventures.rules.rubrics import item_of
from ventures.selectors.aggregation import counts_words
from ventures.selectors.reviews import half_points_shown
from ventures.selectors.sheet_fields import stored_values, typed_values
from ventures.services.budgets import fen_of
from ventures.services.sheet_contents import CutContent, ItemContent, SheetContent

# Above every score: the reason is always due.
ALWAYS = "1000"


class PointsField(forms.Field):
    """Points against an item's own maximum: 17.5 is 35 half points; empty is not scored."""

    widget = forms.TextInput

    def __init__(self, *, max_half_points: int, step_half_points: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.max_half_points = max_half_points
        self.step_half_points = step_half_points
        self.widget.attrs.update(
            {"inputmode": "decimal", "autocomplete": "off", "maxlength": "6", "data-score": ""}
        )

    def prepare_value(self, value: Any) -> Any:
        return half_points_shown(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        typed = tidy_number(str(value or ""))
        text = typed.removesuffix("分").replace("。", ".")  # not shown: what people type
        if not text:
            return None
        most = half_points_shown(self.max_half_points)
        try:
            doubled = Decimal(text) * 2
        except ArithmeticError:
            raise ValidationError(gettext("请填 0 到 %(most)s 之间的数") % {"most": most}) from None
        if not doubled.is_finite() or not 0 <= doubled <= self.max_half_points:
            raise ValidationError(gettext("这一项是 0 到 %(most)s 分") % {"most": most})
        if doubled % self.step_half_points:
            step = half_points_shown(self.step_half_points)
            raise ValidationError(gettext("每 %(step)s 分一档") % {"step": step})
        return int(doubled)


@dataclass(frozen=True)
class BudgetLineShown:
    """A line of the frozen budget, as the sheet offers it to be cut."""

    position: int
    purpose: str
    requested_fen: int


@dataclass(frozen=True)
class Anchor:
    """A band of an item: its word, from what to what, and the points one tap gives."""

    label: str
    span: str
    points: str


@dataclass(frozen=True)
class Difference:
    """A field of which two pages say different things."""

    label: str
    here: str
    there: str


@dataclass(frozen=True)
class ItemRow:
    """A criterion on the page: the question, its two fields, when a reason is due."""

    criterion: Criterion
    score: BoundField
    why: BoundField
    most: str
    reason_below: str
    anchors: tuple[Anchor, ...]
    item: Item

    @property
    def counts(self) -> str:
        return counts_words(self.criterion)

    @property
    def factor(self) -> str:
        """What one point of it adds to the total, as the page multiplies: a fraction."""
        return factor_of(self.item)


def factor_of(item: Item) -> str:
    if item.is_outside_total:
        return "0/1"
    if item.weight_percent is None:
        return "1/1"
    return f"{item.weight_percent * HALVES_PER_POINT}/{item.max_halves}"


@dataclass(frozen=True)
class CutRow:
    """A budget line on the page, with its two fields."""

    line: BudgetLineShown
    cut: BoundField
    why: BoundField


class ReviewForm(forms.Form):
    """The 评分表 of one reviewer for one proposal."""

    comment = forms.CharField(
        label=_("评审意见"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "一句也行；总分低于及格线或不同意立项时写明理由。申报方会看到，不显示您的姓名。"
        ),
    )
    suggested = TidyDecimalField(label=_("建议资助金额（元）"), required=False)
    recommendation = forms.ChoiceField(
        label=_("立项建议"),
        required=False,
        choices=Review.Recommendation.choices,
        widget=forms.RadioSelect,
    )
    notes = forms.CharField(
        label=_("自己的笔记"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只有您自己看得到，不随评分表上交。"),
    )

    revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        criteria: Sequence[Criterion],
        rubric: Rubric,
        lines: list[BudgetLineShown],
        requested_fen: int,
        review: Review | None,
    ) -> None:
        self.rubric, self.lines, self.review = rubric, lines, review
        self.requested_fen = requested_fen
        self.criteria = criteria
        stored = stored_values(review) if review else {}
        super().__init__(data, initial=stored | {"revision": review.revision if review else 0})
        for criterion in self.criteria:
            self.fields[f"score_{criterion.pk}"] = PointsField(
                label=criterion.name,
                max_half_points=criterion.max_half_points,
                step_half_points=rubric.step_half_points,
            )
            self.fields[f"why_{criterion.pk}"] = forms.CharField(
                label=gettext("%(item)s的理由") % {"item": criterion.name},
                required=False,
                max_length=500,
            )
        for line in lines:
            self.fields[f"cut_{line.position}"] = TidyDecimalField(
                label=gettext("第 %(number)d 行核减（元）") % {"number": line.position},
                required=False,
                max_value=Decimal(line.requested_fen) / 100,
            )
            self.fields[f"cut_why_{line.position}"] = forms.CharField(
                label=gettext("第 %(number)d 行核减理由") % {"number": line.position},
                required=False,
                max_length=200,
            )

    @property
    def revision_read(self) -> int | None:
        """The save the page was opened after; none: a page that does not say."""
        read: int | None = self.cleaned_data.get("revision")
        return read

    def take_revision(self, revision: int) -> None:
        """Let the page stand on the latest save, with the words typed on the older one."""
        self.data = {name: self.data.get(name) for name in self.data} | {"revision": str(revision)}

    def differences(self) -> list[Difference]:
        """What was typed here beside what was saved elsewhere, field by field."""
        assert self.review is not None, "only a sheet that was opened can be overtaken"
        stored = typed_values(self.review)
        found = []
        for name, field in self.fields.items():
            here, there = self.data.get(name, ""), stored.get(name, "")
            if name != "revision" and _tidy(here) != _tidy(there):
                choices = dict(getattr(field, "choices", ()))
                found.append(
                    Difference(
                        str(field.label),
                        str(choices.get(here, here)),
                        str(choices.get(there, there)),
                    )
                )
        return found

    def clean_suggested(self) -> int | None:
        value = self.cleaned_data["suggested"]
        if value is None:
            return None
        fen = fen_of(value)
        if fen > self.requested_fen:
            raise ValidationError(
                gettext("不能超过申请的 %(most)s") % {"most": yuan(self.requested_fen)}
            )
        return fen

    def content(self) -> SheetContent:
        """What can be read, as the service takes it; an unreadable field keeps what was stored."""
        stored = self.initial
        clean = {name: self.cleaned_data.get(name, stored.get(name)) for name in self.fields}
        before = self.review.suggested_fen if self.review else None
        suggested = self.cleaned_data.get("suggested", before)
        return SheetContent(
            items=tuple(
                ItemContent(c.pk, clean[f"score_{c.pk}"], (clean[f"why_{c.pk}"] or "").strip())
                for c in self.criteria
            ),
            cuts=tuple(self._cuts(clean)),
            comment=_one_break(clean["comment"]),
            notes=_one_break(clean["notes"]),
            suggested_fen=suggested,
            recommendation=clean["recommendation"] or "",
        )

    def item_rows(self) -> list[ItemRow]:
        return [
            ItemRow(
                criterion=c,
                score=self[f"score_{c.pk}"],
                why=self[f"why_{c.pk}"],
                most=half_points_shown(c.max_half_points),
                reason_below=_points_plain(self.rubric.comment_below_percent * c.max_half_points)
                if not c.needs_words
                else ALWAYS,
                anchors=tuple(_anchors(c)),
                item=item_of(c),
            )
            for c in self.criteria
        ]

    def cut_rows(self) -> list[CutRow]:
        return [
            CutRow(line, self[f"cut_{line.position}"], self[f"cut_why_{line.position}"])
            for line in self.lines
        ]

    def _cuts(self, clean: Mapping[str, Any]) -> Iterator[CutContent]:
        for line in self.lines:
            cut = clean[f"cut_{line.position}"]
            if cut:
                yield CutContent(
                    line_number=line.position,
                    line_name=line.purpose,
                    cut_fen=fen_of(cut),
                    reason=(clean[f"cut_why_{line.position}"] or "").strip(),
                )


class RecusalForm(forms.Form):
    """Why a reviewer steps aside."""

    ground = forms.ChoiceField(
        label=_("回避事由"), choices=Recusal.Ground.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=200,
        help_text=_("选择“其他”时请写明。经办人看得到，申报方看不到。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_other = cleaned.get("ground") == Recusal.Ground.OTHER
        if is_other and not cleaned.get("words", "").strip():
            self.add_error("words", gettext("请写明是什么关系"))
        return cleaned


class ReasonForm(forms.Form):
    """A reason another person will have to understand."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


def _one_break(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _tidy(typed: str) -> str:
    return typed.replace("\r\n", "\n").strip()


def _points_plain(percent_half_points: int) -> str:
    """Percent times half points, as points: 60 × 40 is 12."""
    value = Decimal(percent_half_points) / 200
    return f"{value.normalize():f}"


def _anchors(criterion: Criterion) -> Iterator[Anchor]:
    for band in criterion.bands:
        yield Anchor(band["label"], _span(band), half_points_shown(band["from"]))


def _span(band: Mapping[str, Any]) -> str:
    """From and to in points; one number where they are the same."""
    least, most = half_points_shown(band["from"]), half_points_shown(band["to"])
    return least if least == most else f"{least}–{most}"
