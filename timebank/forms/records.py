"""Forms about service records: tell what one did, send back, look through.

`ServiceForm.hand_in` calls the service and shows what it refuses beside the field it is about, so
that nobody types anything twice.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.db import transaction
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.data_words import in_readers_language
from accounts.errors import Refusal
from accounts.forms.choices import model_choice_of
from accounts.forms.fields import SaidChoice
from accounts.models import Station, User
from timebank.forms.photos import PhotosForm
from timebank.models.catalogue import ServiceType
from timebank.models.records import ServiceRecord
from timebank.selectors.evidence import is_demanded
from timebank.selectors.records import open_stations, service_types, station_last_served
from timebank.services.records import Service, check_service, resubmit_record, submit_record
from timebank.terms.provenance import Evidence

type Words = str | Promise

Provenance = ServiceRecord.Provenance
A_DAY = timedelta(days=1)
FIRST_YEAR = 2000  # an earlier one is a slip of the pen, and the database's first cannot be read
FIELD_OF_REFUSAL = {
    "station_not_open": "station",
    "no_bank_here": "station",
    "ends_before_start": "ended",
    "longer_than_a_day": "ended",
    "not_yet_served": "ended",
    "records_overlap": "started",
    "late_without_reason": "late_reason",
    "file_refused": "photos",
}
QUICK_REASONS: tuple[Words, ...] = (
    _("结束时间和现场登记对不上，请核对后重新提交。"),
    _("请补一张现场照片，或请服务对象报一下服务码。"),
    _("服务内容写得太笼统，请写清做了什么。"),
)


class Grouped(ModelChoiceIterator):  # type: ignore[type-arg]
    """The choices of a field under headings."""

    heading: Callable[[Any], str]

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for heading, rows in groupby(self.queryset, key=type(self).heading):
            yield heading, [self.choice(row) for row in rows]


class StationsByTown(Grouped):
    @staticmethod
    def heading(station: Station) -> str:
        parent = station.region.parent
        return parent.short_name if parent else station.region.short_name


class TypesByGroup(Grouped):
    @staticmethod
    def heading(service_type: ServiceType) -> str:
        return in_readers_language(service_type.group)


class StationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = StationsByTown


class ServiceTypeField(SaidChoice):
    iterator = TypesByGroup


class ServiceForm(PhotosForm):
    """记一笔服务: what, for whom, when, where, with photos."""

    service_type = ServiceTypeField(
        label=_("做了哪类服务"),
        queryset=ServiceType.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选一类最接近的服务。")},
    )
    what = forms.CharField(
        label=_("具体做了什么"),
        max_length=200,
        help_text=_("一句话写清楚，如：为两位老人理发，并打扫了现场"),
        error_messages={"required": _("请写一句做了什么，站点看了才好确认。")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    for_whom = forms.CharField(
        label=_("为谁服务"),
        max_length=40,
        help_text=_("如：白奶奶；南关厢老街居民"),
        error_messages={"required": _("请写明帮了谁。")},
    )
    day = forms.DateField(
        label=_("哪一天"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": _("请选服务的那一天。")},
    )
    started = forms.TimeField(
        label=_("几点开始"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"required": _("请填几点开始。")},
    )
    ended = forms.TimeField(
        label=_("几点结束"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"required": _("请填几点结束。")},
    )
    ends_next_day = forms.BooleanField(label=_("过了半夜才结束"), required=False)
    station = StationField(
        label=_("哪个服务站点"),
        queryset=Station.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选由哪个站点确认。")},
    )
    place = forms.CharField(
        label=_("服务地点"), max_length=60, required=False, help_text=_("不填就是在站点")
    )
    late_reason = forms.CharField(
        label=_("晚报的原因"),
        max_length=120,
        required=False,
        help_text=_("服务结束超过十个工作日才登记时要写"),
    )
    is_voluntary = forms.BooleanField(
        label=_("这次服务是自愿、无偿的，不是上班、培训或必须参加的，也不含往返路上的时间"),
        error_messages={"required": _("是这样才能记时间，请看清后打勾。")},
    )

    def __init__(
        self,
        *arguments: Any,
        volunteer: User,
        record: ServiceRecord | None = None,
        person: User | None = None,
        **options: Any,
    ) -> None:
        """`person` is who fills it in, where that is not the volunteer."""
        options.setdefault("initial", _told_by(record) if record else _usual_for(volunteer))
        super().__init__(*arguments, person=person or volunteer, **options)
        self.volunteer = volunteer
        self.record = record
        if is_demanded(Evidence.PHOTO, Provenance.SELF_REPORTED, timezone.localdate()):
            self.fields["photos"].help_text = _(
                "最多 6 张。没有照片的，站点要先打电话核实再确认，会慢一些。"
                "照片里的拍摄时间只用来核对，不会保存。"
            )
        model_choice_of(self, "service_type").queryset = service_types()
        model_choice_of(self, "station").queryset = open_stations()

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= timezone.localdate().year + 1:
            raise forms.ValidationError(
                self.fields["day"].error_messages["invalid"], code="invalid"
            )
        return day

    def hand_in(self, *, acting_user: User) -> ServiceRecord | None:
        """Submit the record, or hand it in again; None when refused, the reason on its field."""
        try:
            with transaction.atomic():
                return self._hand_in(acting_user)
        except Refusal as refusal:
            if refusal.code not in FIELD_OF_REFUSAL:
                raise
            self.add_error(FIELD_OF_REFUSAL[refusal.code], str(refusal))
            return None

    def _hand_in(self, acting_user: User) -> ServiceRecord:
        service = self.service()
        check_service(self.volunteer, service, besides=self.record)
        photos = self.stored_photos(service.started_at, service.ended_at)
        if self.record is not None:
            return resubmit_record(self.record, service, photos=photos, acting_user=acting_user)
        return submit_record(self.volunteer, service, photos=photos, acting_user=acting_user)

    def service(self) -> Service:
        """What was told, as the services take it."""
        told = self.cleaned_data
        last_day = told["day"] + A_DAY if told["ends_next_day"] else told["day"]
        return Service(
            station=told["station"],
            service_type=told["service_type"],
            what=told["what"].strip(),
            place=told["place"].strip() or told["station"].name,
            for_whom=told.get("for_whom", "").strip(),
            started_at=_instant(told["day"], told["started"]),
            ended_at=_instant(last_day, told["ended"]),
            late_reason=told["late_reason"].strip(),
        )


class ReturnForm(forms.Form):
    """退回: the reason from the usual ones, in one's own words, or both."""

    phrase = forms.ChoiceField(
        label=_("常用理由"),
        required=False,
        widget=forms.RadioSelect,
        choices=lambda: [(str(place), words) for place, words in enumerate(QUICK_REASONS)],
    )
    reason = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        phrase = cleaned.get("phrase")
        parts = [str(QUICK_REASONS[int(phrase)]) if phrase else "", cleaned.get("reason", "")]
        cleaned["sentence"] = " ".join(part.strip() for part in parts if part.strip())
        if not cleaned["sentence"]:
            raise forms.ValidationError(_("请选一条理由，或写明哪里要改。"), code="required")
        return cleaned


