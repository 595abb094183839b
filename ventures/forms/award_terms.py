"""What an officer states before the call: how scores and the list are made, how it is shown."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import TidyDecimalField
from ventures.forms.scoring_terms import ScoringTermsForm
from ventures.models import AwardLimit, AwardTerms, ProjectKind, Round, Rubric
from ventures.rules.plain_figures import plain_yuan
from ventures.services.award_terms import Scoring
from ventures.services.budgets import fen_of

Over = AwardLimit.Over
RESERVES, CEILINGS = 3, 2


class AwardTermsForm(ScoringTermsForm):
    """One page: scoring, list, notice. All of it may stay as it is."""

    aggregate = forms.ChoiceField(label=_("几位评委的分怎么合成"), choices=Rubric.Aggregate.choices)
    drop_from = forms.IntegerField(
        label=_("几份评分表起去掉最高最低"), min_value=3, max_value=25, help_text=_("一般是 5 份。")
    )
    needs_comment = forms.BooleanField(
        label=_("每份评分表都要写评审意见"),
        required=False,
        help_text=_("不选时，低于及格线或不同意的仍然要写。"),
    )
    is_walked = forms.BooleanField(
        label=_("按规则排出建议名单"),
        required=False,
        help_text=_("系统按得分和资金排出名单，供会议用；会议仍然作决定。不选就由会议按名次定。"),
    )
    misfit = forms.ChoiceField(label=_("余额不够安排某个项目时"), choices=AwardTerms.Misfit.choices)
    partial_percent = forms.IntegerField(
        label=_("可以部分资助：至少为申请额的（%）"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("不填就不部分资助。"),
    )
    threshold = TidyDecimalField(
        label=_("入围线（分）"),
        required=False,
        min_value=Decimal(0),
        help_text=_("不填就用评分标准的及格线。"),
    )
    tie_order = forms.ChoiceField(label=_("同分时"), choices=AwardTerms.TieOrder.choices)
    releases_reserves = forms.BooleanField(label=_("专项份额用不完时放开"), required=False)
    meeting_vote = forms.ChoiceField(
        label=_("会议的到会人数和表决"),
        choices=AwardTerms.MeetingVote.choices,
        initial=AwardTerms.MeetingVote.FREE,
        widget=forms.RadioSelect,
        help_text=_("小地方开个会就能定的，不用改。"),
    )
    team_projects = forms.IntegerField(
        label=_("每个组织最多几个项目"),
        help_text=_("申报的和执行的组织都算；代管单位不算。"),
        required=False,
        min_value=1,
        max_value=99,
    )
    team_yuan = TidyDecimalField(label=_("每个组织最多（元）"), required=False)
    town_projects = forms.IntegerField(
        label=_("每个镇（街道）最多几个项目"), required=False, min_value=1, max_value=99
    )
    town_yuan = TidyDecimalField(label=_("每个镇（街道）最多（元）"), required=False)
    notice_days = forms.IntegerField(
        label=_("公示几天"),
        min_value=1,
        max_value=60,
        help_text=_("常用 5 个工作日、7 天、15 天。"),
    )
    notice_counting = forms.ChoiceField(label=_("公示天数按"), choices=AwardTerms.Counting.choices)
    publishes_scores = forms.BooleanField(label=_("公布得分"), required=False)
    names_experts = forms.BooleanField(label=_("公示评委姓名"), required=False)
    publishes_reasons = forms.BooleanField(label=_("公布理由"), required=False)
    publishes_counterfactuals = forms.BooleanField(
        label=_("公布没列入的项目差多少"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, round: Round) -> None:
        terms = AwardTerms.objects.filter(round=round).prefetch_related("limits").first()
        super().__init__(data, round=round, initial=_initial(round, terms))
        groups = [("", "—"), *_groups(round)]
        for place in range(1, RESERVES + 1):
            self.fields[f"reserve_group_{place}"] = forms.ChoiceField(
                label=gettext("留给哪一组（%(place)d）") % {"place": place},
                choices=groups,
                required=False,
            )
            self.fields[f"reserve_percent_{place}"] = forms.IntegerField(
                label=gettext("留出资金总额的（%%）（%(place)d）") % {"place": place},
                required=False,
                min_value=1,
                max_value=100,
            )
        for place in range(1, CEILINGS + 1):
            self.fields[f"ceiling_group_{place}"] = forms.ChoiceField(
                label=gettext("限制哪一组（%(place)d）") % {"place": place},
                choices=groups,
                required=False,
            )
            self.fields[f"ceiling_yuan_{place}"] = TidyDecimalField(
                label=gettext("这一组最多（元）（%(place)d）") % {"place": place}, required=False
            )

    def reserve_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self._pairs("reserve_group", "reserve_percent", RESERVES)

    def ceiling_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self._pairs("ceiling_group", "ceiling_yuan", CEILINGS)

    def _pairs(
        self, one: str, other: str, count: int
    ) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"{one}_{n}"], self[f"{other}_{n}"]) for n in range(1, count + 1)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._clean_reserves(values)
        threshold = values.get("threshold")
        if threshold is not None and (threshold > 100 or (threshold * 2) % 1):
            self.add_error("threshold", _("入围线在 0 到 100 之间，按半分计。"))
        return values

    def _clean_reserves(self, values: dict[str, Any]) -> None:
        kinds, total, said = set(), 0, set()
        for place in range(1, RESERVES + 1):
            group, percent = (
                values.get(f"reserve_group_{place}"),
                values.get(f"reserve_percent_{place}"),
            )
            if bool(group) != bool(percent):
                self.add_error(f"reserve_percent_{place}", _("组和百分比要一起填。"))
            if not group or not percent:
                continue
            if group in said:
                self.add_error(f"reserve_group_{place}", _("这一组已经填过了。"))
            said.add(group)
            kinds.add(group.partition(":")[0])
            total += percent
        if len(kinds) > 1:
            self.add_error("reserve_group_1", _("专项份额只能按同一种分法来分，例如都按项目类型。"))
        if total > 100:
            self.add_error("reserve_percent_1", _("几个专项份额合计不能超过 100%。"))
        if values.get("misfit") == AwardTerms.Misfit.STOP:
            values["releases_reserves"] = False

    # What the service writes -----------------------------------------------------------

    def scoring(self) -> Scoring:
        values = self.cleaned_data
        return Scoring(
            aggregate=values["aggregate"],
            drop_from=values["drop_from"],
            needs_comment=values["needs_comment"],
            **self.by_criterion(),
        )

    def terms(self) -> dict[str, Any]:
        values = self.cleaned_data
        threshold = values["threshold"]
        names = (
            "is_walked",
            "misfit",
            "partial_percent",
            "tie_order",
            "releases_reserves",
            "meeting_vote",
            "notice_counting",
            "names_experts",
            "publishes_reasons",
            "publishes_counterfactuals",
        )
        return {name: values[name] for name in names} | {
            "threshold_half_points": None if threshold is None else int(threshold * 2)
        }

    def limits(self) -> list[dict[str, Any]]:
        values = self.cleaned_data
        found: list[dict[str, Any]] = []
        for place in range(1, RESERVES + 1):
            if values[f"reserve_group_{place}"]:
                over, _colon, value = values[f"reserve_group_{place}"].partition(":")
                percent = values[f"reserve_percent_{place}"]
                found.append({"kind": "reserve", "over": over, "value": value, "percent": percent})
        for over in (Over.TEAM, Over.TOWN):
            yuan, projects = values[f"{over}_yuan"], values[f"{over}_projects"]
            if yuan or projects:
                found.append(
                    {
                        "kind": "ceiling",
                        "over": over,
                        "value": "",
                        "fen": fen_of(yuan) if yuan else None,
                        "projects": projects,
                    }
                )
        for place in range(1, CEILINGS + 1):
            group, yuan = values[f"ceiling_group_{place}"], values[f"ceiling_yuan_{place}"]
            if group and yuan:
                over, _colon, value = group.partition(":")
                found.append({"kind": "ceiling", "over": over, "value": value, "fen": fen_of(yuan)})
        return found


def _groups(round: Round) -> list[tuple[str, str]]:
    kinds = [(f"{Over.KIND}:{k}", str(ProjectKind(k).label)) for k in round.kinds]
    tracks = [(f"{Over.TRACK}:{one.code}", one.name) for one in round.tracks.all()]
    tiers = [(f"{Over.TIER}:{one.name}", one.name) for one in round.tiers.all()]
    return kinds + tracks + tiers


def _initial(round: Round, terms: AwardTerms | None) -> dict[str, Any]:
    rubric = round.rubric
    usual = terms or AwardTerms(round=round)
    initial: dict[str, Any] = {
        "aggregate": rubric.aggregate if rubric else Rubric.Aggregate.TRIMMED_MEAN,
        "drop_from": rubric.drop_from if rubric else 5,
        "needs_comment": rubric.needs_comment if rubric else True,
        "threshold": None
        if usual.threshold_half_points is None
        else Decimal(usual.threshold_half_points) / 2,
        "notice_days": round.notice_working_days,
        "publishes_scores": round.publishes_scores,
    }
    for name in (
        "is_walked",
        "misfit",
        "partial_percent",
        "tie_order",
        "releases_reserves",
        "meeting_vote",
        "notice_counting",
        "names_experts",
        "publishes_reasons",
        "publishes_counterfactuals",
    ):
        initial[name] = getattr(usual, name)
    if terms is not None:
        initial |= _initial_limits(terms)
    return initial


def _initial_limits(terms: AwardTerms) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    reserves = ceilings = 0
    for limit in terms.limits.all():
        if limit.kind == AwardLimit.Kind.RESERVE:
            reserves += 1
            initial[f"reserve_group_{reserves}"] = f"{limit.over}:{limit.value}"
            initial[f"reserve_percent_{reserves}"] = limit.percent
        elif not limit.value:
            initial[f"{limit.over}_projects"] = limit.projects
            initial[f"{limit.over}_yuan"] = plain_yuan(limit.fen) if limit.fen else None
        else:
            ceilings += 1
            initial[f"ceiling_group_{ceilings}"] = f"{limit.over}:{limit.value}"
            initial[f"ceiling_yuan_{ceilings}"] = plain_yuan(limit.fen) if limit.fen else None
    return initial


class OverrideForm(forms.Form):
    """Treat one proposal otherwise than the list says."""

    outcome = forms.ChoiceField(
        label=_("改为"),
        choices=[("award", _("列入")), ("reserve", _("候补")), ("decline", _("不列入"))],
        widget=forms.RadioSelect,
    )
    amount = TidyDecimalField(label=_("资助金额（元）"), required=False, help_text=_("列入时填。"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会和名单一起存档，申报方会看到。"),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("outcome") == "award" and not values.get("amount"):
            self.add_error("amount", _("列入要写资助金额。"))
        return values

    @property
    def amount_fen(self) -> int:
        amount = self.cleaned_data["amount"]
        return fen_of(amount) if amount else 0
