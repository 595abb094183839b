"""Load places from files. Facts come from data, never from code."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from django.db import transaction

from accounts.models.people import User
from accounts.models.regions import Region
from accounts.services.changes import record_change

DATA = Path(__file__).resolve().parent.parent / "data"
REGIONS_OF_HAINING = DATA / "regions_330481.csv"
CODES_OF_HAINING_CUT_OFF = date(2023, 6, 30)


@dataclass(frozen=True)
class LoadedRegions:
    """What a load did, in numbers of places."""

    added: int
    changed: int
    ended: int
    unchanged: int


@transaction.atomic
def load_regions(
    path: Path | str = REGIONS_OF_HAINING, *, valid_from: date = CODES_OF_HAINING_CUT_OFF
) -> LoadedRegions:
    """Bring the places in line with a file: add, rename, end. The same file again does nothing.

    A place of the same counties that the file no longer names ends on `valid_from`; its row stays,
    since records point to it. Fictional places are left alone.
    """
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    standing = {region.code: region for region in Region.objects.current()}
    added = changed = unchanged = 0
    for _level, of_level in groupby(sorted(rows, key=_level_of), key=_level_of):
        new: list[Region] = []
        for row in of_level:
            region = standing.get(row["code"])
            if region is None:
                new.append(_region_of(row, standing, valid_from))
            elif _brought_in_line(region, row, standing):
                changed += 1
            else:
                unchanged += 1
        _add(new)
        standing |= {region.code: region for region in new}
        added += len(new)
    ended = _end_missing(rows, valid_from)
    return LoadedRegions(added, changed, ended, unchanged)


def pinyin_of(words: str) -> str:
    """The key by which Chinese words are sorted and found: whole syllables, then initials."""
    from pypinyin import Style, lazy_pinyin  # its dictionary is large, and seldom asked

    whole = "".join(lazy_pinyin(words)).lower()
    initials = "".join(lazy_pinyin(words, style=Style.FIRST_LETTER)).lower()
    return f"{whole} {initials}"[:120]


def _level_of(row: dict[str, str]) -> int:
    return int(row["level"])


def _region_of(row: dict[str, str], standing: dict[str, Region], valid_from: date) -> Region:
    return Region(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        pinyin=pinyin_of(row["short_name"]),
        kind=row["kind"],
        level=int(row["level"]),
        parent=standing[row["parent"]] if row["parent"] else None,
        valid_from=valid_from,
    )


def _brought_in_line(region: Region, row: dict[str, str], standing: dict[str, Region]) -> bool:
    parent = standing[row["parent"]] if row["parent"] else None
    wanted = {
        "name": row["name"],
        "short_name": row["short_name"],
        "pinyin": pinyin_of(row["short_name"]),
        "kind": row["kind"],
        "parent_id": parent.pk if parent else None,
        "lineage": [*(parent.lineage if parent else []), region.pk],
    }
    if all(getattr(region, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(region, name, value)
    region.save(update_fields=list(wanted))
    return True


def _add(new: list[Region]) -> None:
    """Insert, then write each lineage, which needs the new row's own id."""
    Region.objects.bulk_create(new)
    for region in new:
        region.lineage = [*(region.parent.lineage if region.parent else []), region.pk]
    Region.objects.bulk_update(new, ["lineage"])


def _end_missing(rows: Iterable[dict[str, str]], valid_from: date) -> int:
    named = {row["code"] for row in rows}
    counties = {code[:6] for code in named if code[6:] != "0" * 6}
    gone = [
        region.pk
        for region in Region.objects.current().filter(
            level__gte=Region.Level.TOWN, is_fictional=False, valid_from__lt=valid_from
        )
        if region.code[:6] in counties and region.code not in named
    ]
    return Region.objects.filter(pk__in=gone).update(valid_to=valid_from)


@transaction.atomic
def rename_region(region: Region, *, name: str, short_name: str, acting_user: User) -> Region:
    """Correct how a place is written; its code and its place in the tree come from files only."""
    before = Region.objects.select_for_update().get(pk=region.pk)
    if (before.name, before.short_name) == (name, short_name):
        return before
    region.name, region.short_name = name, short_name
    region.pinyin = pinyin_of(short_name)
    region.save(update_fields=["name", "short_name", "pinyin"])
    record_change(
        region,
        "rename",
        before=before.short_name[:40],
        after=short_name[:40],
        acting_user=acting_user,
    )
    return region
