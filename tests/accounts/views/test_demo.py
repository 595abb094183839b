"""What only a demo has; outside it none of it exists."""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from accounts.models import OutboxItem, User
from config.demo.cast import Cast


def test_outbox_shows_the_newest_first_with_its_code_apart(client: Client, db: None) -> None:
    OutboxItem.objects.create(channel="sms", to="+8610000000001", body="【七彩】验证码 123456，")
    OutboxItem.objects.create(channel="mail", to="a@b.cn", subject="您好", body="没有码")

    page = client.get("/demo/outbox/")

    assert [letter.code for letter in page.context["letters"]] == ["", "123456"]
    assert page.content.decode().count('data-copy="123456"') == 1


def test_a_phone_number_is_no_code(client: Client, db: None) -> None:
    OutboxItem.objects.create(channel="sms", to="+8610000000001", body="请打 13812345678")

    assert [letter.code for letter in client.get("/demo/outbox/").context["letters"]] == [""]


def test_sign_in_page_offers_the_people_with_role_and_place(client: Client, cast: Cast) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert "陈站长" in page
    assert "站长 · 南关厢" in page
    assert f'value="{cast.chen.pk}"' in page


def test_one_click_enters(client: Client, cast: Cast) -> None:
    answer = client.post("/demo/sign-in/", {"person": cast.chen.pk})

    assert answer.url == "/home/"
    assert client.session["_auth_user_id"] == str(cast.chen.pk)


@pytest.mark.parametrize("person", ["", "x", "²", "0", "99999999999999999999", "9" * 5000])
def test_nobody_else_can_be_entered(client: Client, cast: Cast, person: str) -> None:
    assert client.post("/demo/sign-in/", {"person": person}).status_code == 404


def test_real_people_cannot_be_entered(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.chen.pk).update(is_demo=False)

    assert client.post("/demo/sign-in/", {"person": cast.chen.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_entering_is_no_link(client: Client, cast: Cast) -> None:
    assert client.get("/demo/sign-in/").status_code == 405


def test_outside_the_demo_none_of_it_exists(client: Client, cast: Cast) -> None:
    with override_settings(DEMO_MODE=False, SECURE_SSL_REDIRECT=False):
        answers = [
            client.get("/demo/outbox/"),
            client.get("/demo/people/"),
            client.post("/demo/sign-in/", {"person": cast.chen.pk}),
        ]
        login = client.get("/accounts/login/").content.decode()

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "陈站长" not in login


def test_signed_in_people_see_the_outbox_too(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    assert client_of(cast.anan).get("/demo/outbox/").status_code == 200
