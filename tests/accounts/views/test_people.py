"""People of a place: who sees whom, and checking who somebody is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Change, IdentityCheck, Message, Person, User
from accounts.services.identity import hash_of_id_number
from config.demo.cast import Cast

type ClientOf = Callable[[User], Client]

NUMBER = "11010519491231002X"  # the example of GB 11643-1999
ANSWERS = {
    "real_name": "安静",
    "id_number": "110105 19491231 002x",
    "method": "document",
    "has_agreed": "on",
}

# person → (the list, 安安's page, checking 安安)
WHO_LOOKS_AFTER_ANAN = {
    "chen": (200, 200, 302),  # coordinator of her community's station
    "xia": (200, 200, 302),  # community worker
    "fan": (200, 200, 302),  # officer of the city
    "cheng": (200, 404, 404),  # coordinator elsewhere
    "xu": (200, 404, 404),  # officer elsewhere
    "shu": (200, 200, 403),  # auditor
    "guo": (200, 200, 403),  # administrator
    "anan": (404, 404, 404),
    "zhu": (404, 404, 404),
    "ding": (404, 404, 404),
    "en": (404, 404, 404),
}


@pytest.mark.parametrize("key", WHO_LOOKS_AFTER_ANAN)
def test_who_looks_after_whom(cast: Cast, client_of: ClientOf, key: str) -> None:
    client = client_of(cast.people[key])
    Person.objects.filter(user=cast.anan).update(id_hash=None)

    answers = (
        client.get("/people/").status_code,
        client.get(f"/people/{cast.anan.pk}/").status_code,
        client.post(f"/people/{cast.anan.pk}/identity/", ANSWERS).status_code,
    )

    assert answers == WHO_LOOKS_AFTER_ANAN[key]
    assert IdentityCheck.objects.count() == (answers[2] == 302)


def test_check_keeps_hash_last_four_and_birth_only(cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.chen).post(f"/people/{cast.anan.pk}/identity/", ANSWERS)

    person = Person.objects.get(user=cast.anan)
    assert (person.real_name, person.id_last_four) == ("安静", "002X")
    assert person.id_hash == hash_of_id_number(NUMBER)
    assert NUMBER not in str(vars(person))
    assert (person.gender, str(person.born_on)) == ("female", "1949-12-31")
    check = person.identity_checks.get()
    assert (check.method, check.checked_by) == ("document", cast.chen)
    assert Message.objects.get(to_user=cast.anan).kind == "identity_checked"
    assert NUMBER not in str(list(Change.objects.values()))


def test_hash_depends_on_the_secret_key(settings: Any) -> None:
    first = hash_of_id_number(NUMBER)

    settings.SECRET_KEY = "another"

    assert hash_of_id_number(NUMBER) != first


def test_number_of_somebody_else_is_refused(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.chen)
    client.post(f"/people/{cast.anan.pk}/identity/", ANSWERS)

    answer = client.post(f"/people/{cast.fang.pk}/identity/", ANSWERS)

    assert answer.status_code == 409
    assert "这个证件号码" in answer.content.decode()
    assert not IdentityCheck.objects.filter(person__user=cast.fang).exists()


def test_same_number_again_only_adds_a_check(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.chen)
    client.post(f"/people/{cast.anan.pk}/identity/", ANSWERS)

    answer = client.post(f"/people/{cast.anan.pk}/identity/", ANSWERS | {"real_name": "安敬"})

    assert answer.status_code == 302
    person = Person.objects.get(user=cast.anan)
    assert person.real_name == "安静"
    assert person.identity_checks.count() == 2


def test_another_number_does_not_replace_the_one_checked(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.chen)
    client.post(f"/people/{cast.anan.pk}/identity/", ANSWERS)

    answer = client.post(
        f"/people/{cast.anan.pk}/identity/", ANSWERS | {"id_number": "110105194912310046"}
    )

    assert answer.status_code == 409
    assert "另一个证件号" in answer.content.decode()
    person = Person.objects.get(user=cast.anan)
    assert person.id_hash == hash_of_id_number(NUMBER)
    assert person.identity_checks.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id_number": "110105194912310021"}, "id_number"),
        ({"id_number": "1"}, "id_number"),
        ({"real_name": ""}, "real_name"),
        ({"has_agreed": ""}, "has_agreed"),
        ({"method": "adapter"}, "method"),
    ],
)
def test_slips_are_422(cast: Cast, client_of: ClientOf, change: dict[str, str], field: str) -> None:
    answer = client_of(cast.chen).post(f"/people/{cast.anan.pk}/identity/", ANSWERS | change)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not IdentityCheck.objects.exists()


def test_nobody_checks_themselves(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.fan).post(f"/people/{cast.fan.pk}/identity/", ANSWERS)

    assert answer.status_code == 403
    assert not IdentityCheck.objects.exists()


@pytest.mark.parametrize("words", ["安安", "安", "phone"])
def test_people_are_found(cast: Cast, client_of: ClientOf, words: str) -> None:
    typed = (cast.anan.phone or "")[3:] if words == "phone" else words

    page = client_of(cast.chen).get("/people/", {"q": typed})

    assert cast.anan in [person for person, _checked in page.context["rows"]]


def test_part_of_a_number_finds_nobody(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.chen).get("/people/", {"q": "100000"})

    assert page.context["rows"] == []
