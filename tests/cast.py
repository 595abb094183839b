"""The people of our stories: 安安 (volunteer), 白奶奶 (recipient), 陈站长 (coordinator), 丁老师
(reviewer), 恩泽社 (applicant), 范科长 (officer), and their neighbours.

They are the demo's own people, so that what a test says of them can be tried by hand.
"""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Region, User
from config.demo.cast import Cast, bring_in_cast
from tests.plugins.relay import Ground, Relay, install

type Places = dict[str, Region]

PLACES = (
    ("330000000000", "浙江省", "浙江省", Region.Level.PROVINCE, Region.Kind.PROVINCE, None),
    ("330400000000", "嘉兴市", "嘉兴市", Region.Level.PREFECTURE, Region.Kind.PREFECTURE, 0),
    ("330481000000", "海宁市", "海宁市", Region.Level.COUNTY, Region.Kind.COUNTY, 1),
    ("330481001000", "硖石街道", "硖石街道", Region.Level.TOWN, Region.Kind.STREET, 2),
    ("330481001007", "南关厢社区居委会", "南关厢社区", Region.Level.COMMUNITY, "community", 3),
    ("330481001003", "东山社区居委会", "东山社区", Region.Level.COMMUNITY, "community", 3),
    ("330481101000", "许村镇", "许村镇", Region.Level.TOWN, Region.Kind.TOWN, 2),
    ("330481101004", "许村社区居委会", "许村社区", Region.Level.COMMUNITY, "community", 6),
)


def make_places() -> Places:
    """The few real places that the stories need, by code."""
    made: list[Region] = []
    for code, name, short_name, level, kind, above in PLACES:
        region = Region.objects.filter(code=code).first()
        if region is None:
            parent = made[above] if above is not None else None
            region = Region.objects.create(
                code=code,
                name=name,
                short_name=short_name,
                level=level,
                kind=kind,
                parent=parent,
                valid_from=date(2023, 6, 30),
            )
            region.lineage = [*(parent.lineage if parent else []), region.pk]
            region.save(update_fields=["lineage"])
        made.append(region)
    return {region.code: region for region in made}


@pytest.fixture(scope="session")
def kept(django_db_setup: None, django_db_blocker: Any) -> tuple[Relay[Places], Relay[Cast]]:
    """The places, and the cast upon them, as they are when nothing else is there."""
    with django_db_blocker.unblock():
        install()
        with transaction.atomic():
            places = Relay.of(make_places)
            places.lay()
            cast = Relay.of(bring_in_cast)
            transaction.set_rollback(True)
        with transaction.atomic():
            Ground.open()
            places.lay()
            cast.lay()
            Ground.cast = Ground.put()
            transaction.set_rollback(True)
    return places, cast


@pytest.fixture
def places(kept: tuple[Relay[Places], Relay[Cast]], db: None) -> Places:
    Ground.open()
    return make_places() if Region.objects.exists() else kept[0].lay()


@pytest.fixture
def cast(kept: tuple[Relay[Places], Relay[Cast]], places: Places) -> Cast:
    """Everyone, by key: `cast.anan`, `cast.chen`, `cast.stations["nanguanxiang"]`."""
    if places != kept[0].values() or User.objects.exists():
        return bring_in_cast()
    laid = kept[1].lay()
    Ground.begin()
    return laid
