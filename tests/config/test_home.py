"""Every role has a home page that leads to its work; money is shown to those who keep it."""

import pytest
from django.urls import reverse

from config.demo.cast import CHARACTERS, Cast
from config.navigation import NAVIGATION
from tests.factories.ventures import make_round

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", [character.key for character in CHARACTERS])
def test_home_leads_to_everything_the_role_does(cast: Cast, client, key: str) -> None:
    user = cast.people[key]
    client.force_login(user)

    page = client.get("/home/").content.decode()

    first = next(character for character in CHARACTERS if character.key == key).duties[0]
    for entry in NAVIGATION[first.kind]:
        assert f'href="{reverse(entry.url_name)}"' in page


@pytest.mark.parametrize(("key", "sees_money"), [("jin", True), ("shu", True), ("guan", False)])
def test_fund_is_shown_to_those_who_keep_or_audit_it(
    cast: Cast, client, key: str, sees_money: bool
) -> None:
    round = make_round(created_by=cast.fan)
    client.force_login(cast.people[key])

    page = client.get("/home/").content.decode()

    assert round.name in page
    assert ("已立项" in page) is sees_money
