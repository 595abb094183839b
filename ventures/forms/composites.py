"""What an officer states before the call: what counts besides the sheets, and how."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import SOUND_INSTANTS, TidyDecimalField, TidyIntegerField
from ventures.models import BonusKind, CompositeTerms, Round, Rubric
from ventures.rules.plain_figures import plain_yuan
from ventures.selectors.composites import composite_terms_of
from ventures.selectors.reviews import half_points_shown
from ventures.services.budgets import fen_of
from ventures.services.composites import COLUMNS

ROWS = 6
# As many kinds of bonus as a call can tell apart.
KINDS = 3
PARTS = ("paper", "defence", "vote", "pledge")
# What halls usually score, with its points of a hundred; a starting point, not a rule.
USUAL = ((_("陈述清楚"), 30), (_("回答提问"), 30), (_("办得成"), 20), (_("团队可靠"), 20))


class CompositeForm(forms.Form):
    """Shares that make a hundred; and for each part that is on, what it needs."""

    paper_percent = TidyIntegerField(label=_("书面评审占（%）"), min_value=0, max_value=100)
    defence_percent = TidyIntegerField(label=_("路演答辩占（%）"), min_value=0, max_value=100)
    vote_percent = TidyIntegerField(label=_("公众投票占（%）"), min_value=0, max_value=100)
    pledge_percent = TidyIntegerField(label=_("配资承诺占（%）"), min_value=0, max_value=100)
    least_judges = TidyIntegerField(
        label=_("每个项目至少几名评委打分"),
        min_value=1,
        max_value=25,
        help_text=_("有评委要离席、余下不到这个数的，排不了场次。"),
    )
    shortlist = TidyIntegerField(
        label=_("书面评审前几名入围答辩"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("不填就全部答辩。"),
    )
    aggregate = forms.ChoiceField(label=_("几位评委的分怎么合成"), choices=Rubric.Aggregate.choices)
    drop_from = TidyIntegerField(
        label=_("几名评委起去掉最高最低"), min_value=3, max_value=25, help_text=_("一般是 5 名。")
    )
    choices = TidyIntegerField(label=_("每人最多选几个项目"), min_value=1, max_value=20)
    vote_rule = forms.ChoiceField(
        label=_("得票怎么折成分"),
        choices=CompositeTerms.VoteRule.choices,
        widget=forms.RadioSelect,
    )
    pledge_rule = forms.ChoiceField(
        label=_("承诺金额怎么折成分"),
        choices=CompositeTerms.PledgeRule.choices,
        widget=forms.RadioSelect,
    )
    pledge_bonus = TidyIntegerField(
        label=_("配资承诺最多加几分"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("占比填 0、在这里填分数，就不占比例，另外加分。不加分就留空。"),
    )
    pledge_full = TidyDecimalField(label=_("承诺到多少元得满分"), required=False)
    pledges_until = forms.DateTimeField(
        label=_("承诺书交到什么时候"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=SOUND_INSTANTS,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, round: Round) -> None:
        self.round = round
        terms = composite_terms_of(round)
        super().__init__(data, initial=_initial(terms))
        rows = _criteria(terms)
        for place in range(1, ROWS + 1):
            name, points = rows[place - 1] if place <= len(rows) else ("", None)
            self.fields[f"item_{place}"] = forms.CharField(
                label=gettext("答辩指标 %(place)d") % {"place": place},
                required=False,
                max_length=30,
                initial=name,
            )
            self.fields[f"points_{place}"] = TidyDecimalField(
                label=gettext("满分 %(place)d") % {"place": place},
                required=False,
                max_value=Decimal(100),
                decimal_places=1,
                initial=points,
            )
        self._add_kinds(list(round.bonus_kinds.order_by("position")))

    def _add_kinds(self, kinds: Sequence[BonusKind]) -> None:
        for place in range(1, KINDS + 1):
            kind = kinds[place - 1] if place <= len(kinds) else None
            self.fields[f"bonus_{place}"] = forms.CharField(
                label=gettext("加分项 %(place)d") % {"place": place},
                required=False,
                max_length=30,
                initial=kind.name if kind else "",
            )
            for end, label in (("least", gettext("最少加几分")), ("most", gettext("最多加几分"))):
                self.fields[f"bonus_{place}_{end}"] = TidyIntegerField(
                    label=label,
                    required=False,
                    min_value=1,
                    max_value=100,
                    initial=getattr(kind, f"{end}_points") if kind else None,
                )

    @property
    def kind_rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        return [
            (self[f"bonus_{n}"], self[f"bonus_{n}_least"], self[f"bonus_{n}_most"])
            for n in range(1, KINDS + 1)
        ]

    @property
    def item_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"item_{n}"], self[f"points_{n}"]) for n in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shares = [cleaned.get(f"{part}_percent") for part in PARTS]
        if None not in shares and sum(share or 0 for share in shares) != 100:
            told = sum(share or 0 for share in shares)
            self.add_error(
                "paper_percent",
                gettext("几部分加起来要等于 100%%，现在是 %(sum)d%%。") % {"sum": told},
            )
        if cleaned.get("defence_percent"):
            self._clean_items(cleaned)
        if cleaned.get("pledge_percent") and cleaned.get("pledge_bonus"):
            self.add_error("pledge_bonus", gettext("已经占了一份，不能再另外加分，留一处就好。"))
        if cleaned.get("pledge_percent") or cleaned.get("pledge_bonus"):
            self._clean_pledges(cleaned)
        self._clean_kinds(cleaned)
        return cleaned

    def _clean_kinds(self, cleaned: dict[str, Any]) -> None:
        names: set[str] = set()
        for place in range(1, KINDS + 1):
            name = cleaned.get(f"bonus_{place}")
            ends = [cleaned.get(f"bonus_{place}_{end}") for end in ("least", "most")]
            if not name and any(end is not None for end in ends):
                self.add_error(f"bonus_{place}", gettext("请填加分项的名称"))
            elif name and name in names:
                self.add_error(f"bonus_{place}", gettext("这个加分项已经有了"))
            elif name and None in ends:
                self.add_error(f"bonus_{place}_least", gettext("请填最少和最多加几分"))
            elif name and (ends[0] or 0) > (ends[1] or 0):
                self.add_error(f"bonus_{place}_most", gettext("不能比最少的还少"))
            names.add(name or "")

    def kinds(self) -> list[tuple[str, int, int]]:
        """Name, least and most points of what may be given above the hundred."""
        clean = self.cleaned_data
        return [
            (clean[f"bonus_{n}"], clean[f"bonus_{n}_least"], clean[f"bonus_{n}_most"])
            for n in range(1, KINDS + 1)
            if clean.get(f"bonus_{n}")
        ]

    def _clean_items(self, cleaned: dict[str, Any]) -> None:
        for place in range(1, ROWS + 1):
            name, points = cleaned.get(f"item_{place}"), cleaned.get(f"points_{place}")
            if name and points is not None and (points * 2) % 1:
                self.add_error(f"points_{place}", gettext("满分按半分填，如 30 或 17.5"))
            elif name and not points:
                self.add_error(f"points_{place}", gettext("请填这一项的满分"))
            elif points and not name:
                self.add_error(f"item_{place}", gettext("请填指标名称"))
        if not self.errors and sum(full for _name, full in self.criteria()) != 200:
            raise ValidationError(gettext("答辩指标的满分加起来要等于 100。"))

    def _clean_pledges(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("pledge_full") and "pledge_full" not in self.errors:
            self.add_error("pledge_full", gettext("请填承诺到多少得满分"))
        until = cleaned.get("pledges_until")
        if until is None and "pledges_until" not in self.errors:
            self.add_error("pledges_until", gettext("请填承诺书交到什么时候"))
        elif until is not None and until <= self.round.closes_at:
            self.add_error("pledges_until", gettext("要在申报截止以后"))

    def criteria(self) -> list[tuple[str, int]]:
        """Name and full mark in half points of what is scored in the hall."""
        rows = [
            (self.cleaned_data.get(f"item_{n}"), self.cleaned_data.get(f"points_{n}"))
            for n in range(1, ROWS + 1)
        ]
        return [(name.strip(), int(points * 2)) for name, points in rows if name and points]

    def values(self) -> dict[str, Any]:
        clean = self.cleaned_data
        bonus = clean.get("pledge_bonus") or 0
        is_on = bool(clean["pledge_percent"] or bonus)
        full = clean.get("pledge_full")
        return {name: clean.get(name) for name in COLUMNS} | {
            "pledge_bonus": bonus,
            "pledge_full_fen": fen_of(full) if is_on and full else None,
            "pledges_until": clean.get("pledges_until") if is_on else None,
        }


def _initial(terms: CompositeTerms | None) -> dict[str, Any]:
    if terms is None:
        return {
            "paper_percent": 100, "defence_percent": 0, "vote_percent": 0, "pledge_percent": 0,
            "least_judges": 3, "choices": 1, "drop_from": 5,
            "aggregate": Rubric.Aggregate.TRIMMED_MEAN,
            "vote_rule": CompositeTerms.VoteRule.TOP,
            "pledge_rule": CompositeTerms.PledgeRule.CAPPED,
        }  # fmt: skip
    rubric = terms.defence_rubric
    return {name: getattr(terms, name) for name in COLUMNS} | {
        "pledge_bonus": terms.pledge_bonus or None,
        "pledge_full": plain_yuan(terms.pledge_full_fen) if terms.pledge_full_fen else None,
        "aggregate": rubric.aggregate if rubric else Rubric.Aggregate.TRIMMED_MEAN,
        "drop_from": rubric.drop_from if rubric else 5,
    }


def _criteria(terms: CompositeTerms | None) -> list[tuple[Any, Any]]:
    if terms is None or terms.defence_rubric is None:
        return list(USUAL)
    criteria = terms.defence_rubric.criteria.all()
    return [(one.name, half_points_shown(one.max_half_points)) for one in criteria]
