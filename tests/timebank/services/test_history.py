"""Service recorded elsewhere: looked at row by row, taken in by two people, whole, once, undone."""

from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import Workbook

import timebank
from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message
from tests.factories.timebank import at, make_bank, make_confirmed_record, make_service_type
from tests.factories.timebank_corrections import plain_phone
from tests.factories.timebank_history import bring, history_table, make_history
from tests.factories.timebank_recognition import make_certificate, make_policy
from timebank.errors.history import HistoryBroughtBefore, HistoryUnreadable, NothingInFile
from timebank.models import HistoryImport, HistoryMapping, Relation, ServiceRecord, Transfer
from timebank.selectors.audit import differences_in
from timebank.selectors.certificates import standing_of
from timebank.selectors.history import report_rows
from timebank.selectors.stars import stars_of
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of, city_pool_of
from timebank.services.history import (
    approve_history,
    carry_on,
    carry_on_lost,
    propose_history,
    refuse_history,
    undo_history,
    withdraw_history,
)
from timebank.services.history_formats import minutes_of, read_row, recognise
from timebank.services.history_mapping import name_columns
from timebank.services.limits import set_limit_policy
from timebank.terms import history as terms
from timebank.terms import provenance

pytestmark = pytest.mark.django_db
MORNING = ("河道巡护", "2025-03-05 08:30", "2025-03-05 11:00", "2.5")
NOON = ("便民服务", "2025-03-05 12:00", "2025-03-05 13:00", "1")


@pytest.fixture
def bank(cast):
    make_service_type("S11", name="站点活动与公益活动", group="社区公益", max_minutes=480)
    return make_bank()


@pytest.fixture
def station(cast):
    return cast.stations["nanguanxiang"]


def errors_of(history):
    return {row.number: row.errors for row in history.rows.all() if row.errors}


def taken_in(history, by):
    approve_history(history, acting_user=by)
    return carry_on(history.pk)


@pytest.mark.parametrize(
    ("origin", "rows"),
    [
        ("zhejiang", [(150, "08:30"), (60, "14:00")]),
        ("zhiyuanhui", [(120, "09:00"), (180, "08:30")]),
        ("sheet", [(90, ""), (60, "15:00")]),
    ],
)
def test_each_format_is_known_by_its_sample(origin, rows):
    path = Path(timebank.__file__).parent / "data" / "history" / f"{origin}.csv"
    table = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()]

    known = recognise(table)

    assert (known.origin, known.missing) == (origin, [])
    read = [read_row(n, cells, known.columns) for n, cells in enumerate(table[1:], start=2)]
    assert [row.errors for row in read] == [[], []]
    told = [
        (row.minutes, f"{timezone.localtime(row.starts_at):%H:%M}" if row.starts_at else "")
        for row in read
    ]
    assert told == rows


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("2.5", 150), ("2小时30分", 150), ("150分钟", 150), ("0.01", 1), ("1 小时", 60),
        ("", None), ("两小时", None), ("-1", None), ("=1+1", None),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(words, minutes):
    assert minutes_of(words) == minutes


def test_each_row_says_what_is_wrong_with_it_and_nothing_is_written(cast, bank, station):
    make_confirmed_record(cast.anan, station, cast.chen)
    day = f"{at(14):%Y-%m-%d}"
    table = history_table(
        (cast.anan, *MORNING),
        (cast.anan, *MORNING),
        (cast.anan, "巡护", "2025-03-05 10:00", "2025-03-05 12:00", "2"),
        (cast.anan, "理发", f"{day} 14:30", f"{day} 15:30", "1"),
        (cast.baijia, "急救培训", "2025-03-05 08:30", "2025-03-05 11:00", "2.5"),
        (cast.baijia, "巡护", "2025-03-06 08:30", "2025-03-06 09:30", "2.5"),
        (cast.baijia, "巡护", "去年", "", "2.5"),
        (cast.baijia, "巡护", "2099-03-06 08:30", "2099-03-06 09:30", "1"),
    )
    table.append(["谁", "10000099999", "", "巡护", "", "", "", "2025-03-05 08:00", "", "1"])

    history = bring(station, table, cast.chen)

    assert (history.state, history.faulty, history.total) == ("faulty", 8, 9)
    found = {number: errors[0][:12] for number, errors in errors_of(history).items()}
    assert found == {
        3: "与第 2 行重复。",
        4: "与第 2 行的时间重叠。",
        5: "与平台已有的记录 FW1",
        6: "培训、会议和学习不是志愿",
        7: "时长比起止时间之间还长。",
        8: "看不懂日期“去年”。",
        9: "服务时间在以后。",
        10: "没有用这个手机号登记的人",
    }
    assert ServiceRecord.objects.filter(provenance="history").count() == 0
    assert next(row[1] for row in report_rows(history)) == ""
    with pytest.raises(OutOfTurn):
        propose_history(history, reason="试试", acting_user=cast.chen)


