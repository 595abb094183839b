"""What an officer types to prepare a round. Tiers and fund sources have forms of their own."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.forms.fields import SaidChoice, SaidChoices
from accounts.models import Organisation, Region, Role, User
from accounts.rules import regions_of
from accounts.templatetags.kit import yuan
from accounts.working_days import is_working_day
from ventures.forms.fields import SOUND_INSTANTS, TidyDecimalField
from ventures.models import Programme, ProjectKind, Round, Rubric
from ventures.rules.plain_figures import plain_yuan
from ventures.selectors.level_budgets import free_in
from ventures.services.budgets import fen_of

OFFICE_CLOSES = time(17, 30)
RESERVED_CODES = {"new", "desk", "open", "programmes", "purchases", "rules", "bars", "standing"}
MOST_SPONSORS = 8
# A notice is coded after its round (`…-gs1`) in a column of 40.
LONGEST_CODE = 32
LEVELS = {
    Region.Level.COUNTY: Round.Level.CITY,
    Region.Level.TOWN: Round.Level.TOWN,
    Region.Level.COMMUNITY: Round.Level.COMMUNITY,
}


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
    )


def usual_close(weeks: int = 4) -> datetime:
    """The default of practice: 17:30 of a working day some weeks from now."""
    day = timezone.localdate() + timedelta(weeks=weeks)
    while not is_working_day(day):
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, OFFICE_CLOSES))


class RoundForm(forms.ModelForm):  # type: ignore[type-arg]
    """The conditions of a call. Read only for its cleaned values; services write them."""

    fund = TidyDecimalField(label=_("资金总额（元）"), min_value=Decimal("0.01"), required=False)
    cap = TidyDecimalField(
        label=_("单个项目申请上限（元）"), min_value=Decimal("0.01"), required=False
    )
    sponsors = forms.CharField(
        label=_("主办单位"),
        max_length=600,
        help_text=_("几家主办就写几行，一行一家。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    code = forms.SlugField(
        label=_("网址代号"),
        max_length=LONGEST_CODE,
        help_text=_("用在网址里，如 qc2027-city。"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("项目类型"), choices=ProjectKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Round
        fields = (
            "programme",
            "purpose",
            "honour",
            "year",
            "name",
            "code",
            "number_prefix",
            "region",
            "document_number",
            "operator",
            "about",
            "eligibility",
            "not_funded",
            "tracks",
            "kinds",
            "opens_at",
            "closes_at",
            "signature_due_on",
            "timetable",
            "coaching",
            "rubric",
            "contact_name",
            "contact_phone",
            "supervision_phone",
            "address",
        )
        field_classes = {"tracks": SaidChoices, "rubric": SaidChoice}
        widgets = {
            "opens_at": moment_input(),
            "closes_at": moment_input(),
            "signature_due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "tracks": forms.CheckboxSelectMultiple(),
            "about": forms.Textarea(attrs={"rows": 4}),
            "eligibility": forms.Textarea(attrs={"rows": 3}),
            "not_funded": forms.Textarea(attrs={"rows": 3}),
            "timetable": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "number_prefix": _("申报编号以它开头，如 QC2027-S-0001。"),
            "closes_at": _("精确到秒，按北京时间。一般是工作日 17:30。"),
            "purpose": _("政府购买服务有自己的法定平台，请到“政府购买服务”里登记链接。"),
            "honour": _("评选授牌才填，如“七彩社区示范项目”。"),
            "year": _("资金算在哪一年的年度预算里，也按它数一个组织报了几个项目。"),
            "operator": _("只能接收、形式审查和安排日程，不能决定立项。"),
            "signature_due_on": _("网上提交算数，纸质签章页扫描件可以在这一天前补交。"),
        }

    # Of a round of ideas with prizes of several sizes: what one project may get at most.
    largest_prize_fen = 0

    def __init__(self, *args: Any, acting_user: User, **options: Any) -> None:
        instance: Round | None = options.get("instance")
        if instance is not None:
            initial = options.setdefault("initial", {})
            if instance.has_money:
                initial.setdefault("fund", plain_yuan(instance.fund_fen))
                initial.setdefault("cap", plain_yuan(instance.cap_fen))
            initial.setdefault("sponsors", "\n".join(instance.sponsor_names))
        super().__init__(*args, **options)
        own = regions_of(acting_user, Role.Kind.OFFICER)
        regions = Region.objects.filter(pk__in=own)
        model_choice_of(self, "region").queryset = regions
        model_choice_of(self, "region").empty_label = None
        model_choice_of(self, "operator").queryset = Organisation.objects.filter(is_operator=True)
        programmes = Programme.objects.filter(
            region__in=[pk for region in regions for pk in region.lineage]
        )
        model_choice_of(self, "programme").queryset = programmes
        model_choice_of(self, "programme").empty_label = None
        if not programmes.exists():
            self.fields["programme"].error_messages["required"] = _(
                "还没有创投品牌，请先到“创投工作台”的“创投品牌”里建一个。"
            )
        used = Q(rounds=instance) if instance is not None and instance.pk else Q(pk__in=[])
        model_choice_of(self, "rubric").queryset = Rubric.objects.filter(
            Q(is_preset=True) | used
        ).distinct()
        self.fields["rubric"].required = True
        model_choice_of(self, "rubric").empty_label = _("请选择")
        model_choice_of(self, "operator").empty_label = _("没有承办单位")
        self.fields["eligibility"].required = True
        self.fields["fund"].help_text = _free_in_words(regions, instance)
        for name in ("opens_at", "closes_at"):
            self.fields[name].validators += SOUND_INSTANTS

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if code in RESERVED_CODES:
            raise forms.ValidationError(_("这个代号有别的用处，请换一个。"))
        return code

    def clean_sponsors(self) -> list[str]:
        text: str = self.cleaned_data["sponsors"]
        names = [name.strip() for line in text.splitlines() for name in line.split("、")]
        names = [name for name in names if name]
        if not names:
            raise forms.ValidationError(_("请写明主办单位。"))
        if len(names) > MOST_SPONSORS or any(len(name) > 80 for name in names):
            raise forms.ValidationError(_("最多 8 家主办单位，每家不超过 80 个字。"))
        return names

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        opens_at, closes_at = values.get("opens_at"), values.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("截止时间要晚于开始时间。"))
        self._clean_money(values)
        fund, cap = values.get("fund"), values.get("cap")
        if fund is not None and cap is not None and cap > fund:
            self.add_error("cap", _("单个项目上限不能超过资金总额。"))
        region = values.get("region")
        if region is not None and region.level not in LEVELS:
            self.add_error("region", _("创投分市级、镇（街道）级和村（社区）级三级。"))
        return values

    def _clean_money(self, values: dict[str, Any]) -> None:
        """A designation has no money; everything else says how much there is."""
        if values.get("purpose") == Round.Purpose.DESIGNATION:
            values["fund"] = values["cap"] = None
            if not values.get("honour"):
                self.add_error("honour", _("评选授牌要写明授予的名称。"))
            return
        values["honour"] = ""
        if values.get("purpose") == Round.Purpose.PRIZE and self.largest_prize_fen:
            values["cap"] = Decimal(self.largest_prize_fen) / 100
            self.errors.pop("cap", None)
        for name, sentence in (
            ("fund", _("请写明资金总额。")),
            ("cap", _("请写明单个项目最多申请多少。")),
        ):
            if values.get(name) is None and name not in self.errors:
                self.add_error(name, sentence)

    def validate_constraints(self) -> None:
        """Sums are cleaned as yuan here: what the database holds of fen is checked in `clean`."""

    def values(self) -> dict[str, Any]:
        """What the service writes: fen for yuan, the level that follows from the region."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("fund", "cap", "sponsors")
        }
        fund, cap = self.cleaned_data["fund"], self.cleaned_data["cap"]
        return values | {
            "sponsor_names": self.cleaned_data["sponsors"],
            "fund_fen": 0 if fund is None else fen_of(fund),
            "cap_fen": 0 if cap is None else fen_of(cap),
            "level": LEVELS[self.cleaned_data["region"].level],
        }


class ExtendForm(forms.Form):
    closes_at = forms.DateTimeField(
        label=_("新的截止时间"), widget=moment_input(), validators=SOUND_INSTANTS
    )
    reason = forms.CharField(
        label=_("延长原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


def _free_in_words(regions: Iterable[Region], round: Round | None) -> str:
    """What the year's budget still bears: nobody should write a whole call to learn it."""
    saved = round if round is not None and round.pk else None
    since = saved.year if saved is not None else timezone.localdate().year
    return " ".join(
        gettext("%(region)s %(year)d 年度预算还可安排 %(free)s。")
        % {
            "region": row.budget.region.short_name,
            "year": row.budget.year,
            "free": yuan(row.free_fen),
        }
        for row in free_in(regions, since=since, besides=saved)
    )


class ReturnRoundForm(forms.Form):
    reason = forms.CharField(
        label=_("要改什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
