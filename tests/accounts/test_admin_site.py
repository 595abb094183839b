"""The reading room asks for the role, and outside the demo for a second factor too."""

import pytest
from allauth.mfa.models import Authenticator

from config.demo.cast import Cast

pytestmark = pytest.mark.django_db


def test_reading_room_asks_for_a_second_factor(cast: Cast, client, settings) -> None:
    settings.READING_ROOM_NEEDS_SECOND_FACTOR = True
    client.force_login(cast.shu)

    before = client.get("/admin/").status_code
    Authenticator.objects.create(user=cast.shu, type=Authenticator.Type.TOTP, data={})
    after = client.get("/admin/").status_code

    assert (before, after) == (302, 200)


def test_reading_room_is_closed_to_others_even_with_one(cast: Cast, client, settings) -> None:
    settings.READING_ROOM_NEEDS_SECOND_FACTOR = True
    Authenticator.objects.create(user=cast.fan, type=Authenticator.Type.TOTP, data={})
    client.force_login(cast.fan)

    assert client.get("/admin/").status_code != 200
