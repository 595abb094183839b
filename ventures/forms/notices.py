"""What an officer states in a public notice."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import day as day_words
from accounts.working_days import unknown_years
from ventures.forms.fields import SOUND_DAYS
from ventures.selectors.notices import NoticeTerms, last_day_of

# A notice is put off by holidays, not for weeks on end.
LONGEST_HOLIDAYS = timedelta(days=30)


class NoticeForm(forms.Form):
    """Every field a 公示 needs; preset from the round."""

    title = forms.CharField(label=_("标题"), max_length=160)
    basis = forms.CharField(
        label=_("依据（文号）"), max_length=200, help_text=_("依据哪份文件开展这一轮创投。")
    )
    starts_on = forms.DateField(
        label=_("公示开始"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=SOUND_DAYS,
    )
    working_days = forms.IntegerField(
        label=_("工作日数"),
        min_value=1,
        max_value=60,
        help_text=_("按国务院办公厅公布的节假日安排计算，开始当天是工作日的计入。"),
    )
    last_day = forms.DateField(
        label=_("公示截止日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("平时不用填，系统按工作日数算出。放假安排还没有载入的年份，请在这里确认。"),
        validators=SOUND_DAYS,
    )
    department = forms.CharField(label=_("受理部门"), max_length=120)
    contact_name = forms.CharField(label=_("联系人"), max_length=40)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=40)
    address = forms.CharField(label=_("地址"), max_length=160)
    postcode = forms.RegexField(
        r"^\d{6}$",
        label=_("邮编"),
        required=False,
        error_messages={"invalid": _("邮编是 6 位数字")},
    )
    supervision_phone = forms.CharField(label=_("监督电话"), max_length=40)
    objection_ways = forms.CharField(
        label=_("异议方式"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )
    issuer = forms.CharField(label=_("落款"), max_length=120)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, usual: NoticeTerms | None = None
    ) -> None:
        super().__init__(data, initial=asdict(usual) if usual else {})
        if usual is not None:
            # What the call promised is the least; a longer notice harms nobody.
            least = usual.working_days
            self.fields["working_days"] = forms.IntegerField(
                label=self.fields["working_days"].label,
                min_value=least,
                max_value=60,
                help_text=self.fields["working_days"].help_text,
            )

    def clean(self) -> dict[str, Any]:
        """Where days off are not known, the office says until when; it may be later than counted,
        never earlier."""
        values = super().clean() or {}
        starts_on, days = values.get("starts_on"), values.get("working_days")
        if starts_on is None or days is None or "last_day" in self.errors:
            return values
        counted = last_day_of(starts_on, days)
        confirmed = values.get("last_day")
        if confirmed is not None and not counted <= confirmed <= counted + LONGEST_HOLIDAYS:
            self.add_error(
                "last_day",
                forms.ValidationError(
                    _("公示截止日不能早于 %(counted)s，也不能晚于 %(latest)s。"),
                    params={
                        "counted": day_words(counted),
                        "latest": day_words(counted + LONGEST_HOLIDAYS),
                    },
                ),
            )
        unknown = unknown_years(starts_on, confirmed or counted)
        if unknown and confirmed is None:
            self.add_error(
                "last_day",
                forms.ValidationError(
                    _(
                        "%(years)s 年的放假安排还没有载入，只按周末推算到 %(counted)s。"
                        "请对照国务院办公厅的放假通知，填写或确认公示截止日。"
                    ),
                    params={
                        "years": "、".join(str(year) for year in unknown),
                        "counted": day_words(counted),
                    },
                ),
            )
        return values

    def terms(self) -> NoticeTerms:
        return NoticeTerms(**self.cleaned_data)
