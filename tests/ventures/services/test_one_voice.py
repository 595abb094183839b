"""The same person's voice from two pages at once counts once: two connections."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from tests.factories.ventures_needs import make_listed_need
from ventures.errors.needs import OneVoiceOnly
from ventures.models import NeedSupport
from ventures.services.need_support import support_need

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_two_pages_at_once_leave_one_voice(cast):
    need = make_listed_need(cast.anan, cast.xia)
    start, answers = Barrier(2), []

    def press() -> None:
        try:
            start.wait(5)
            support_need(need, acting_user=cast.zhu)
            answers.append("kept")
        except OneVoiceOnly as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    pages = [Thread(target=press) for _page in range(2)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(20)

    assert sorted(answers) == ["kept", "one_voice_only"]
    assert NeedSupport.objects.filter(need=need, withdrawn_at__isnull=True).count() == 1
