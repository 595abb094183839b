"""What looks into records: relatives, queries and corrections, bars, inspections, deadlines."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Message
from tests.factories.timebank import (
    at,
    day,
    make_bank,
    make_confirmed_record,
    make_record,
    make_service,
)
from tests.factories.timebank_orders import make_order_in
from timebank.errors.checks import (
    BarredBefore,
    DrawnBefore,
    ItemsOpen,
    NothingFalse,
    NothingToQuery,
    PaidByOrder,
    QueryOpen,
    WitnessMissing,
)
from timebank.errors.records import NotTheirName, RelatedAlready, SelfReportBarred
from timebank.models import RecordQuery, Relation, SelfReportBar, ServiceRecord
from timebank.selectors.bars import bar_in_force
from timebank.selectors.deadlines import not_recorded, overdue_count
from timebank.selectors.inspections import published_file, town_results
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.bars import appeal_bar, decide_bar, impose_bar
from timebank.services.inspections import (
    check_item,
    draw_inspection,
    prepare_inspection,
    publish_inspection,
    recheck_item,
    reply_to_notice,
)
from timebank.services.record_looks import refuse_record
from timebank.services.record_queries import (
    Right,
    approve_correction_of,
    escalate_query,
    keep_record,
    propose_correction,
    raise_query,
)
from timebank.services.records import submit_record
from timebank.services.relations import declare_relative, end_relation
from timebank.standalone.draw import differences, drawn_from, size_of
from timebank.terms.checks import inspection_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def station(cast, bank):
    return cast.stations["nanguanxiang"]


# Relatives


def test_relatives_are_declared_by_name_and_number_and_seen_by_the_two_alone(cast):
    told = {"phone": cast.chen.phone, "kind": "kin", "acting_user": cast.anan}

    with pytest.raises(NotTheirName):
        declare_relative(cast.anan, name="程站长", **told)
    relation = declare_relative(cast.anan, name="陈站长", **told)
    with pytest.raises(RelatedAlready):
        declare_relative(cast.anan, name="陈站长", **told)

    seen = {who for who in cast.people if Relation.objects.visible_to(cast.people[who]).exists()}
    assert seen == {"anan", "chen"}
    assert Message.objects.get(kind="relation_declared").to_user == cast.chen
    with pytest.raises(NotAllowed):
        end_relation(relation, acting_user=cast.chen)
    end_relation(relation, acting_user=cast.anan)
    assert not Relation.objects.standing().exists()


# Queries


def test_correction_reverses_the_old_row_and_leaves_a_new_one(cast, bank, station):
    """安安's hour was two: 60 minutes become 120, by 陈站长's word and 范科长's."""
    old = make_confirmed_record(cast.anan, station, cast.chen)
    query = raise_query(old, wrong="time", words="是两小时", acting_user=cast.anan)
    with pytest.raises(QueryOpen):
        raise_query(old, wrong="time", words="再说一遍", acting_user=cast.anan)
    right = Right(old.what, old.place, at(14), at(16))
    propose_correction(query, right, answer="签到表上是两小时", acting_user=cast.chen)

    with pytest.raises(NotAllowed):
        approve_correction_of(query, acting_user=cast.chen)
    done = approve_correction_of(query, acting_user=cast.fan)

    old.refresh_from_db()
    new = done.corrected
    assert (old.state, old.minutes) == ("reversed", 60)
    assert (new.state, new.minutes, new.confirmed_by) == ("confirmed", 120, cast.fan)
    assert new.provenance == old.provenance
    assert balance_of(account_of(cast.anan, bank)).posted == 120
    with pytest.raises(OutOfTurn):
        approve_correction_of(query, acting_user=cast.fan)


def test_kept_record_may_be_taken_to_who_stands_over_the_station(cast, bank, station):
    record = make_confirmed_record(cast.anan, station, cast.chen)
    query = raise_query(record, wrong="time", words="是两小时", acting_user=cast.anan)
    with pytest.raises(ReasonMissing):
        keep_record(query, answer="", acting_user=cast.chen)
    keep_record(query, answer="签退是三点", acting_user=cast.chen)
    query = escalate_query(query, reason="签退机坏了", acting_user=cast.anan)

    with pytest.raises(NotAllowed):
        keep_record(query, answer="还是三点", acting_user=cast.chen)
    keep_record(query, answer="看了监控，是三点", acting_user=cast.dai)

    assert RecordQuery.objects.get().state == "kept"
    assert balance_of(account_of(cast.anan, bank)).posted == 60
    assert Message.objects.filter(to_user=cast.anan, kind="query_kept").count() == 2


