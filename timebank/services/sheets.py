"""Enter a signed sheet of paper: everyone on it at once, who just came among them.

A sheet is taken whole or not at all: what stands against a row is told for that row, and nothing is
written until every row is right. The hours then wait for another person than the one who typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import NotAllowed, Refusal
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import Attachment, Person, User
from accounts.selectors.people import user_by_contact
from accounts.services.changes import record_change
from accounts.services.signup import bring_person_in
from timebank.errors.presence import ScansMissing
from timebank.models import Attendance, PaperSheet, Shift, Signup
from timebank.rules import presence as rules
from timebank.services.presence import write_presence
from timebank.services.presence_absences import mark_absent
from timebank.services.presence_steps import Evidence
from timebank.services.recipients import oneself
from timebank.services.signups import locked_shift
from timebank.services.walk_ins import walk_in
from timebank.terms.presence import presence_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One line of the paper: somebody with a seat, or a name and a number of who just came."""

    signup: Signup | None = None
    name: str = ""
    phone: str = ""
    born_on: date | None = None
    is_absent: bool = False
    arrived_at: datetime | None = None
    left_at: datetime | None = None


class RowsRefused(Exception):
    """Some rows cannot be taken; nothing was written. By place in the sheet."""

    def __init__(self, refusals: dict[int, Refusal]) -> None:
        super().__init__(f"{len(refusals)} rows")
        self.refusals = refusals


@transaction.atomic
def enter_sheet(
    shift: Shift,
    rows: Sequence[SheetRow],
    *,
    kept_by: str,
    checked_by: str,
    scans: Sequence[Attachment],
    late_reason: str = "",
    acting_user: User,
) -> PaperSheet:
    """Take a sheet in: presence and service records for who came, absence for who did not.

    Refused: `NotAllowed`, `ScansMissing`; `RowsRefused` with what stands against each row.
    """
    shift = locked_shift(shift)
    if not rules.may_keep_presence(acting_user, shift):
        raise NotAllowed()
    if not scans:
        raise ScansMissing()
    sheet = PaperSheet.objects.create(
        shift=shift, kept_by=kept_by, checked_by=checked_by, entered_by=acting_user
    )
    sheet.scans.set(scans)
    refused: dict[int, Refusal] = {}
    for place, row in enumerate(rows):
        try:
            with transaction.atomic():
                _enter(sheet, row, late_reason, acting_user)
        except Refusal as refusal:
            refused[place] = refusal
    if refused:
        raise RowsRefused(refused)
    record_change(sheet, "enter", acting_user=acting_user, facts={"rows": len(rows)})
    return sheet


def _enter(sheet: PaperSheet, row: SheetRow, late_reason: str, acting_user: User) -> None:
    shift = sheet.shift
    if row.is_absent:
        assert row.signup is not None, "only who has a seat can be absent"
        mark_absent(row.signup, acting_user=acting_user)
        return
    signup = row.signup or walk_in(
        shift, _who_came(shift, row, acting_user), acting_user=acting_user
    )
    assert row.arrived_at is not None, "the form asks for both times"
    assert row.left_at is not None, "the form asks for both times"
    write_presence(
        signup,
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        evidence=Evidence(how=Attendance.How.PAPER, reason=late_reason),
        sheet=sheet,
        late_reason=late_reason,
        waits_for=_what_it_waits_for(shift),
        acting_user=acting_user,
    )


def _what_it_waits_for(shift: Shift) -> str:
    """Where the terms ask for a second typing, nothing follows from the first one alone."""
    if not presence_terms(timezone.localdate(shift.starts_at)).sheets_typed_twice:
        return ""
    with override(OFFICIAL_LANGUAGE):
        return _("等另一个人对着扫描件再录一遍，两遍一样才记时长")


def _who_came(shift: Shift, row: SheetRow, acting_user: User) -> User:
    """Whoever has this number; else a newcomer, with the date of birth that was seen."""
    known = user_by_contact(row.phone) or User.objects.filter(phone=row.phone).first()
    if known is not None:
        return known
    newcomer = bring_person_in(
        display_name=row.name,
        community=shift.region,
        phone=row.phone,
        acting_user=acting_user,
    )
    person = oneself(newcomer)
    if row.born_on is not None:
        Person.objects.filter(pk=person.pk).update(born_on=row.born_on)
        record_change(person, "note_birth", acting_user=acting_user)
    return User.objects.get(pk=newcomer.pk)
