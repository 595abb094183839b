"""The same person's voice from two pages at once counts once: two connections."""

from functools import partial

import pytest

from tests.at_once import said_at_once
from tests.factories.ventures_needs import make_listed_need
from ventures.models import NeedSupport
from ventures.services.need_support import support_need

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_two_pages_at_once_leave_one_voice(cast):
    need = make_listed_need(cast.anan, cast.xia)

    words = said_at_once(*[partial(support_need, need, acting_user=cast.zhu)] * 2)

    assert words == ["done", "one_voice_only"]
    assert NeedSupport.objects.filter(need=need, withdrawn_at__isnull=True).count() == 1