def test_hours_somebody_paid_for_are_not_made_anew_by_a_correction(cast):
    order = make_order_in("settled", cast)
    record = ServiceRecord.objects.get(source=order.source)
    query = raise_query(record, wrong="time", words="是一小时", acting_user=cast.anan)
    longer = Right(
        record.what, record.place, record.started_at - timedelta(minutes=30), record.ended_at
    )

    with pytest.raises(PaidByOrder):
        propose_correction(query, longer, answer="问过", acting_user=cast.chen)
    keep_record(query, answer="订单上是半小时", acting_user=cast.chen)

    assert ServiceRecord.objects.get().state == "confirmed"


def test_correction_of_the_words_alone_keeps_the_minutes_and_brings_none_where_none_were(
    cast, bank, station
):
    """九十分钟的班里算了一小时; history that was kept for certificates alone stays that."""
    facts = {"started_at": at(14), "ended_at": at(15, 30), "minutes": 60}
    old = make_confirmed_record(cast.anan, station, cast.chen, **facts)
    ServiceRecord.objects.filter(pk=old.pk).update(coefficient=0, credit=None)
    query = raise_query(old, wrong="other", words="是理发", acting_user=cast.anan)
    right = Right("为两位老人理发", old.place, old.started_at, old.ended_at)
    propose_correction(query, right, answer="问过", acting_user=cast.chen)

    new = approve_correction_of(query, acting_user=cast.fan).corrected

    assert (new.what, new.minutes, new.credit_id) == ("为两位老人理发", 60, None)


def test_only_settled_records_of_ones_own_are_contested(cast, station):
    waiting = make_record(cast.anan, station)
    settled = make_confirmed_record(cast.zhu, station, cast.chen)

    with pytest.raises(NothingToQuery):
        raise_query(waiting, wrong="time", words="是两小时", acting_user=cast.anan)
    with pytest.raises(NotAllowed):
        raise_query(settled, wrong="time", words="是两小时", acting_user=cast.anan)


# Bars


def refused_record(cast, station):
    record = make_record(cast.anan, station)
    return refuse_record(record, reason="问过，没有这回事", acting_user=cast.fan)


def test_bar_lasts_a_year_and_until_a_hundred_new_hours(cast, bank, station):
    record = refused_record(cast, station)
    with pytest.raises(NothingFalse):
        impose_bar(make_record(cast.zhu, station), reason="不实", acting_user=cast.fan)
    bar = impose_bar(record, reason="自报不实", acting_user=cast.fan)
    with pytest.raises(BarredBefore):
        impose_bar(record, reason="再来一次", acting_user=cast.fan)

    with pytest.raises(SelfReportBarred) as refusal:
        make_record(cast.anan, station)
    by_station = submit_record(cast.anan, make_service(station), acting_user=cast.chen)

    assert refusal.value.facts == {"until": bar.ends_on, "minutes": 6000}
    assert "100 小时" in str(refusal.value)
    assert by_station.state == "submitted"
    over = bar.ends_on + timedelta(days=1)
    assert bar_in_force(cast.anan, over).missing_minutes == 6000  # the year alone is not enough
    SelfReportBar.objects.update(minutes_needed=0)
    assert bar_in_force(cast.anan, bar.ends_on) is not None  # nor the hours alone
    assert bar_in_force(cast.anan, over) is None


def test_appeal_is_decided_by_somebody_else(cast, station):
    bar = impose_bar(refused_record(cast, station), reason="自报不实", acting_user=cast.fan)
    appeal_bar(bar, reason="那天我在，白奶奶可以作证", acting_user=cast.anan)

    with pytest.raises(NotAllowed):
        decide_bar(bar, "lift", reason="算了", acting_user=cast.fan)
    decide_bar(bar, "lift", reason="问过白奶奶，确有其事", acting_user=cast.guo)

    assert bar_in_force(cast.anan, timezone.localdate()) is None
    assert make_record(cast.anan, station, started_at=at(16), ended_at=at(17)).pk
    assert Message.objects.filter(to_user=cast.anan, kind="bar_lifted").count() == 1


# Inspections


def answers(said="yes"):
    return {key: said for key, _words in inspection_terms(day()).questions}