class ConfirmForm(forms.Form):
    """确认: where the evidence is not there, in words how it was verified."""

    word = forms.CharField(
        label=_("怎么核实的"),
        max_length=ServiceRecord.WORD_LENGTH,
        help_text=_("如：打电话问过服务对象，她说来过；我当时在场"),
        error_messages={"required": _("请写一句怎么核实的：问了谁，怎么说。")},
    )

    def __init__(self, *arguments: Any, lacks: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not lacks:
            del self.fields["word"]


class DeskFilter(forms.Form):
    """What the desk shows, kept in the address. What does not fit is left out."""

    q = forms.CharField(label=_("姓名、编号或内容"), required=False, max_length=40)
    station = forms.ModelChoiceField(
        label=_("站点"), queryset=Station.objects.none(), required=False, empty_label=_("全部")
    )
    provenance = forms.ChoiceField(
        label=_("记录来源"),
        required=False,
        choices=lambda: [("", _("全部")), *ServiceRecord.Provenance.choices],
    )

    def __init__(self, *arguments: Any, stations: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        model_choice_of(self, "station").queryset = stations
        if len(stations) < 2:
            del self.fields["station"]

    def narrowing(self) -> dict[str, Any]:
        """What was asked for, as the desk's selectors take it."""
        asked = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return {
            "words": asked.get("q", "").strip(),
            "station": asked.get("station"),
            "provenance": asked.get("provenance", ""),
        }


class RecordFilter(DeskFilter):
    """The same for all records of a station, by state and day too."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=lambda: [("", _("全部")), *ServiceRecord.State.choices],
    )
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def narrowing(self) -> dict[str, Any]:
        narrowing = super().narrowing()
        asked = getattr(self, "cleaned_data", {})
        since, until = asked.get("since"), asked.get("until")
        return narrowing | {
            "state": asked.get("state", ""),
            "since": _instant(since, time.min) if since else None,
            "until": _instant(min(until, date.max - A_DAY) + A_DAY, time.min) if until else None,
        }


def _usual_for(volunteer: User) -> dict[str, Any]:
    return {"station": station_last_served(volunteer), "day": timezone.localdate()}


def _told_by(record: ServiceRecord) -> dict[str, Any]:
    started, ended = timezone.localtime(record.started_at), timezone.localtime(record.ended_at)
    return {
        "service_type": record.service_type,
        "what": record.what,
        "for_whom": record.recipient_words,
        "day": started.date(),
        "started": started.time(),
        "ended": ended.time(),
        "ends_next_day": ended.date() > started.date(),
        "station": record.station,
        "place": record.place,
        "late_reason": record.late_reason,
        "is_voluntary": True,
    }


def _instant(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