def test_two_people_take_it_in_whole_and_marked_without_credit(cast, bank, station):
    history = make_history(
        station, history_table((cast.anan, *MORNING), (cast.anan, *NOON)), cast.chen
    )
    kin = Relation.objects.create(declared_by=cast.guo, relative=cast.anan, kind="kin")
    for who in (cast.chen, cast.shu, cast.cheng, cast.guo):
        with pytest.raises(NotAllowed):
            approve_history(history, acting_user=who)
    kin.delete()

    history = taken_in(history, cast.guo)

    assert history.state == "posted"
    records = ServiceRecord.objects.filter(volunteer=cast.anan, provenance="history")
    assert {(one.state, one.minutes, one.credit_minutes) for one in records} == {
        ("confirmed", 150, 0),
        ("confirmed", 60, 0),
    }
    assert not Transfer.objects.exists()
    assert stars_of(cast.anan).minutes == 210
    assert Message.objects.filter(to_user=cast.anan, kind="history_imported").count() == 1
    assert Change.objects.filter(content_type__model="servicerecord", verb="confirm").count() == 2
    assert carry_on_lost() == 0


def test_nothing_comes_in_twice(cast, bank, station):
    table = history_table((cast.anan, *MORNING))
    history = make_history(station, table, cast.chen)
    with pytest.raises(HistoryBroughtBefore):
        bring(station, table, cast.fan)
    anew = bring(station, table, cast.fan, digest="f" * 64)
    assert errors_of(anew)[2][0] == f"这一条在第 {history.pk} 批里已经导入过。"
    withdraw_history(history, acting_user=cast.chen)

    again = taken_in(make_history(station, table, cast.chen, digest="e" * 64), cast.guo)

    assert again.state == "posted"
    assert carry_on(again.pk).state == "posted"
    assert ServiceRecord.objects.filter(provenance="history").count() == 1


def test_what_no_longer_fits_stops_all(cast, bank, station):
    day = f"{at(14):%Y-%m-%d}"
    late = (cast.anan, "理发", f"{day} 14:30", f"{day} 15:30", "1")
    history = make_history(station, history_table((cast.anan, *MORNING), late), cast.chen)
    make_confirmed_record(cast.anan, station, cast.chen)

    history = taken_in(history, cast.guo)

    assert (history.state, history.faulty) == ("faulty", 1)
    assert not ServiceRecord.objects.filter(provenance="history").exists()


def test_undone_as_a_whole_with_its_certificates_by_another_officer(cast, bank, station):
    make_policy(bank)
    table = history_table((cast.anan, *MORNING))
    history = taken_in(make_history(station, table, cast.chen), cast.guo)
    certificate = make_certificate(cast.anan, bank)
    with pytest.raises(NotAllowed):
        undo_history(history, reason="重复", acting_user=cast.guo)
    with pytest.raises(ReasonMissing):
        undo_history(history, reason=" ", acting_user=cast.fan)

    undo_history(history, reason="来源有误", acting_user=cast.fan)
    history = carry_on(history.pk)

    assert history.state == "undone"
    assert ServiceRecord.objects.get(provenance="history").state == "reversed"
    certificate = type(certificate).objects.with_standing().get(pk=certificate.pk)
    assert not standing_of(certificate).is_valid
    assert stars_of(cast.anan).minutes == 0
    assert taken_in(make_history(station, table, cast.chen), cast.guo).state == "posted"


def test_terms_may_make_it_redeemable_and_ask_for_one_person(cast, bank, station, monkeypatch):
    since = terms.HISTORY_TERMS[0].since
    one = terms.HistoryTerms(since, needs_second_person=False, not_service=())
    monkeypatch.setattr(terms, "HISTORY_TERMS", (one,))
    row = provenance.ProvenanceTerm("history", "", provenance.Redeemable.CONFIRMED)
    usable = provenance.ProvenanceTerms(since, (row,))
    monkeypatch.setattr(provenance, "PROVENANCE_TERMS", (usable,))
    history = make_history(station, history_table((cast.anan, *MORNING)), cast.fan)

    history = taken_in(history, cast.fan)

    assert history.state == "posted"
    assert balance_of(account_of(cast.anan, bank)).posted == 150
    assert differences_in(bank.book) == []


def test_refused_with_a_reason_and_unreadable_files_are_not_kept(cast, bank, station):
    history = make_history(station, history_table((cast.anan, *MORNING)), cast.chen)
    with pytest.raises(ReasonMissing):
        refuse_history(history, reason="", acting_user=cast.fan)
    assert refuse_history(history, reason="来源不明", acting_user=cast.fan).state == "refused"
    with pytest.raises(HistoryUnreadable) as refused:
        bring(station, [["二月", ""], ["安安", "x"]], cast.chen)
    assert "手机号" in str(refused.value)
    with pytest.raises(NothingInFile):
        bring(station, history_table(), cast.chen)
    with pytest.raises(NotAllowed):
        bring(station, history_table((cast.anan, *MORNING)), cast.cheng)