def test_draw_can_be_run_again_by_anyone_and_changes_with_one_letter(cast, bank, tmp_path):
    home, away = cast.stations["nanguanxiang"], cast.stations["xucun"]
    for hour in range(8, 14):
        span = {"started_at": at(hour), "ended_at": at(hour + 1)}
        make_confirmed_record(cast.anan, home, cast.chen, **span)
        make_confirmed_record(cast.zhu, away, cast.cheng, **span)
    draw = prepare_inspection(bank, since=day(3), until=day(0), acting_user=cast.fan)
    with pytest.raises(DrawnBefore):
        prepare_inspection(bank, since=day(3), until=day(0), acting_user=cast.fan)
    with pytest.raises(WitnessMissing):
        draw_inspection(draw, witness="关大爷", word=" ", acting_user=cast.fan)
    draw = draw_inspection(draw, witness="关大爷", word="潮水 1118", acting_user=cast.fan)

    items = list(draw.items.select_related("record", "inspector"))
    published = published_file(draw)
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(published))
    out = StringIO()
    call_command("replay_draw", str(file), stdout=out)

    assert [row.drawn for row in town_results(draw)] == [2, 2]  # two of each town, never fewer
    assert "the same 4 records" in out.getvalue()
    assert not any(name in json.dumps(published, ensure_ascii=False) for name in ("安安", "陈站长"))
    for item in items:  # nobody inspects where they work or what they confirmed
        assert item.inspector not in (item.record.confirmed_by, item.record.volunteer)
        assert (item.inspector, item.record.station) != (cast.xia, home)
    again = dict(published, word="潮水 1119")
    assert differences(again) == ["the same pool and seed draw other records or inspectors"]
    fewer = json.loads(json.dumps(published))
    fewer["pool"]["towns"]["330481001000"].pop()
    assert "the pool is not the one whose hash was published" in differences(fewer)
    file.write_text(json.dumps(fewer))
    with pytest.raises(CommandError):
        call_command("replay_draw", str(file))


def test_pool_is_drawn_from_evenly():
    """10,000 draws of one record from five: each between 1,850 and 2,150 times."""
    pool = {
        "towns": {"t": ["a", "b", "c", "d", "e"]},
        "inspectors": ["J1"],
        "kept_from": {},
        "per_mille": 20,
        "at_least": 1,
    }
    counts = dict.fromkeys("abcde", 0)
    for seed in range(10_000):
        ((_town, number, _code),) = drawn_from(pool, str(seed))
        counts[number] += 1

    assert all(1_850 <= count <= 2_150 for count in counts.values())
    assert size_of(48_000, per_mille=20, at_least=2) == 960
    assert size_of(1, per_mille=20, at_least=2) == 1


def test_notice_reply_recheck_and_a_result_in_numbers(cast, bank, station):
    for hour in (8, 10):
        span = {"started_at": at(hour), "ended_at": at(hour + 1)}
        make_confirmed_record(cast.anan, station, cast.chen, **span)
    draw = prepare_inspection(bank, since=day(3), until=day(0), acting_user=cast.fan)
    draw_inspection(draw, witness="关大爷", word="观潮", acting_user=cast.fan)
    first, second = draw.items.select_related("inspector").order_by("pk")

    told = {"answers": answers(), "remarks": "问了白奶奶"}
    check_item(first, "pass_", **told, acting_user=first.inspector)
    other = next(who for who in (cast.fan, cast.dai, cast.xu) if who != second.inspector)
    with pytest.raises(NotAllowed):
        check_item(second, "pass_", **told, acting_user=other)
    check_item(
        second,
        "notify",
        answers=answers("no"),
        remarks="没有照片",
        demand="补回访记录",
        acting_user=second.inspector,
    )
    with pytest.raises(ItemsOpen):
        publish_inspection(draw, acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        reply_to_notice(second, reply="补好了", acting_user=cast.cheng)
    reply_to_notice(second, reply="已补回访", acting_user=cast.chen)
    recheck_item(second, "close", outcome="看过", acting_user=second.inspector)
    publish_inspection(draw, acting_user=cast.fan)

    (town,) = town_results(draw)
    assert (town.drawn, town.passed, town.put_right, town.false) == (2, 1, 1, 0)


# Ten working days


def test_what_is_not_confirmed_in_ten_working_days_is_overdue(cast, station):
    long_ago = {"started_at": at(9, days_ago=30), "ended_at": at(10, days_ago=30)}
    make_record(cast.anan, station, late_reason="住院", **long_ago)
    make_record(cast.anan, station)
    today = timezone.localdate()

    rows = {who: not_recorded(cast.people[who], today) for who in ("chen", "dai", "fan", "cheng")}

    assert [len(found) for found in rows.values()] == [1, 1, 1, 0]
    assert overdue_count(cast.chen, today) == 1
    assert rows["chen"][0].is_overdue
    assert ServiceRecord.objects.get(late_reason="住院").provenance == "backfilled"
