"""Dates nobody means: told beside the field, never stored, never a crash."""

import pytest
from django.urls import reverse

from tests.factories.ventures_awards import make_decided_round, make_panel, make_round_in_review
from tests.ventures.views.test_awards import NOTICE_DATA
from ventures.models import Panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicants(cast):
    return [cast.organisations["enze"], cast.organisations["banrixian"]]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_notice_of_another_age_is_told_so_not_a_crash(client, cast, applicants, day):
    round = make_decided_round(cast.fan, [cast.ding, cast.shen], applicants)
    client.force_login(cast.fan)

    answer = client.post(
        reverse("ventures:notice-publish", args=[round.code]), NOTICE_DATA | {"starts_on": day}
    )

    assert answer.status_code == 422
    assert not round.notices.exists()


def test_a_panel_of_another_age_is_told_so_not_stored(client, cast, applicants):
    round = make_round_in_review(cast.fan, applicants)
    make_panel(round, [cast.ding], officer=cast.fan)
    client.force_login(cast.fan)

    answer = client.post(
        reverse("ventures:round-panel", args=[round.code]),
        {"reviewers": [cast.ding.pk], "due_at": "0001-01-01T00:00"},
    )

    assert answer.status_code == 422
    assert Panel.objects.get(round=round).due_at is None
