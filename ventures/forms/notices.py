"""What an officer states in a public notice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import DigitsField
from accounts.templatetags.kit import day as day_words
from accounts.working_days import unknown_years
from ventures.forms.fields import SOUND_DAYS
from ventures.models import AwardTerms
from ventures.selectors.letters import Template, gap_names, unknown_gaps
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
    preset = forms.ChoiceField(
        label=_("公示多久"),
        choices=[
            ("working:5", _("5 个工作日")),
            ("calendar:7", _("7 天")),
            ("calendar:15", _("15 天")),
            ("", _("另定")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    working_days = forms.IntegerField(
        label=_("另定天数"),
        min_value=1,
        max_value=60,
        help_text=_("选“另定”时用。工作日按国务院办公厅公布的节假日安排算，开始当天计入。"),
    )
    counting = forms.ChoiceField(
        label=_("另定时按"), choices=AwardTerms.Counting.choices, required=False
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
    postcode = DigitsField(
        count=6,
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
        self.usual = usual
        super().__init__(data, initial=_initial(usual))

    def clean(self) -> dict[str, Any]:
        """Where days off are not known, the office says until when; it may be later than counted,
        never earlier."""
        values = super().clean() or {}
        preset = values.pop("preset", "")
        if preset:
            counting, _colon, count = preset.partition(":")
            values |= {"counting": counting, "working_days": int(count)}
            self.errors.pop("working_days", None)
        values["counting"] = values.get("counting") or AwardTerms.Counting.WORKING.value
        starts_on, days = values.get("starts_on"), values.get("working_days")
        if starts_on is None or days is None or "last_day" in self.errors:
            return values
        counted = last_day_of(starts_on, days, values["counting"])
        self._keep_promise(starts_on, counted)
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
        is_working = values["counting"] == AwardTerms.Counting.WORKING
        unknown = unknown_years(starts_on, confirmed or counted) if is_working else []
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

    def _keep_promise(self, starts_on: date, counted: date) -> None:
        """What the call promised is the least; a longer notice harms nobody."""
        if self.usual is None:
            return
        promised = last_day_of(starts_on, self.usual.working_days, self.usual.counting)
        if counted < promised:
            self.add_error(
                "working_days",
                forms.ValidationError(
                    _("征集公告承诺至少公示到 %(day)s，不能更短。"),
                    params={"day": day_words(promised)},
                ),
            )

    def terms(self) -> NoticeTerms:
        return NoticeTerms(**self.cleaned_data)


def _initial(usual: NoticeTerms | None) -> dict[str, Any]:
    """The round's own terms, as a preset where they are one."""
    if usual is None:
        return {}
    known = ("working:5", "calendar:7", "calendar:15")
    preset = f"{usual.counting}:{usual.working_days}"
    return asdict(usual) | {"preset": preset if preset in known else ""}


class LetterTemplatesForm(forms.Form):
    """The words of the four letters; what stands in braces is filled in for each applicant."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, templates: Sequence[Template]
    ) -> None:
        super().__init__(data)
        for one in templates:
            self.fields[one.kind.value] = forms.CharField(
                label=one.kind.label,
                max_length=2000,
                initial=one.body,
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, body in list(values.items()):
            unknown = unknown_gaps(body)
            if unknown:
                self.add_error(
                    name,
                    forms.ValidationError(
                        _("花括号里的“%(gaps)s”不认识。可以用的是：%(known)s。"),
                        params={"gaps": "、".join(unknown), "known": "、".join(gap_names())},
                    ),
                )
        return values
