"""A second look at a sheet of paper: another person holds the scan against what was typed.

Where the terms say so (`sheets_typed_twice`) that person types the times once more; nothing counts
before both agree. Entering stands in `services.sheets`.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from timebank.errors.presence import OwnSheet, SheetDiffers
from timebank.models import Attendance, PaperSheet, ServiceRecord, Shift
from timebank.rules import presence as rules
from timebank.services.presence_hours import settle
from timebank.services.record_decisions import ConfirmReport, confirm_records
from timebank.terms.presence import presence_terms

type Times = tuple[datetime, datetime]


def is_typed_twice(sheet: PaperSheet) -> bool:
    return presence_terms(timezone.localdate(sheet.shift.starts_at)).sheets_typed_twice


@transaction.atomic
def compare_sheet(
    sheet: PaperSheet, *, retyped: Mapping[int, Times] | None = None, acting_user: User
) -> ConfirmReport:
    """Say that the paper was compared, and confirm the hours that rest on it.

    `retyped` is what was typed the second time, by number of attendance. What may not be confirmed
    is told in the report and stays. Refused: `OwnSheet`, `NotAllowed`, `SheetDiffers`.
    """
    PaperSheet.objects.select_for_update().only("pk").get(pk=sheet.pk)
    if sheet.entered_by_id == acting_user.pk:
        raise OwnSheet()
    if not rules.may_compare_sheet(acting_user, sheet):
        raise NotAllowed()
    if is_typed_twice(sheet):
        _require_same(list(sheet.attendances.select_related("volunteer")), retyped or {})
        _let_count(sheet)
    waiting = ServiceRecord.objects.submitted().filter(attendance__sheet=sheet).with_parties()
    report = confirm_records(list(waiting), acting_user=acting_user)
    sheet.compared_by, sheet.compared_at = acting_user, database_now()
    sheet.save(update_fields=["compared_by", "compared_at"])
    record_change(
        sheet, "compare", acting_user=acting_user, facts={"confirmed": len(report.confirmed)}
    )
    return report


def _let_count(sheet: PaperSheet) -> None:
    """Both typings agree: what follows from the times follows now."""
    shift = Shift.objects.with_activity().select_related("activity__led_by").get(pk=sheet.shift_id)
    waiting = sheet.attendances.filter(state=Attendance.State.LEFT).select_for_update(of=("self",))
    for row in waiting.select_related("volunteer", "signup__position", "arrived_by", "left_by"):
        row.shift = shift
        settle(row, late_reason=row.reason)


def _require_same(rows: list[Attendance], retyped: Mapping[int, Times]) -> None:
    differing = [
        row.volunteer.display_name
        for row in rows
        if row.arrived_at is not None and _minutes(retyped.get(row.pk)) != _minutes(_times(row))
    ]
    if differing:
        raise SheetDiffers(names=", ".join(differing))


def _times(row: Attendance) -> Times | None:
    if row.arrived_at is None or row.left_at is None:
        return None
    return row.arrived_at, row.left_at


def _minutes(times: Times | None) -> tuple[int, ...]:
    """To the minute, as paper has it."""
    return tuple(int(at.timestamp()) // 60 for at in times) if times is not None else ()
