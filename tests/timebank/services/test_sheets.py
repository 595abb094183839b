"""A signed sheet of paper: taken whole or not at all, with who just came."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import NotAllowed
from accounts.models import Attachment
from tests.factories.timebank_activities import make_volunteer
from tests.factories.timebank_presence import came, seat_of, shift_under_way
from timebank.errors.presence import OwnSheet, ScansMissing, SheetDiffers
from timebank.errors.records import OwnEntry
from timebank.models import Attendance, PaperSheet, ServiceRecord, Signup
from timebank.services.record_decisions import confirm_record
from timebank.services.sheet_comparing import compare_sheet
from timebank.services.sheets import RowsRefused, SheetRow, enter_sheet
from timebank.terms.presence import PRESENCE_TERMS

pytestmark = pytest.mark.django_db

HEAD = {"kept_by": "诸阿姨", "checked_by": "陈站长"}


@pytest.fixture
def home(cast):
    return cast.stations["nanguanxiang"]


@pytest.fixture
def scans(cast):
    return [
        Attachment.objects.create(
            kind="image",
            name="签到表.jpg",
            suffix=".jpg",
            file="attachments/x.jpg",
            sha256="0" * 64,
            size_bytes=10,
            uploaded_by=cast.chen,
        )
    ]


def whole(shift, **facts):
    return SheetRow(arrived_at=shift.starts_at, left_at=shift.ends_at, **facts)


def test_twenty_people_and_two_who_just_came(cast, home, scans):
    people = [make_volunteer(home.region) for _ in range(20)]
    shift = shift_under_way(home, *people, led_by=cast.chen, since_minutes=130, seats=25)
    rows = [whole(shift, signup=seat_of(shift, one)) for one in people[:18]]
    rows.append(
        SheetRow(
            signup=seat_of(shift, people[18]),
            arrived_at=shift.starts_at,
            left_at=shift.starts_at + timedelta(minutes=30),
        )
    )
    rows.append(SheetRow(signup=seat_of(shift, people[19]), is_absent=True))
    rows.append(whole(shift, name="安安", phone=cast.anan.phone))
    rows.append(whole(shift, name="新来的", phone="+8610088880001", born_on=date(1970, 3, 1)))

    sheet = enter_sheet(shift, rows, scans=scans, acting_user=cast.chen, **HEAD)

    states = list(Attendance.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["counted"] * 18 + ["short", "absent", "counted", "counted"]
    assert sheet.attendances.count() == 21, "who did not come is not on the paper"
    assert Signup.objects.filter(came="walk_in").count() == 2
    records = ServiceRecord.objects.all()
    assert {(r.provenance, r.state, r.minutes) for r in records} == {("paper", "submitted", 120)}
    with pytest.raises(OwnEntry):
        confirm_record(records[0], acting_user=cast.chen)
    confirm_record(records[0], acting_user=cast.fan)


def test_one_wrong_line_and_nothing_is_written(cast, home, scans):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=130)
    rows = [
        whole(shift, signup=seat_of(shift, cast.anan)),
        whole(shift, name="不知几岁", phone="+8610088880002"),
        SheetRow(
            signup=seat_of(shift, cast.anan),
            arrived_at=shift.ends_at,
            left_at=shift.starts_at,
        ),
    ]

    with pytest.raises(RowsRefused) as told:
        enter_sheet(shift, rows, scans=scans, acting_user=cast.chen, **HEAD)

    assert {place: refusal.code for place, refusal in told.value.refusals.items()} == {
        1: "birth_unknown",
        2: "presence_times_wrong",
    }
    assert not Attendance.objects.exists()
    assert not PaperSheet.objects.exists()
    with pytest.raises(ScansMissing):
        enter_sheet(shift, rows[:1], scans=[], acting_user=cast.chen, **HEAD)
    with pytest.raises(NotAllowed):
        enter_sheet(shift, rows[:1], scans=scans, acting_user=cast.zhu, **HEAD)


def test_paper_completes_what_a_phone_began_and_counts_once(cast, home, scans):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=119)
    there = came(shift, cast.anan, ago_minutes=119)
    shift.starts_at -= timedelta(minutes=10)
    shift.ends_at -= timedelta(minutes=10)
    shift.save(update_fields=["starts_at", "ends_at"])
    row = SheetRow(
        signup=seat_of(shift, cast.anan), arrived_at=there.arrived_at, left_at=shift.ends_at
    )

    enter_sheet(shift, [row], scans=scans, acting_user=cast.chen, **HEAD)
    with pytest.raises(RowsRefused):
        enter_sheet(shift, [row], scans=scans, acting_user=cast.chen, **HEAD)

    there.refresh_from_db()
    assert (there.state, there.arrived_how, there.left_how) == ("counted", "code", "paper")
    assert ServiceRecord.objects.count() == 1


def test_another_person_holds_the_scan_against_it_and_confirms_it_whole(cast, home, scans):
    people = [make_volunteer(home.region) for _ in range(3)]
    shift = shift_under_way(home, *people, led_by=cast.chen, since_minutes=130)
    rows = [whole(shift, signup=seat_of(shift, one)) for one in people]
    sheet = enter_sheet(shift, rows, scans=scans, acting_user=cast.chen, **HEAD)
    with pytest.raises(OwnSheet):
        compare_sheet(sheet, acting_user=cast.chen)
    for stranger in (cast.zhu, cast.cheng, cast.xia):
        with pytest.raises(NotAllowed):
            compare_sheet(sheet, acting_user=stranger)

    report = compare_sheet(sheet, acting_user=cast.dai)

    assert len(report.confirmed) == 3
    assert not report.refused
    sheet.refresh_from_db()
    assert sheet.compared_by == cast.dai
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSheet.objects.update(compared_by=cast.chen)


def test_typed_twice_only_what_agrees_is_confirmed(cast, home, scans, monkeypatch):
    twice = replace(PRESENCE_TERMS[-1], sheets_typed_twice=True)
    monkeypatch.setattr("timebank.terms.presence.PRESENCE_TERMS", (twice,))
    people = [make_volunteer(home.region) for _ in range(2)]
    shift = shift_under_way(home, *people, led_by=cast.chen, since_minutes=130)
    rows = [whole(shift, signup=seat_of(shift, one)) for one in people]
    sheet = enter_sheet(shift, rows, scans=scans, acting_user=cast.chen, **HEAD)
    first, second = sheet.attendances.order_by("pk")
    again = {row.pk: (row.arrived_at, row.left_at) for row in (first, second)}
    other = again | {second.pk: (second.arrived_at, second.left_at - timedelta(minutes=10))}

    for wrong in (None, other):
        with pytest.raises(SheetDiffers) as told:
            compare_sheet(sheet, retyped=wrong, acting_user=cast.dai)
    assert told.value.facts["names"] == second.volunteer.display_name
    first.refresh_from_db()
    assert (first.state, first.record) == ("left", None), "typed once counts nothing"
    assert "再录一遍" in first.hindrance
    assert sheet in PaperSheet.objects.to_compare()
    compare_sheet(sheet, retyped=again, acting_user=cast.dai)

    assert ServiceRecord.objects.filter(state="confirmed").count() == 2
    first.refresh_from_db()
    assert (first.state, first.minutes, first.hindrance) == ("counted", 120, "")
    assert sheet not in PaperSheet.objects.to_compare()
