"""The reading room: who enters, that nothing moves there, and the two things that may."""

from datetime import date

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import Change, Holiday, Region, User
from config.demo.cast import Cast

OUR_APPS = {"accounts"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("key", "enters"),
    [("shu", True), ("guo", True), ("fan", False), ("chen", False), ("anan", False)],
)
def test_who_enters(cast: Cast, key: str, enters: bool) -> None:
    answer = signed_in(cast.people[key]).get("/admin/")

    assert (answer.status_code == 200) is enters


def test_visitors_enter_by_the_products_own_sign_in(client: Client, db: None) -> None:
    answer = client.get("/admin/login/?next=/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


def test_every_list_opens_and_cannot_be_changed(cast: Cast) -> None:
    client = signed_in(cast.shu)
    shown = [m for m in admin.site._registry if m._meta.app_label in OUR_APPS]
    assert shown

    for model in shown:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"

        assert client.get(base).status_code == 200, base
        assert client.get(f"{base}add/").status_code == 403, base
        row = model._default_manager.first()
        if row is not None:
            assert client.get(f"{base}{row.pk}/change/").status_code == 200, base
            assert client.post(f"{base}{row.pk}/change/", {}).status_code == 403, base
            assert client.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_phone_numbers_are_masked(cast: Cast) -> None:
    page = signed_in(cast.shu).get(f"/admin/accounts/user/{cast.anan.pk}/change/").content.decode()

    assert (cast.anan.phone or "")[3:] not in page
    assert cast.anan.email not in page


def test_administrator_corrects_a_place_name_with_a_trail(cast: Cast) -> None:
    region = Region.objects.get(code="330481001007")

    signed_in(cast.guo).post(
        f"/admin/accounts/region/{region.pk}/change/",
        {"name": "新关厢社区居委会", "short_name": "新关厢社区", "code": "330481001999"},
    )

    region.refresh_from_db()
    assert (region.short_name, region.code) == ("新关厢社区", "330481001007")
    change = Change.objects.get(content_type__model="region")
    assert (change.verb, change.before, change.after, change.acting_user) == (
        "rename",
        "南关厢社区",
        "新关厢社区",
        cast.guo,
    )


def test_auditor_corrects_nothing(cast: Cast) -> None:
    region = Region.objects.get(code="330481001007")

    answer = signed_in(cast.shu).post(
        f"/admin/accounts/region/{region.pk}/change/", {"name": "x", "short_name": "x"}
    )

    region.refresh_from_db()
    assert answer.status_code == 403
    assert region.short_name == "南关厢社区"


def test_administrator_keeps_the_calendar_with_a_trail(cast: Cast) -> None:
    client = signed_in(cast.guo)

    client.post("/admin/accounts/holiday/add/", {"day": "2027-02-09", "name": "春节"})
    holiday = Holiday.objects.get(day=date(2027, 2, 9))
    client.post(
        f"/admin/accounts/holiday/{holiday.pk}/change/", {"name": "调休", "is_working": "on"}
    )
    holiday.refresh_from_db()
    assert (holiday.name, holiday.is_working) == ("调休", True)
    client.post(f"/admin/accounts/holiday/{holiday.pk}/delete/", {"post": "yes"})

    assert not Holiday.objects.exists()
    verbs = Change.objects.filter(content_type__model="holiday").values_list("verb", flat=True)
    assert list(verbs) == ["set_holiday", "set_holiday", "clear_holiday"]