def test_pages_take_an_excel_file_and_show_the_rows(client, cast, bank, station):
    book, buffer = Workbook(), BytesIO()
    for cells in history_table((cast.anan, *MORNING), (cast.baijia, "巡护", "x", "y", "z")):
        book.active.append(cells)
    book.save(buffer)
    buffer.seek(0)
    buffer.name = "导出.xlsx"
    client.force_login(cast.chen)

    answer = client.post("/time/history/new/", {"station": station.pk, "upload": buffer})

    history = HistoryImport.objects.get()
    assert answer["Location"] == history.get_absolute_url()
    assert "正在逐行核对" in client.get(history.get_absolute_url()).content.decode()
    carry_on(history.pk)
    page = client.get(history.get_absolute_url()).content.decode()
    assert "2 行里有 1 行要改" in page
    assert "看不懂日期“x”" in page
    report = b"".join(client.get(f"{history.get_absolute_url()}report.csv")).decode()
    assert "看不懂日期“x”" in report


STRANGE = ["志愿者（全名）", "手机", "参加的项目名称", "志愿时间", "时长（小时）", "备注"]


def test_strange_heads_are_guessed_named_once_and_remembered(client, cast, bank, station):
    row = ["安安", plain_phone(cast.anan), "河道巡护", "2025-03-05", "2.5", "晴"]
    history = bring(station, [["二〇二五年台账", "", "", "", "", ""], STRANGE, row], cast.chen)
    assert (history.state, history.origin, history.total) == ("mapping", "other", 1)
    assert history.heads["columns"] == {"name": 0, "phone": 1, "what": 2, "day": 3, "hours": 4}
    with pytest.raises(NotAllowed):
        name_columns(history, origin="other", columns={}, acting_user=cast.fan)
    with pytest.raises(HistoryUnreadable) as refused:
        name_columns(history, origin="other", columns={"name": 0}, acting_user=cast.chen)
    assert "手机号" in str(refused.value)
    client.force_login(cast.chen)
    url = f"{history.get_absolute_url()}columns/"
    page = client.get(url).content.decode()
    assert "参加的项目名称" in page
    assert plain_phone(cast.anan) not in page
    told = {"origin": "other", "column_1": "phone", "column_2": "what", "column_4": "hours"}
    twice = client.post(url, told | {"column_0": "phone", "column_3": "day"})
    assert twice.status_code == 422
    assert "已经选过一列了" in twice.content.decode()

    answer = client.post(url, told | {"column_0": "name", "column_3": "day"})

    assert answer["Location"] == history.get_absolute_url()
    history = carry_on(history.pk)
    assert (history.state, history.minutes, errors_of(history)) == ("clean", 150, {})
    wrong = bring(station, [STRANGE, [*row[:3], "哪天", *row[4:]]], cast.chen)
    assert (wrong.state, list(errors_of(wrong))) == ("faulty", [2])
    named_anew = {"name": 0, "phone": 1, "what": 2, "day": 3, "hours": 4}
    name_columns(wrong, origin="sheet", columns=named_anew, acting_user=cast.chen)
    assert (HistoryMapping.objects.count(), carry_on(wrong.pk).state) == (1, "faulty")


@pytest.mark.parametrize("when_full", ["pool", "refuse"])
def test_somebody_at_the_ceiling_does_not_stop_the_file(
    cast, bank, station, monkeypatch, when_full
):
    since = terms.HISTORY_TERMS[0].since
    row = provenance.ProvenanceTerm("history", "", provenance.Redeemable.CONFIRMED)
    monkeypatch.setattr(
        provenance, "PROVENANCE_TERMS", (provenance.ProvenanceTerms(since, (row,)),)
    )
    set_limit_policy(
        bank.book,
        kind="person",
        floor=0,
        ceiling=200,
        when_full=when_full,
        version="演示",
        reason="演示",
        acting_user=cast.fan,
    )
    table = history_table((cast.anan, *MORNING), (cast.anan, *NOON), (cast.zhu, *NOON))

    history = taken_in(make_history(station, table, cast.chen), cast.fan)

    if when_full == "refuse":
        assert (history.state, list(errors_of(history))) == ("faulty", [3])
        assert not ServiceRecord.objects.exists()
        return
    assert history.state == "posted"
    assert balance_of(account_of(cast.anan, bank)).posted == 200
    assert balance_of(account_of(cast.zhu, bank)).posted == 60
    assert balance_of(city_pool_of(bank)).posted == 10
    assert Message.objects.filter(kind="hours_overflowed", to_user=cast.anan).exists()
    assert differences_in(bank.book) == []
