"""Loading places and holidays: counted, repeatable, ended rather than deleted."""

import csv
from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Holiday, Region
from accounts.services.calendar import load_holidays
from accounts.services.regions import (
    REGIONS_OF_HAINING,
    LoadedRegions,
    load_regions,
    pinyin_of,
)

Kind = Region.Kind


def rows_of_haining() -> list[dict[str, str]]:
    with REGIONS_OF_HAINING.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written(tmp_path: Path, rows: list[dict[str, str]]) -> Path:
    path = tmp_path / "regions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_haining_is_loaded_whole(db: None) -> None:
    done = load_regions()

    assert done == LoadedRegions(added=251, changed=0, ended=0, unchanged=0)
    assert Region.objects.filter(kind=Kind.STREET).count() == 4
    assert Region.objects.filter(kind=Kind.TOWN).count() == 8
    assert Region.objects.filter(kind=Kind.COMMUNITY).count() == 92
    assert Region.objects.filter(kind=Kind.VILLAGE).count() == 142
    assert Region.objects.filter(kind=Kind.QUASI).count() == 2


def test_loading_again_changes_nothing(db: None) -> None:
    load_regions()
    before = list(Region.objects.values())

    done = load_regions()

    assert done == LoadedRegions(added=0, changed=0, ended=0, unchanged=251)
    assert list(Region.objects.values()) == before


def test_loading_is_a_handful_of_questions(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        load_regions()


def test_every_lineage_leads_from_the_province_to_the_place(db: None) -> None:
    load_regions()

    by_pk = Region.objects.in_bulk()
    for region in by_pk.values():
        assert len(region.lineage) == region.level
        assert region.lineage[-1] == region.pk
        for above, below in zip(region.lineage, region.lineage[1:], strict=False):
            assert by_pk[below].parent_id == above


def test_renamed_place_keeps_its_row(db: None, tmp_path: Path) -> None:
    load_regions()
    before = Region.objects.get(code="330481001007")
    rows = rows_of_haining()
    for row in rows:
        if row["code"] == before.code:
            row["short_name"] = "新关厢社区"

    done = load_regions(written(tmp_path, rows), valid_from=date(2026, 1, 1))

    after = Region.objects.get(code=before.code)
    assert done == LoadedRegions(added=0, changed=1, ended=0, unchanged=250)
    assert (after.pk, after.short_name) == (before.pk, "新关厢社区")
    assert after.pinyin == pinyin_of("新关厢社区")


def test_place_that_is_gone_ends_and_stays(db: None, tmp_path: Path) -> None:
    load_regions()
    rows = [row for row in rows_of_haining() if row["code"] != "330481001007"]

    done = load_regions(written(tmp_path, rows), valid_from=date(2026, 1, 1))

    gone = Region.objects.get(code="330481001007")
    assert done.ended == 1
    assert gone.valid_to == date(2026, 1, 1)
    assert gone not in Region.objects.current()


def test_fictional_place_survives_a_load(db: None, tmp_path: Path) -> None:
    load_regions()
    town = Region.objects.get(code="330481001000")
    Region.objects.create(
        code="330481001999",
        name="示范社区",
        short_name="示范社区",
        level=5,
        kind=Kind.COMMUNITY,
        parent=town,
        is_fictional=True,
        valid_from=date(2023, 6, 30),
    )

    done = load_regions(valid_from=date(2026, 1, 1))

    assert done.ended == 0


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("硖石街道", "xiashijiedao xsjd"),
        ("南关厢社区", "nanguanxiangshequ ngxsq"),
        ("长安镇", "changanzhen caz"),
    ],
)
def test_pinyin_is_whole_then_initials(words: str, key: str) -> None:
    assert pinyin_of(words) == key


def test_holidays_are_loaded_once_and_brought_up_to_date(db: None) -> None:
    named = load_holidays()
    Holiday.objects.filter(day=date(2026, 2, 14)).update(is_working=False)

    again = load_holidays()

    assert named == again == Holiday.objects.count()
    assert Holiday.objects.get(day=date(2026, 2, 14)).is_working
