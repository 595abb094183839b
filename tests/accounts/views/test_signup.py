"""Joining and signing in, by phone and by e-mail, with codes; what squatters do not get."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from accounts.models import Change, OutboxItem, Region, Role, User

JOIN = "/accounts/signup/"
LOGIN = "/accounts/login/"
PHONE_CODE = "/accounts/phone/verify/"
LOGIN_CODE = "/accounts/login/code/confirm/"
EMAIL_CODE = "/accounts/confirm-email/"


@pytest.fixture
def community(haining: Region) -> Region:
    return Region.objects.get(code="330481001007")


def answers(community: Region, contact: str, name: str = "安安") -> dict[str, Any]:
    return {"display_name": name, "contact": contact, "community": community.pk}


def last_code() -> str:
    code = re.search(r"\b\d{6}\b", OutboxItem.objects.latest("id").body)
    assert code, OutboxItem.objects.latest("id").body
    return code.group()


def join(client: Client, community: Region, contact: str) -> User:
    client.post(JOIN, answers(community, contact))
    client.post(EMAIL_CODE if "@" in contact else PHONE_CODE, {"code": last_code()})
    return User.objects.latest("id")


def test_page_asks_three_things_and_no_password(client: Client, community: Region) -> None:
    page = client.get(JOIN).content.decode()

    assert '<optgroup label="硖石街道">' in page
    for name in ("display_name", "contact", "community"):
        assert f'name="{name}"' in page
    assert 'type="password"' not in page


@pytest.mark.parametrize("typed", ["13812345678", "+86 138 1234 5678"])
def test_joining_by_phone(client: Client, community: Region, typed: str) -> None:
    answer = client.post(JOIN, answers(community, typed))

    assert answer.url == PHONE_CODE
    sms = OutboxItem.objects.get()
    assert (sms.channel, sms.to) == ("sms", "+8613812345678")
    assert "_auth_user_id" not in client.session

    answer = client.post(PHONE_CODE, {"code": last_code()})

    user = User.objects.get(phone="+8613812345678")
    assert answer.url == "/home/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.display_name, user.home_region, user.phone_verified) == ("安安", community, True)
    assert (user.email, user.has_usable_password()) == (None, False)
    role = user.roles.get()
    assert (role.kind, role.region) == (Role.Kind.VOLUNTEER, community)
    assert list(Change.objects.filter(acting_user=user).values_list("verb", flat=True)) == [
        "join",
        "grant",
        "confirm_phone",
    ]


def test_joining_by_mail(client: Client, community: Region) -> None:
    answer = client.post(JOIN, answers(community, "AnAn@Example.com"))

    assert answer.url == EMAIL_CODE
    letter = OutboxItem.objects.get()
    assert (letter.channel, letter.to) == ("mail", "anan@example.com")

    answer = client.post(EMAIL_CODE, {"code": last_code()})

    user = User.objects.get(email="anan@example.com")
    assert answer.url == "/home/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.phone, user.email_verified) == (None, True)
    assert EmailAddress.objects.get(user=user).verified


def test_codes_are_six_digits(client: Client, community: Region) -> None:
    client.post(JOIN, answers(community, "13812345678"))

    assert re.search(r"验证码 \d{6}，", OutboxItem.objects.get().body)


def test_wrong_code_is_refused(client: Client, community: Region) -> None:
    client.post(JOIN, answers(community, "13812345678"))
    wrong = "000000" if last_code() != "000000" else "111111"

    client.post(PHONE_CODE, {"code": wrong})

    assert "_auth_user_id" not in client.session
    assert not User.objects.get(phone="+8613812345678").phone_verified


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"contact": ""}, "contact"),
        ({"contact": "1381234"}, "contact"),
        ({"contact": "anan@"}, "contact"),
        ({"community": ""}, "community"),
        ({"community": "999999999"}, "community"),
        ({"display_name": ""}, "display_name"),
    ],
)
def test_wrong_answers_are_shown_with_what_was_typed(
    client: Client, community: Region, change: dict[str, str], wrong: str
) -> None:
    answer = client.post(JOIN, answers(community, "13812345678", name="王阿姨") | change)

    assert list(answer.context["form"].errors) == [wrong]
    if wrong != "display_name":
        assert "王阿姨" in answer.content.decode()
    assert not User.objects.filter(display_name="王阿姨").exists()


def test_a_town_cannot_be_joined(client: Client, community: Region) -> None:
    answer = client.post(
        JOIN, answers(community, "13812345678") | {"community": community.parent_id}
    )

    assert "community" in answer.context["form"].errors


@pytest.mark.parametrize("contact", ["13812345678", "anan@example.com"])
def test_joining_twice_is_not_given_away_but_told_to_the_owner(
    community: Region, contact: str
) -> None:
    owner = join(Client(), community, contact)
    OutboxItem.objects.all().delete()
    cache.clear()  # as if half a minute had gone by
    stranger = Client()

    answer = stranger.post(JOIN, answers(community, contact, name="别人"))

    assert answer.status_code == 302
    assert answer.url in (PHONE_CODE, EMAIL_CODE)
    assert not User.objects.filter(display_name="别人").exists()
    told = OutboxItem.objects.get()
    assert told.to == (owner.phone or owner.email)
    assert not re.search(r"\b\d{6}\b", told.body)


@pytest.mark.parametrize("contact", ["13812345678", "anan@example.com"])
def test_signing_in_by_code(community: Region, contact: str) -> None:
    user = join(Client(), community, contact)
    OutboxItem.objects.all().delete()
    client = Client()

    answer = client.post(LOGIN, {"login": contact})

    assert answer.url == LOGIN_CODE
    answer = client.post(LOGIN_CODE, {"code": last_code()})
    assert answer.url == "/home/"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("contact", ["138 1234 5678", "anan@example.com"])
def test_asking_for_a_code(community: Region, contact: str) -> None:
    user = join(Client(), community, contact)
    OutboxItem.objects.all().delete()
    client = Client()

    answer = client.post("/accounts/login/code/", {"contact": contact})

    assert answer.url == LOGIN_CODE
    client.post(LOGIN_CODE, {"code": last_code()})
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("contact", ["13812345678", "anan@example.com"])
def test_signing_in_with_a_password(community: Region, contact: str) -> None:
    user = join(Client(), community, contact)
    user.set_password("七彩-correct-horse")
    user.save()
    client = Client()

    answer = client.post(LOGIN, {"login": contact, "password": "七彩-correct-horse"})

    assert answer.url == "/home/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_password_says_so_and_keeps_the_number(community: Region) -> None:
    join(Client(), community, "13812345678")
    client = Client()

    answer = client.post(LOGIN, {"login": "13812345678", "password": "wrong"})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "13812345678" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_unknown_number_looks_the_same_and_is_told(client: Client, community: Region) -> None:
    answer = client.post(LOGIN, {"login": "13900000000"})

    assert answer.url == LOGIN_CODE
    assert "还没有加入" in OutboxItem.objects.get().body


def test_number_taken_by_a_squatter_becomes_its_owners(community: Region) -> None:
    """Somebody typed my number and never answered the code: I sign in, they get nothing."""
    squatter = Client()
    squatter.post(JOIN, answers(community, "13812345678", name="占号"))
    OutboxItem.objects.all().delete()
    owner = Client()

    owner.post(LOGIN, {"login": "13812345678"})
    owner.post(LOGIN_CODE, {"code": last_code()})

    user = User.objects.get(phone="+8613812345678")
    assert owner.session["_auth_user_id"] == str(user.pk)
    assert user.phone_verified
    assert not user.has_usable_password()
    assert "_auth_user_id" not in squatter.session


def test_changing_the_phone_needs_the_code(client: Client, community: Region) -> None:
    user = join(client, community, "13812345678")
    OutboxItem.objects.all().delete()

    answer = client.post("/accounts/phone/change/", {"phone": "13900000000"})

    user.refresh_from_db()
    assert answer.status_code == 302
    assert user.phone == "+8613812345678"
    client.post(PHONE_CODE, {"code": last_code()})
    user.refresh_from_db()
    assert (user.phone, user.phone_verified) == ("+8613900000000", True)


def test_adding_and_removing_an_address_is_noted_on_the_user(
    client: Client, community: Region
) -> None:
    user = join(client, community, "13812345678")
    OutboxItem.objects.all().delete()

    client.post("/accounts/email/", {"action_add": "", "email": "anan@example.com"})
    client.post(EMAIL_CODE, {"code": last_code()})

    user.refresh_from_db()
    assert (user.email, user.email_verified) == ("anan@example.com", True)


def test_settings_pass_the_librarys_own_checks() -> None:
    from allauth.account.checks import adapter_check, settings_check

    assert adapter_check(None) == []
    assert settings_check(None) == []


def test_letters_are_in_the_products_own_words(client: Client, community: Region) -> None:
    client.post(JOIN, answers(community, "anan@example.com"))

    letter = OutboxItem.objects.get()
    assert letter.subject == "欢迎加入，请验证您的邮箱"
    assert letter.body.startswith("您好：\n\n您验证邮箱的验证码是：\n\n")
    assert letter.body.rstrip().endswith("—— 七彩")
    assert "127.0.0.1" not in letter.body
