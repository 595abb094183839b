"""The dullest valid need: 南关厢's elders have nobody to go to the doctor with. Raised by 安安."""

from typing import Any

from accounts.models import Region, User
from ventures.models import Need, ProjectKind, Track
from ventures.services.needs import RESIDENT, NeedWords, Source, list_need, raise_need

COMMUNITY = "330481001007"


def words_for(region: str = COMMUNITY, **fields: Any) -> NeedWords:
    return NeedWords(
        **{
            "title": "独居老人看病没人陪",
            "description": "子女在外地，挂号、取药、做检查都要人陪。",
            "region": Region.objects.get(code=region),
            "track": Track.objects.get(code="A1"),
            "kind": ProjectKind.SERVICE,
            "severity": Need.Severity.HIGH,
            "people": 27,
        }
        | fields
    )


def make_need(
    raised_by: User, region: str = COMMUNITY, *, source: Source = RESIDENT, **fields: Any
) -> Need:
    return raise_need(words_for(region, **fields), source=source, acting_user=raised_by)


def make_listed_need(raised_by: User, by: User, region: str = COMMUNITY, **fields: Any) -> Need:
    return list_need(make_need(raised_by, region, **fields), acting_user=by)
