"""What an officer types of who may apply: one field per check, blank where it is not asked."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of
from ventures.forms.fields import SOUND_DAYS, TidyDecimalField, TidyIntegerField
from ventures.models import ApplicantKind, Condition
from ventures.rules.plain_figures import plain_yuan
from ventures.services.budgets import fen_of

Check = Condition.Check
CAPS = {
    "cap_registered": ApplicantKind.REGISTERED,
    "cap_filed": ApplicantKind.FILED,
    "cap_initiator": ApplicantKind.INITIATOR,
}
# Form field → check, for what is one whole number.
FIGURES = {
    "age_months": Check.AGE,
    "abnormal_years": Check.ABNORMAL,
    "dishonest_years": Check.DISHONEST,
    "violation_years": Check.VIOLATION,
    "one_project": Check.ONE_PROJECT,
    "own_share": Check.OWN_SHARE,
}
YES_OR_NO = {
    "annual_check": Check.ANNUAL_CHECK,
    "is_local": Check.REGION,
    "no_double": Check.NO_DOUBLE,
}
RATINGS = [("", _("不要求")), *((str(n), f"{n}A") for n in range(1, 6))]


def whole(label: Any, most: int, help_text: Any = "") -> TidyIntegerField:
    return TidyIntegerField(
        label=label, min_value=1, max_value=most, required=False, help_text=help_text
    )


def most_of(label: Any) -> TidyDecimalField:
    return TidyDecimalField(label=label, min_value=Decimal("0.01"), required=False)


class ConditionsForm(forms.Form):
    """Who may apply. Read for `rows()`; services write them."""

    kinds = forms.MultipleChoiceField(
        label=_("哪些主体可以申报"),
        choices=ApplicantKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("一个都不勾，就是不另作限制。实名发起人只在市级轮次。"),
    )
    is_local = forms.BooleanField(label=_("须在本地登记或备案"), required=False)
    age_months = whole(_("登记或备案满多少个月"), 240, _("如 12。按核对那天算。"))
    rating = forms.ChoiceField(label=_("评估等级不低于"), choices=RATINGS, required=False)
    annual_check = forms.BooleanField(
        label=_("最近一次年检（年报）合格"), required=False, help_text=_("备案组织不用年检。")
    )
    abnormal_years = whole(_("几年内未列入活动异常名录"), 10)
    dishonest_years = whole(_("几年内未列入严重违法失信名单"), 10)
    violation_years = whole(_("几年内没有重大违法违规"), 10)
    cap_registered = most_of(_("登记组织最多申请（元）"))
    cap_filed = most_of(_("备案组织最多申请（元）"))
    cap_initiator = most_of(_("实名发起人最多申请（元）"))
    own_share = whole(_("自筹（配套）至少占总预算的百分之几"), 90)
    own_share_above = TidyDecimalField(
        label=_("申请额超过多少元才要自筹"), required=False, help_text=_("空着就是都要。")
    )
    one_project = whole(_("同年各级合计最多几个项目"), 20, _("备案组织按自己算，不按代管单位算。"))
    no_double = forms.BooleanField(label=_("同一项目不能拿两份钱"), required=False)
    hints = forms.MultipleChoiceField(
        label=_("只作提示、不拦提交的"),
        choices=[(c.value, c.label) for c in Check],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("没有勾的，不符合就不能提交。"),
    )

    def __init__(self, *args: Any, is_city: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_city:
            del self.fields["cap_initiator"]
            choice_of(self, "kinds").choices = ApplicantKind.choices[:2]

    def rows(self) -> list[dict[str, Any]]:
        """The columns of the conditions that are asked."""
        values = self.cleaned_data
        rows: list[dict[str, Any]] = []
        if values["kinds"]:
            rows.append({"check_name": Check.KINDS, "kinds": values["kinds"]})
        rows += [{"check_name": check} for name, check in YES_OR_NO.items() if values[name]]
        rows += [
            {"check_name": check, "figure": values[name]}
            for name, check in FIGURES.items()
            if values[name]
        ]
        if values["rating"]:
            rows.append({"check_name": Check.RATING, "figure": int(values["rating"])})
        rows += [
            {"check_name": Check.CAP, "applicant_kind": kind, "figure": fen_of(values[name])}
            for name, kind in CAPS.items()
            if values.get(name)
        ]
        for row in rows:
            row["is_hard"] = row["check_name"] not in values["hints"]
            if row["check_name"] == Check.OWN_SHARE and values["own_share_above"]:
                row["above_fen"] = fen_of(values["own_share_above"])
        return rows


class StandingConditionsForm(ConditionsForm):
    """What stands in a place or a programme, from a day on, on some paper."""

    valid_from = forms.DateField(
        label=_("从哪天起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=SOUND_DAYS,
        initial=timezone.localdate,
        help_text=_("这天以后开始申报的轮次适用；更早的轮次不受影响。"),
    )
    document_number = forms.CharField(label=_("依据文号"), max_length=60)


def typed_of(conditions: Iterable[Condition]) -> dict[str, Any]:
    """The form's initial values from rows."""
    typed: dict[str, Any] = {"hints": []}
    names = {check: name for name, check in (FIGURES | YES_OR_NO).items()}
    caps = {kind: name for name, kind in CAPS.items()}
    for row in conditions:
        check = Check(row.check_name)
        if not row.is_hard:
            typed["hints"].append(row.check_name)
        if check == Check.KINDS:
            typed["kinds"] = row.kinds
        elif check == Check.RATING:
            typed["rating"] = str(row.figure)
        elif check == Check.CAP:
            for name in [caps[ApplicantKind(row.applicant_kind)]] if row.applicant_kind else CAPS:
                typed[name] = plain_yuan(row.figure)
        else:
            typed[names[check]] = row.figure if check in FIGURES.values() else True
            if check == Check.OWN_SHARE and row.above_fen:
                typed["own_share_above"] = plain_yuan(row.above_fen)
    return typed
