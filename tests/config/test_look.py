"""The look of every page: the style guide, settings of sight, errors said kindly."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("query", ["", "?theme=dark", "?text=large", "?theme=nonsense"])
def test_style_guide_draws_every_component(client, language, query):
    client.cookies["django_language"] = language

    answer = client.get(reverse("styleguide") + query)

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    for part in ("error-summary", "timeline", "steps", "countdown", "bars", "chart-curve"):
        assert f'class="{part}' in answer.text


def test_style_guide_shows_the_setting_asked_for(client):
    answer = client.get(reverse("styleguide"), {"theme": "dark", "text": "large"})

    assert 'data-theme="dark" data-text="large"' in answer.text


def test_language_chosen_is_the_language_of_letters_too(client, cast):
    client.force_login(cast.zhu)

    client.post(reverse("language-switch"), {"language": "en"})

    cast.zhu.refresh_from_db()
    assert cast.zhu.language == "en"


def test_large_text_is_kept_and_taken_back(client):
    client.post(reverse("text-size-switch"))

    large = client.get(reverse("styleguide")).text
    client.post(reverse("text-size-switch"))
    normal = client.get(reverse("styleguide")).text

    assert 'data-text="large"' in large
    assert 'data-text="large"' not in normal


@pytest.mark.parametrize("status", ["403", "404", "409", "422", "429", "500", "csrf"])
def test_error_pages_need_nothing_from_the_page(status):
    page = render_to_string(f"errors/{status}.html")

    assert "refusal-sentence" in page
    assert 'href="/"' in page


def test_refusal_says_the_sentence_and_offers_a_way_back():
    page = render_to_string(
        "errors/refusal.html",
        {"sentence": "时间不够：需要 1 小时 30 分", "status": 409, "back_url": "/time/"},
    )

    assert "时间不够：需要 1 小时 30 分" in page
    assert "没有改动任何内容" in page
    assert 'href="/time/"' in page


def test_unknown_address_is_a_page_in_our_look(client):
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "refusal-sentence" in answer.text


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_request_login_code", "account_reset_password"],
)
def test_entrance_pages_are_plain_and_labelled(client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert "main--entrance" in answer.text
    assert '<label class="field-label"' in answer.text


@pytest.mark.parametrize("role", ["", "x", "x\x00", "²", "9" * 30, "9" * 5000])
def test_a_role_that_is_none_is_not_found(client, cast, role):
    client.force_login(cast.anan)

    assert client.post(reverse("role-switch"), {"role": role}).status_code == 404


@pytest.mark.parametrize("place", ['"\\000"', "x", "²", "9" * 4000])
def test_a_spoilt_cookie_names_no_place(client, place):
    assert client.get("/", headers={"cookie": f"place={place}"}).status_code == 200


def test_what_a_person_sees_is_kept_by_no_shared_cache(client, cast):
    client.force_login(cast.anan)

    assert client.get("/home/")["Cache-Control"] == "private, no-cache"
