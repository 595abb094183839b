"""Who sees which records: one's own, one's stations', the places one answers for."""

import pytest

from tests.factories.timebank import make_bank, make_record
from timebank.models import ServiceRecord

pytestmark = pytest.mark.django_db

SEEN = {
    # who: (安安's record at 南关厢, 诸阿姨's at 许村)
    "anan": (True, False),
    "zhu": (False, True),
    "baijia": (False, False),
    "chen": (True, False),
    "cheng": (False, True),
    "xia": (True, False),
    "fan": (True, True),
    "xu": (False, True),
    "shu": (True, True),
    "guo": (True, True),
    "ding": (False, False),
    "en": (False, False),
    "jin": (False, False),
}


def test_records_visible_to(cast):
    make_bank()
    at_nanguanxiang = make_record(cast.anan, cast.stations["nanguanxiang"])
    at_xucun = make_record(cast.zhu, cast.stations["xucun"])

    seen = {}
    for who in SEEN:
        visible = set(ServiceRecord.objects.visible_to(getattr(cast, who)))
        seen[who] = (at_nanguanxiang in visible, at_xucun in visible)

    assert seen == SEEN


def test_awaiting_leaves_out_ones_own_service(cast):
    make_bank()
    record = make_record(cast.anan, cast.stations["nanguanxiang"])
    make_record(cast.chen, cast.stations["nanguanxiang"])

    assert list(ServiceRecord.objects.awaiting(cast.chen)) == [record]
    assert list(ServiceRecord.objects.awaiting(cast.cheng)) == []
