"""Forms of what looks into records: relatives, findings, queries, inspections, bars."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.forms.fields import PhoneField
from accounts.models import User
from timebank.models import RecordQuery, Relation, ServiceRecord
from timebank.services.record_queries import Right
from timebank.services.relations import declare_relative
from timebank.terms.checks import inspection_terms

type Words = str | Promise

FIRST_YEAR = 2000
REASON = _("理由")
ANSWERS: tuple[tuple[str, Words], ...] = (
    ("yes", _("是")),
    ("no", _("否")),
    ("not_asked", _("不适用")),
)


class WordsForm(forms.Form):
    """A sentence somebody else will read: why, what was looked at, what is demanded."""

    words = forms.CharField(
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("请写一两句，让对方知道为什么。")},
    )

    def __init__(self, *args: Any, label: Words = REASON, most: int = 200, **options: Any):
        super().__init__(*args, **options)
        self.fields["words"].label = label  # type: ignore[assignment]
        self.fields["words"].max_length = most  # type: ignore[attr-defined]


class RelationForm(forms.Form):
    """亲属申报: name and number have to fit, so that nobody looks up whose a number is."""

    name = forms.CharField(label=_("亲属的姓名"), max_length=40)
    phone = PhoneField(label=_("亲属的手机号"))
    kind = forms.ChoiceField(label=_("关系"), choices=Relation.Kind)

    def declare(self, user: User) -> bool:
        """Whether it was taken; else the sentence stands on the form, with what was typed."""
        try:
            declare_relative(user, **self.cleaned_data, acting_user=user)
        except Refusal as refusal:
            self.add_error("phone", str(refusal))
            return False
        return True


class QueryForm(forms.Form):
    """异议: what is wrong, in one's own words."""

    wrong = forms.ChoiceField(
        label=_("哪里不对"), choices=RecordQuery.Wrong, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("应该是怎样的"),
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("如：那天是从 9 点到 11 点，不是 10 点结束；白奶奶和小王都在"),
        error_messages={"required": _("请写一两句应该是怎样的。")},
    )


class CorrectionForm(forms.Form):
    """更正: what the record should have said, and how one knows."""

    what = forms.CharField(label=_("服务内容"), max_length=200)
    place = forms.CharField(label=_("服务地点"), max_length=60)
    day = forms.DateField(label=_("哪一天"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    started = forms.TimeField(
        label=_("几点开始"), widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    ended = forms.TimeField(label=_("几点结束"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    words = forms.CharField(
        label=_("怎么核对的"), max_length=400, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, record: ServiceRecord, **options: Any) -> None:
        start, end = timezone.localtime(record.started_at), timezone.localtime(record.ended_at)
        options.setdefault(
            "initial",
            {
                "what": record.what,
                "place": record.place,
                "day": start.date(),
                "started": start.time().replace(second=0, microsecond=0),
                "ended": end.time().replace(second=0, microsecond=0),
            },
        )
        super().__init__(*args, **options)

    def clean_day(self) -> date:
        told: date = self.cleaned_data["day"]
        if not FIRST_YEAR <= told.year <= timezone.localdate().year:
            raise forms.ValidationError(_("请核对是哪一天。"), code="invalid")
        return told

    def right(self) -> Right:
        """What is right; an end before the beginning is of the next day."""
        told = self.cleaned_data
        start = _at(told["day"], told["started"])
        end = _at(told["day"], told["ended"])
        return Right(
            what=told["what"],
            place=told["place"],
            started_at=start,
            ended_at=end if end > start else end + timedelta(days=1),
        )


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


class PeriodForm(forms.Form):
    """抽查范围: which records, by the day of the service."""

    since = forms.DateField(label=_("从"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("到"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if since and until and (until < since or until > timezone.localdate()):
            self.add_error("until", _("到的那天不能早于开始，也不能晚于今天。"))
        if since and since.year < FIRST_YEAR:
            self.add_error("since", _("请核对是哪一天。"))
        return told


class WitnessForm(forms.Form):
    """抽取: a witness says a word on the spot, so that nobody can choose how the lot falls."""

    witness = forms.CharField(label=_("见证人"), max_length=40)
    word = forms.CharField(
        label=_("见证人当场说的一句话或一个数"),
        max_length=40,
        help_text=_("事先谁也不知道才有用；公开结果时会一起公布"),
    )


class ChecklistForm(forms.Form):
    """检查表: each question of the terms in force, what was looked at, what is demanded."""

    remarks = forms.CharField(
        label=_("检查情况"),
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("看了什么、问了谁"),
    )
    demand = forms.CharField(
        label=_("整改要求（发整改通知时填）"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = inspection_terms(timezone.localdate()).questions
        asked = {
            key: forms.ChoiceField(
                label=words,  # type: ignore[arg-type]
                choices=ANSWERS,
                widget=forms.RadioSelect,
            )
            for key, words in self.questions
        }
        self.fields = asked | self.fields

    def answers(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key, _words in self.questions}
