"""The scene of needs: one in each state at 南关厢, one of 许村, one private; a visit of 夏社工.

安安 raised them unless the key says otherwise; 诸阿姨 supports the listed one.
"""

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Region
from config.demo.cast import NANGUANXIANG, XUCUN, Cast
from tests.factories.ventures_needs import make_listed_need, make_need
from ventures.models import Need, ProjectKind, Track
from ventures.services.need_fates import settle_need
from ventures.services.need_merging import merge_need
from ventures.services.need_support import support_need
from ventures.services.needs import add_need_file, return_need
from ventures.services.visits import turn_into_need, write_visit

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
VERBS = ("list", "refuse", "unmerge", "withdraw", "nonsense", "settle", "put_in_call", "merge")


def needs_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    needs = {
        "raised": make_need(cast.anan),
        "returned": return_need(make_need(cast.anan), reason="请补充", acting_user=cast.xia),
        "listed": make_listed_need(cast.anan, cast.xia),
        "settled": settle_need(make_need(cast.anan), answer="已商量好", acting_user=cast.xia),
        "private": make_need(cast.anan, is_personal=True),
        "xucun": make_listed_need(cast.zhu, cast.xu, XUCUN),
        "xia": make_need(cast.xia),
    }
    double = make_listed_need(cast.anan, cast.xia)
    needs["merged"] = merge_need(double, needs["listed"], acting_user=cast.xia)
    support_need(needs["listed"], acting_user=cast.zhu)
    for key, need in needs.items():
        yield f"need-{key}", {"pk": need.pk}
        for verb in VERBS:
            yield f"need-{key}-{verb}", {"pk": need.pk, "verb": verb}
    pdf = SimpleUploadedFile("表.pdf", PDF, "application/pdf")
    file = add_need_file(needs["listed"], pdf, acting_user=cast.anan)
    yield "need-listed-file", {"pk": needs["listed"].pk, "file": file.pk}
    for key in ("visit-xia", "visit-turned"):
        visit = write_visit(
            {
                "region": Region.objects.get(code=NANGUANXIANG),
                "visited_on": timezone.localdate(),
                "note": "走访",
                "lack": "楼梯没有扶手",
                "track": Track.objects.get(code="A1"),
                "severity": Need.Severity.HIGH,
                "people": 12,
            },
            acting_user=cast.xia,
        )
        if key == "visit-turned":
            turn_into_need(visit, acting_user=cast.xia)
        yield key, {"pk": visit.pk}


def forms() -> dict[str, dict[str, Any]]:
    """What somebody who fills a form in well sends."""
    track, region = Track.objects.get(code="A1"), Region.objects.get(code=NANGUANXIANG)
    words = {
        "region": region.pk,
        "track": track.pk,
        "kind": ProjectKind.SERVICE,
        "severity": Need.Severity.HIGH,
        "people": 12,
    }
    return {
        "need": words | {"title": "没有扶手", "description": "楼梯陡", "origin": "resident"},
        "visit": words | {"visited_on": timezone.localdate(), "note": "走访", "lack": "没有扶手"},
        "need_answer": {"answer": "楼道议事会议定装扶手"},
        "yes": {"yes": "1"},
    }
