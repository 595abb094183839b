"""The grid a sheet of paper is typed into: a row per person, made for the keyboard.

Times are typed as they stand on the paper (830, 8:30, 0830); a ditto mark takes the time above.
Everything typed stays where it is when something has to be put right.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import PhoneField
from accounts.models import User
from timebank.errors.presence import SheetDiffers
from timebank.forms.photos import PhotosField, PhotosForm
from timebank.forms.presence import at_shift
from timebank.models import Attendance, PaperSheet, PhotoDraft, Shift, Signup
from timebank.services.photos import take_photos
from timebank.services.record_decisions import ConfirmReport
from timebank.services.sheet_comparing import compare_sheet, is_typed_twice
from timebank.services.sheets import RowsRefused, SheetRow, enter_sheet

SPARE_ROWS = 4
MOST_SPARE_ROWS = 60
DITTO = ('"', "”", "“", "〃", "同上", "々")  # not shown: ditto marks people write
DONE = (Attendance.State.COUNTED, Attendance.State.NOTED)


class ClockField(forms.CharField):
    """A time as people type it; a ditto mark stays one until the row above is known."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 5})
        super().__init__(required=False, max_length=5, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        words = str(super().clean(value) or "").strip()
        if not words or words in DITTO:
            return words
        digits = re.sub(r"[:：.．点]", ":", words)  # not shown: what stands between hour and minute
        match = re.fullmatch(r"(\d{1,2}):(\d{2})|(\d{1,2}?)(\d{2})", digits)
        hour, minute = (int(part) for part in match.groups() if part) if match else (99, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError(_("时间写成 830 或 8:30。"))
        return time(hour, minute)


class RowForm(forms.Form):
    """One line of the paper."""

    came = forms.ChoiceField(
        label=_("到场"),
        choices=[("yes", pgettext_lazy("到场", "到")), ("no", _("未到")), ("", _("不登记"))],
        required=False,
    )
    arrived = ClockField(label=_("签到"))
    left = ClockField(label=_("签退"))

    def __init__(self, *args: Any, signup: Signup | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.signup = signup

    @property
    def is_blank(self) -> bool:
        """Nothing is to be entered from this line."""
        return not self.cleaned_data.get("came")

    def row(self, shift: Shift, above: "RowForm | None") -> SheetRow | None:
        """What the line says; None where a time is missing or a ditto has nothing above it."""
        if self.cleaned_data.get("came") == "no":
            return SheetRow(signup=self.signup, is_absent=True)
        told: dict[str, Any] = {}
        for name in ("arrived", "left"):
            value = self.cleaned_data.get(name)
            if value in DITTO:
                value = above.cleaned_data.get(name) if above else ""
                self.cleaned_data[name] = value
            if not isinstance(value, time):
                self.add_error(name, _("请填写时间。"))
                continue
            told[f"{name}_at"] = at_shift(shift, value)
        if len(told) < 2:
            return None
        return SheetRow(signup=self.signup, **self.who(), **told)

    def who(self) -> dict[str, Any]:
        return {}


class WalkInRowForm(RowForm):
    """A line of somebody who just came."""

    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    phone = PhoneField(label=_("手机号"), required=False)
    born_on = forms.CharField(label=_("出生日期"), required=False, max_length=10)
    field_order = ("name", "phone", "born_on", "arrived", "left")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["came"]

    @property
    def is_blank(self) -> bool:
        return not (self.data.get(f"{self.prefix}-name") or self.data.get(f"{self.prefix}-phone"))

    def clean_born_on(self) -> Any:
        words = re.sub(r"\D", "", self.cleaned_data.get("born_on") or "")
        if not words:
            return None
        try:
            return forms.DateField(input_formats=["%Y%m%d"]).clean(words)
        except forms.ValidationError as wrong:
            raise forms.ValidationError(_("写成八位数字，如 19580312。")) from wrong

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.is_blank:
            for name, words in (("name", _("请填写姓名。")), ("phone", _("请填写手机号。"))):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned

    def who(self) -> dict[str, Any]:
        return {key: self.cleaned_data.get(key) for key in ("name", "phone", "born_on")}


class SheetForm(PhotosForm):
    """The whole sheet: its scan, the names on it, and the lines."""

    photos = PhotosField(
        label=_("签到表的照片或扫描件"),
        required=False,
        help_text=_("手机拍清楚，每页一张，最多 6 张。只有本活动的工作人员能看到。"),
    )
    kept_by = forms.CharField(label=_("记录人"), max_length=40)
    checked_by = forms.CharField(label=_("审核人"), max_length=40)
    late_reason = forms.CharField(
        label=_("晚报原因"),
        max_length=120,
        required=False,
        help_text=_("活动结束超过 10 个工作日才录入的，写明原因。"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        shift: Shift,
        person: User,
    ) -> None:
        super().__init__(data, files, person=person)
        self.shift = shift
        self.known = {row.signup_id: row for row in Attendance.objects.filter(shift=shift)}
        self.done: list[Attendance] = []
        self.rows: list[RowForm] = []
        self.walk_ins: list[WalkInRowForm] = []
        self._make_rows(data, person)

    def _make_rows(self, data: Mapping[str, Any] | None, person: User) -> None:
        times = {
            "arrived": f"{_local(self.shift.starts_at)}",
            "left": f"{_local(self.shift.ends_at)}",
        }
        signups = (
            Signup.objects.seated()
            .filter(shift=self.shift)
            .select_related("volunteer__person")
            .order_by("seat")
        )
        for signup in signups:
            signup.shift = self.shift
            known = self.known.get(signup.pk)
            if known is not None and known.state in DONE:
                known.signup = signup
                self.done.append(known)
            elif signup.volunteer_id != person.pk:
                initial = times | {"came": "yes"} | _noted(known)
                self.rows.append(
                    RowForm(data, prefix=f"seat-{signup.pk}", initial=initial, signup=signup)
                )
        for number in range(self._spare(data)):
            self.walk_ins.append(WalkInRowForm(data, prefix=f"new-{number}", initial=times))

    def _spare(self, data: Mapping[str, Any] | None) -> int:
        told = str((data or {}).get("spare", ""))
        spare = int(told) if told.isascii() and told.isdigit() and len(told) < 4 else SPARE_ROWS
        if data and "more" in data:
            spare += SPARE_ROWS
        return min(max(spare, SPARE_ROWS), MOST_SPARE_ROWS)

    def lines(self) -> Iterator[RowForm]:
        yield from self.rows
        yield from self.walk_ins

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("photos") or cleaned.get("kept")) and "photos" not in self.errors:
            self.add_error("photos", _("请附上签到表的照片或扫描件。"))
        return cleaned

    def hand_in(self, *, acting_user: User) -> PaperSheet | None:
        """Enter everything; what stands against a line is said in that line."""
        lines, told = self._told()
        if not self.is_valid() or any(line.errors for line in self.lines()):
            return None
        if not told:
            self.add_error(None, _("还没有填写任何人。"))
            return None
        self._keep_uploads()
        if self.errors:
            return None
        expected = (self.shift.starts_at, timezone.now())
        try:
            with transaction.atomic():
                return enter_sheet(
                    self.shift,
                    told,
                    kept_by=self.cleaned_data["kept_by"],
                    checked_by=self.cleaned_data["checked_by"],
                    scans=take_photos(self.cleaned_data["kept"].all(), expected_between=expected),
                    late_reason=self.cleaned_data["late_reason"],
                    acting_user=acting_user,
                )
        except RowsRefused as rows:
            for place, refusal in rows.refusals.items():
                line = lines[place]
                line.add_error("phone" if line.signup is None else "arrived", str(refusal))
            return None

    def _keep_uploads(self) -> None:
        """Hold on to the scans first: a line that is refused must not cost them."""
        self.keep_photos()
        kept = [draft.pk for draft in self.kept_photos]
        self.cleaned_data["photos"] = []
        self.cleaned_data["kept"] = (
            PhotoDraft.objects.of(self.person).filter(pk__in=kept).select_related("attachment")
        )

    def _told(self) -> tuple[list[RowForm], list[SheetRow]]:
        lines, told = [], []
        above: RowForm | None = None
        for line in self.lines():
            if not line.is_valid() or line.is_blank:
                if line.is_blank:
                    line.errors.clear()
                continue
            row = line.row(self.shift, above)
            above = line
            if row is not None:
                lines.append(line)
                told.append(row)
        return lines, told


class CompareForm(forms.Form):
    """The second look at a sheet; with the times once more where the terms ask for it."""

    def __init__(self, *args: Any, sheet: PaperSheet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sheet = sheet
        self.attendances = (
            list(sheet.attendances.select_related("volunteer__person"))
            if is_typed_twice(sheet)
            else []
        )
        for row in self.attendances:
            name = row.volunteer.display_name
            for which, words in (("arrived", _("签到")), ("left", _("签退"))):
                self.fields[f"{which}-{row.pk}"] = ClockField(label=f"{name} {words}")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.fields:
            if not isinstance(cleaned.get(name), time) and name not in self.errors:
                self.add_error(name, _("请填写时间。"))
        return cleaned

    def hand_in(self, *, acting_user: User) -> ConfirmReport | None:
        """Compare and confirm; a difference is said above the lines."""
        shift = self.sheet.shift
        retyped = {
            row.pk: (
                at_shift(shift, self.cleaned_data[f"arrived-{row.pk}"]),
                at_shift(shift, self.cleaned_data[f"left-{row.pk}"]),
            )
            for row in self.attendances
        }
        try:
            return compare_sheet(self.sheet, retyped=retyped, acting_user=acting_user)
        except SheetDiffers as refusal:
            self.add_error(None, str(refusal))
            return None


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def _noted(known: Attendance | None) -> dict[str, str]:
    """Who signed in by code and forgot to sign out: the time that is known."""
    if known is None:
        return {}
    if known.arrived_at is None:
        return {"came": ""}
    return {"arrived": _local(known.arrived_at)}
