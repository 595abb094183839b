"""The pool of experts as an officer types it: one entry, a filter, a whole table."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.credit_code import validate_credit_code
from ventures.forms.fields import TidyIntegerField
from ventures.models import Expert, Round, Track
from ventures.selectors.reviewers import PoolFilter

TERMS = [("", _("都看")), ("now", _("在聘期内")), ("over", _("聘期已满"))]
DAY = {"type": "date"}


class ExpertForm(forms.Form):
    """One expert: who, of which unit, for what, until when."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        help_text=_("用来认出本人的登录账号，只有专家库的经办人看得到。"),
    )
    employer = forms.CharField(
        label=_("工作单位"), max_length=80, help_text=_("写全称，系统据此查同一单位的回避。")
    )
    credit_code = forms.CharField(
        label=_("单位统一社会信用代码"), max_length=18, required=False,
        validators=[validate_credit_code],
    )  # fmt: skip
    title = forms.CharField(label=_("职称或资格"), max_length=60)
    tracks = forms.ModelMultipleChoiceField(
        label=_("熟悉的领域"), queryset=Track.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    levels = forms.MultipleChoiceField(
        label=_("可评哪一级"), choices=Round.Level.choices, widget=forms.CheckboxSelectMultiple
    )
    starts_on = forms.DateField(label=_("聘期从"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("聘期到"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"),
        help_text=_("不再聘请时，把这一天改到今天以前；从前的评审记录不受影响。"),
    )  # fmt: skip
    most = TidyIntegerField(label=_("一届最多评几份"), required=False, min_value=1, max_value=999)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, expert: Expert | None = None, region: Any) -> None:
        super().__init__(data, initial=_stored(expert) if expert else None)
        self.expert, self.region = expert, region

    def clean_phone(self) -> str:
        digits = "".join(sign for sign in self.cleaned_data["phone"] if sign.isdigit())
        digits = digits.removeprefix("86") if len(digits) == 13 else digits
        if len(digits) != 11 or not digits.isascii():
            raise ValidationError(gettext("请填 11 位手机号，如 10012345678。"))
        phone = f"+86{digits}"
        others = Expert.objects.filter(region=self.region, phone=phone)
        if self.expert is not None:
            others = others.exclude(pk=self.expert.pk)
        if others.exists():
            raise ValidationError(gettext("这个手机号已经在本地专家库里。"))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", gettext("聘期结束不能早于开始。"))
        return cleaned


class PoolFilterForm(forms.Form):
    """What the list is narrowed to; it lives in the address."""

    words = forms.CharField(label=_("姓名、单位或职称"), required=False, max_length=40)
    track = forms.ChoiceField(label=_("领域"), required=False)
    level = forms.ChoiceField(
        label=_("层级"), required=False, choices=[("", _("都看")), *Round.Level.choices]
    )
    term = forms.ChoiceField(label=_("聘期"), required=False, choices=TERMS)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        field = self.fields["track"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("都看")), *Track.objects.values_list("code", "name")]

    def narrow(self) -> PoolFilter:
        """What can be read of it; the rest narrows nothing."""
        self.is_valid()
        clean = self.cleaned_data
        return PoolFilter(**{name: clean.get(name, "") for name in self.fields})


class ExpertTableForm(forms.Form):
    """A table of experts to be tried."""

    file = forms.FileField(
        label=_("专家名单（CSV 或 XLSX）"),
        help_text=_("表头照样例。先试读，看过再导入，一行有错就一行也不写。"),
    )


def _stored(expert: Expert) -> dict[str, Any]:
    names = (
        "name", "employer", "credit_code", "title", "levels", "starts_on", "ends_on", "most",
        "note",
    )  # fmt: skip
    stored = {name: getattr(expert, name) for name in names}
    phone = expert.phone.removeprefix("+86")
    return stored | {"phone": phone, "tracks": list(expert.tracks.all())}
