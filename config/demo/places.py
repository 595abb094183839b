"""Where the demo happens: Haining's real places, and one fictional community for all that is bad.

Failures, flags and refusals stand only under the 示范社区, so that no real village is ever shown
as cheating.
"""

from dataclasses import dataclass
from datetime import date

from accounts.models import Region, Station
from accounts.services.calendar import load_holidays
from accounts.services.changes import record_change
from accounts.services.regions import load_regions, pinyin_of
from accounts.services.system_user import the_product as system_user
from accounts.services.words import load_words
from config.demo.cast import HAINING, STATIONS

SHOWCASE_TOWN = ("330481999000", "示范街道", Region.Level.TOWN, Region.Kind.STREET)
SHOWCASE = ("330481999001", "示范社区", Region.Level.COMMUNITY, Region.Kind.COMMUNITY)

# One pilot station in each town and street; 南关厢 and 许村 come with the cast.
PILOTS = (
    ("330481002020", "云和社区"),
    ("330481003001", "碧云社区"),
    ("330481004004", "经都社区"),
    ("330481103006", "修川社区"),
    ("330481105213", "云龙村"),
    ("330481106000", "丁桥镇"),
    ("330481107003", "庆云社区"),
    ("330481108002", "尖山社区"),
    ("330481110006", "盐官社区"),
    ("330481112000", "袁花镇"),
)
MORE_PLACES = (
    "330481001003",
    "330481001005",
    "330481001006",
    "330481001008",
    "330481001009",
    "330481004008",
    "330481003003",
    "330481101003",
    "330481101005",
    "330481103005",
    "330481107004",
    "330481110213",
    "330481112001",
    "330481106001",
)


@dataclass(frozen=True)
class LivelyPlace:
    """A station where something happens."""

    station: Station
    region: Region


def load_places() -> None:
    """The regions, the calendar, and the fictional community."""
    load_regions()
    load_holidays()
    load_words()
    county = Region.objects.current().get(code=HAINING)
    town = _fictional(SHOWCASE_TOWN, county)
    _fictional(SHOWCASE, town)


def open_stations(kept: dict[str, Station]) -> list[LivelyPlace]:
    """Twelve pilot stations, then fourteen more places; `kept` are the cast's own."""
    regions = {region.code: region for region in Region.objects.current()}
    lively = [LivelyPlace(kept[key], regions[code]) for key, _name, code in STATIONS]
    for place in lively:
        _tell_opened(place.station)
    for code, name in PILOTS:
        lively.append(_station(regions[code], f"{name}时间银行服务站", is_pilot=True))
    for region in (regions[code] for code in MORE_PLACES):
        lively.append(_station(region, f"{region.short_name}邻里服务点", is_pilot=False))
    return lively


def _station(region: Region, name: str, *, is_pilot: bool) -> LivelyPlace:
    station, is_new = Station.objects.get_or_create(
        region=region,
        name=name,
        defaults={
            "is_pilot": is_pilot,
            "address": f"{region.short_name}党群服务中心一楼",
            "phone": "100-0000-0000",
            "opening_hours": "周一至周六 8:30–17:00",
        },
    )
    if is_new:
        _tell_opened(station)
    return LivelyPlace(station, region)


def _tell_opened(station: Station) -> None:
    """Its own page says that it was opened, as it would for one entered by hand."""
    record_change(station, "open_station", after=station.state, acting_user=system_user())


def _fictional(place: tuple[str, str, int, str], parent: Region) -> Region:
    code, name, level, kind = place
    region, is_new = Region.objects.get_or_create(
        code=code,
        valid_to=None,
        defaults={
            "name": f"{name}（虚构）",
            "short_name": f"{name}（虚构）",
            "pinyin": pinyin_of(name),
            "level": level,
            "kind": kind,
            "parent": parent,
            "is_fictional": True,
            "valid_from": date(2023, 6, 30),
        },
    )
    if is_new:
        region.lineage = [*parent.lineage, region.pk]
        region.save(update_fields=["lineage"])
    return region
