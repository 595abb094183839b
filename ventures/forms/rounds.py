"""What an officer types to open a round: its conditions and its tiers."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import SaidChoice, SaidChoices
from accounts.models import Organisation, Region, Role, User
from accounts.rules import regions_of
from accounts.working_days import is_working_day
from ventures.forms.fields import SOUND_INSTANTS, TidyDecimalField, plain_yuan
from ventures.models import Programme, ProjectKind, Round, Rubric, Tier
from ventures.services.budgets import fen_of
from ventures.services.rounds import tier_presets

OFFICE_CLOSES = time(17, 30)
RESERVED_CODES = {"new", "desk"}
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

    fund = TidyDecimalField(label=_("资金总额（元）"), min_value=Decimal("0.01"))
    cap = TidyDecimalField(label=_("单个项目申请上限（元）"), min_value=Decimal("0.01"))
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
            "name",
            "code",
            "number_prefix",
            "region",
            "document_number",
            "sponsors",
            "operator",
            "fund_sources",
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
            "sponsors": _("几家主办就写几家，用顿号隔开。"),
            "operator": _("只能接收、形式审查和安排日程，不能决定立项。"),
            "signature_due_on": _("网上提交算数，纸质签章页扫描件可以在这一天前补交。"),
        }

    def __init__(self, *args: Any, acting_user: User, **options: Any) -> None:
        instance: Round | None = options.get("instance")
        if instance is not None:
            initial = options.setdefault("initial", {})
            initial.setdefault("fund", plain_yuan(instance.fund_fen))
            initial.setdefault("cap", plain_yuan(instance.cap_fen))
        super().__init__(*args, **options)
        own = regions_of(acting_user, Role.Kind.OFFICER)
        regions = Region.objects.filter(pk__in=own)
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        self.fields["region"].empty_label = None  # type: ignore[attr-defined]
        self.fields["operator"].queryset = Organisation.objects.filter(is_operator=True)  # type: ignore[attr-defined]
        self.fields["programme"].queryset = Programme.objects.filter(  # type: ignore[attr-defined]
            region__in=[pk for region in regions for pk in region.lineage]
        )
        self.fields["programme"].empty_label = None  # type: ignore[attr-defined]
        used = Q(rounds=instance) if instance is not None and instance.pk else Q(pk__in=[])
        self.fields["rubric"].queryset = Rubric.objects.filter(  # type: ignore[attr-defined]
            Q(is_preset=True) | used
        ).distinct()
        self.fields["rubric"].required = True
        self.fields["rubric"].empty_label = _("请选择")  # type: ignore[attr-defined]
        self.fields["operator"].empty_label = _("没有承办单位")  # type: ignore[attr-defined]
        self.fields["eligibility"].required = True
        for name in ("opens_at", "closes_at"):
            self.fields[name].validators += SOUND_INSTANTS

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if code in RESERVED_CODES:
            raise forms.ValidationError(_("这个代号有别的用处，请换一个。"))
        return code

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        opens_at, closes_at = values.get("opens_at"), values.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("截止时间要晚于开始时间。"))
        fund, cap = values.get("fund"), values.get("cap")
        if fund is not None and cap is not None and cap > fund:
            self.add_error("cap", _("单个项目上限不能超过资金总额。"))
        region = values.get("region")
        if region is not None and region.level not in LEVELS:
            self.add_error("region", _("创投分市级、镇（街道）级和村（社区）级三级。"))
        return values

    def validate_constraints(self) -> None:
        """Sums are cleaned as yuan here: what the database holds of fen is checked in `clean`."""

    def values(self) -> dict[str, Any]:
        """What the service writes: fen for yuan, the level that follows from the region."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in ("fund", "cap")
        }
        return values | {
            "fund_fen": fen_of(self.cleaned_data["fund"]),
            "cap_fen": fen_of(self.cleaned_data["cap"]),
            "level": LEVELS[self.cleaned_data["region"].level],
        }


class TierForm(forms.Form):
    """One tier of a round."""

    name = forms.CharField(label=_("档次"), max_length=20, required=False)
    upto = TidyDecimalField(label=_("申请额不超过（元）"), required=False)
    form = forms.ChoiceField(label=_("申报表"), choices=Tier.Form.choices)
    budget_line_limit = forms.IntegerField(label=_("预算行数上限"), min_value=1, max_value=60)
    review_words = forms.CharField(label=_("评审方式"), max_length=60, required=False)
    agreement_words = forms.CharField(label=_("协议"), max_length=60, required=False)
    tranche_words = forms.CharField(label=_("拨款方式"), max_length=60, required=False)
    follow_up_words = forms.CharField(label=_("过程与结项"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("name") and not values.get("upto"):
            self.add_error("upto", _("请写明这一档的上限。"))
        if values.get("upto") and not values.get("name"):
            self.add_error("name", _("请给这一档起个名字。"))
        return values

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("name")

    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name != "upto"}
        return values | {"upto_fen": fen_of(self.cleaned_data["upto"])}


class BaseTierFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The tiers of a round; a tier without a name is left out."""

    def clean(self) -> None:
        if any(self.errors):
            return
        named = [form for form in self.forms if not form.is_blank]
        if not named:
            raise forms.ValidationError(_("至少要有一个档次。"))
        for name, sentence in (
            ("upto", _("两个档次的上限不能相同。")),
            ("name", _("两个档次不能同名。")),
        ):
            seen = [form.cleaned_data[name] for form in named]
            if len(set(seen)) != len(seen):
                raise forms.ValidationError(sentence)

    def tiers(self) -> list[dict[str, Any]]:
        return [form.values() for form in self.forms if not form.is_blank]


TierFormSet = forms.formset_factory(TierForm, formset=BaseTierFormSet, extra=0, max_num=6)


def tier_formset(data: QueryDict | None = None, *, tiers: Sequence[Tier] = ()) -> BaseTierFormSet:
    """Bound to what was sent, else to the round's tiers, else to the presets of practice."""
    rows: Sequence[dict[str, Any]] = [
        {
            "name": tier.name,
            "upto": plain_yuan(tier.upto_fen),
            "form": tier.form,
            "budget_line_limit": tier.budget_line_limit,
            "review_words": tier.review_words,
            "agreement_words": tier.agreement_words,
            "tranche_words": tier.tranche_words,
            "follow_up_words": tier.follow_up_words,
        }
        for tier in tiers
    ] or [
        {name: value for name, value in preset.items() if name != "upto_fen"}
        | {"upto": plain_yuan(preset["upto_fen"])}
        for preset in tier_presets()
    ]
    formset = TierFormSet(data, initial=rows, prefix="tiers")
    assert isinstance(formset, BaseTierFormSet), "made from it"
    return formset


class ExtendForm(forms.Form):
    closes_at = forms.DateTimeField(
        label=_("新的截止时间"), widget=moment_input(), validators=SOUND_INSTANTS
    )
    reason = forms.CharField(
        label=_("延长原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
