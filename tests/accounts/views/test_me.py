"""我的: seeing and changing oneself, allowing and taking back."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Change, Consent, User
from config.demo.cast import Cast

type ClientOf = Callable[[User], Client]


def test_page_shows_roles_places_and_ways(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.en).get("/me/").content.decode()

    for words in ("恩老师", "组织负责人", "恩泽社区服务社", "登录与安全", "我的授权", "退出登录"):
        assert words in page


def test_page_masks_the_phone(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.anan).get("/me/").content.decode()

    assert (cast.anan.phone or "")[3:] not in page
    assert "100****" in page


@pytest.mark.parametrize("path", ["/me/", "/me/edit/", "/me/messages/", "/me/organisations/"])
def test_visitors_are_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_profile_is_changed_with_a_trail(cast: Cast, client_of: ClientOf) -> None:
    from accounts.models import Region

    elsewhere = Region.objects.get(code="330481001003")

    answer = client_of(cast.anan).post(
        "/me/edit/", {"display_name": "小安", "community": elsewhere.pk}
    )

    cast.anan.refresh_from_db()
    assert answer.status_code == 302
    assert (cast.anan.display_name, cast.anan.home_region) == ("小安", elsewhere)
    trail = Change.objects.filter(acting_user=cast.anan, content_type__model="user")
    assert sorted(trail.values_list("verb", flat=True)) == ["move_home", "rename"]
    assert "安安" not in str(list(trail.values()))


def test_empty_name_is_refused_with_422(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.anan).post("/me/edit/", {"display_name": ""})

    assert answer.status_code == 422


def test_consent_is_given_once_and_withdrawn(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.anan)

    for _twice in range(2):
        client.post("/me/consents/location/", {"allow": "yes"})
    given = Consent.objects.get(user=cast.anan)
    assert (given.purpose, given.withdrawn_at, given.recorded_by) == ("location", None, cast.anan)

    client.post("/me/consents/location/", {"allow": "no"})
    given.refresh_from_db()
    assert given.withdrawn_at is not None
    verbs = Change.objects.filter(content_type__model="consent").values_list("verb", flat=True)
    assert list(verbs) == ["give", "withdraw"]


def test_consent_may_be_given_anew(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.anan)

    for allow in ("yes", "no", "yes"):
        client.post("/me/consents/honour/", {"allow": allow})

    assert Consent.objects.filter(user=cast.anan).count() == 2
    assert Consent.objects.filter(user=cast.anan, withdrawn_at__isnull=True).count() == 1


@pytest.mark.parametrize("purpose", ["proxy", "nothing"])
def test_other_purposes_are_not_given_here(cast: Cast, client_of: ClientOf, purpose: str) -> None:
    answer = client_of(cast.anan).post(f"/me/consents/{purpose}/", {"allow": "yes"})

    assert answer.status_code == 404
    assert not Consent.objects.exists()
