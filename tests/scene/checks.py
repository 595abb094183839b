"""The scene of what looks into records: a relative, a flag, queries, a bar, a draw with its items.

安安's records lie some days back, 方爷爷 is the one who reported falsely; 戴社工 is the inspector.
"""

from collections.abc import Iterator
from typing import Any

from config.demo.cast import Cast
from tests.factories.timebank import at, day, make_confirmed_record, make_record, make_service
from timebank.models import Inspection, InspectionItem, Relation, ServiceRecord, TimeBank
from timebank.services.bars import impose_bar
from timebank.services.inspections import check_item, draw_inspection, prepare_inspection
from timebank.services.numbers import check_number, own_number
from timebank.services.record_entries import enter_record
from timebank.services.record_looks import refuse_record
from timebank.services.record_queries import Right, keep_record, propose_correction, raise_query
from timebank.terms.checks import inspection_terms


def checks_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    home = cast.stations["nanguanxiang"]
    relation = Relation.objects.create(declared_by=cast.anan, relative=cast.baijia, kind="kin")
    yield "relation-anan", {"pk": relation.pk}
    held = make_record(cast.anan, home, started_at=at(8, days_ago=3), ended_at=at(17, days_ago=3))
    yield "record-held", {"pk": held.pk}
    for back, key in ((4, "open"), (5, "proposed"), (6, "kept")):
        record = make_confirmed_record(
            cast.anan,
            home,
            cast.chen,
            started_at=at(8, days_ago=back),
            ended_at=at(9, days_ago=back),
        )
        query = raise_query(record, wrong="time", words="是两小时", acting_user=cast.anan)
        if key == "proposed":
            right = Right(record.what, record.place, record.started_at, at(10, days_ago=back))
            propose_correction(query, right, answer="签到表", acting_user=cast.chen)
        if key == "kept":
            keep_record(query, answer="签退是九点", acting_user=cast.chen)
        yield f"query-{key}", {"pk": query.pk}
        for verb in ("keep", "propose", "correct", "withdraw", "escalate", "nonsense"):
            yield f"query-{key}-{verb}", {"pk": query.pk, "verb": verb}
    yield "record-entered", {"pk": _entry(cast).pk}
    yield from _bar(cast)
    yield from _draws(cast)


def _entry(cast: Cast) -> ServiceRecord:
    """What 陈站长 wrote down that 安安 did for 白奶奶, who has a telephone here."""
    recipient = cast.persons["bai"]
    recipient.phone = "10000008888"
    recipient.save(update_fields=["phone"])
    check_number(recipient, phone=own_number(recipient), acting_user=cast.dai)
    service = make_service(
        cast.stations["nanguanxiang"],
        started_at=at(8, days_ago=9),
        ended_at=at(9, days_ago=9),
        recipient=recipient,
        for_whom="",
        late_reason="本人打电话来说",
    )
    return enter_record(cast.anan, service, acting_user=cast.chen)


def _bar(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """Two records of 方爷爷 that were refused; the first brought a bar."""
    home = cast.stations["nanguanxiang"]
    first, second = (
        make_record(cast.fang, home, started_at=at(8, days_ago=back), ended_at=at(9, days_ago=back))
        for back in (3, 4)
    )
    for record in (first, second):
        refuse_record(record, reason="没有这回事", acting_user=cast.fan)
    bar = impose_bar(first, reason="自报不实", acting_user=cast.fan)
    yield "record-refused", {"pk": second.pk}
    yield "bar-fang", {"pk": bar.pk}
    for verb in ("appeal", "lift", "uphold"):
        yield f"bar-fang-{verb}", {"pk": bar.pk, "verb": verb}


def _draws(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """One laid down, one drawn (戴社工 has two to look at, one with a notice), one published."""
    bank = TimeBank.objects.select_related("book", "region").get(region__code="330481000000")
    home = cast.stations["nanguanxiang"]
    for hour in (8, 10):
        make_confirmed_record(
            cast.anan,
            home,
            cast.chen,
            started_at=at(hour, days_ago=40),
            ended_at=at(hour + 1, days_ago=40),
            late_reason="住院",
        )
    ServiceRecord.objects.filter(late_reason="住院").update(provenance="check_in")

    def prepared(back: int) -> Inspection:
        return prepare_inspection(bank, since=day(back), until=day(36), acting_user=cast.fan)

    waits = prepared(44)
    yield "inspection-prepared", {"pk": waits.pk}
    yield "draw-prepared", {"number": waits.number}
    drawn = draw_inspection(prepared(45), witness="关大爷", word="潮水", acting_user=cast.fan)
    yield "inspection-drawn", {"pk": drawn.pk}
    InspectionItem.objects.filter(inspection=drawn).update(inspector=cast.dai)
    first, second = drawn.items.order_by("pk")
    noticed = check_item(
        second,
        "notify",
        answers={key: "no" for key, _words in inspection_terms(day()).questions},
        remarks="没有照片",
        demand="补回访",
        acting_user=cast.dai,
    )
    for key, item in (("item-dai", first), ("item-noticed", noticed)):
        yield key, {"pk": item.pk}
        for verb in ("pass_", "reply", "nonsense"):
            yield f"{key}-{verb}", {"pk": item.pk, "verb": verb}
    done = draw_inspection(prepared(46), witness="关大爷", word="潮水", acting_user=cast.fan)
    done.items.update(state="passed", inspector=cast.dai)
    Inspection.objects.filter(pk=done.pk).update(state="published", published_at=at(12))
    yield "draw-published", {"number": done.number}


def forms() -> dict[str, dict[str, Any]]:
    """What somebody who fills a form in well sends."""
    return {
        "words": {"words": "核对过，问了在场的人"},
        "clear": {"verb": "clear", "words": "打电话问过"},
        "witness": {"witness": "关大爷", "word": "观潮"},
        "four_digits": {"code": "0000"},
        "columns": {
            "origin": "other",
            "column_0": "name",
            "column_1": "phone",
            "column_2": "what",
            "column_3": "day",
            "column_4": "hours",
        },
    }
