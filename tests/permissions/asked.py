"""What is asked of every address, by every person of the cast: the answers of matrix.txt, and that
what does not exist is answered like what is hidden.

One file takes them all: to build the scene costs as much as a hundred of its questions.
"""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.matrix import ANONYMOUS, METHODS, Address, Row, addresses, prefixes, rows
from tests.plugins.asking import ask, astray_for_all, astray_for_some
from tests.scene.whole import Scene

ROWS = rows()
SITE = [address for address in addresses() if not address.name.startswith(prefixes(ROWS))]
WITH_GAPS = [address for address in SITE if address.gaps]
# What fills a gap so that nothing is found. A purpose, a verb, an order of words are looked up too.
NOTHING = {
    "int": 2_000_000_000,
    "slug": "no-such-thing",
    "uuid": UUID("00000000-0000-4000-8000-000000000000"),
}
ASKING_FOR_NOTHING = [ANONYMOUS, "anan", "chen", "en", "fan", "shu"]
# Besides a stranger and who sees most: another of the rest at each address. All are with `-m long`.
ALWAYS_ASKED, IN_TURN = [ANONYMOUS, "fan"], ["anan", "chen", "en", "shu"]


def test_answers_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert astray_for_some(row, scene, clients) == {}


@pytest.mark.long
def test_answers_to_everyone_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert astray_for_all(row, scene, clients) == {}


@pytest.mark.parametrize("method", METHODS)
def test_what_does_not_exist_is_answered_like_what_is_hidden(
    address: Address, method: str, clients: dict[str, Client], django_db_blocker
) -> None:
    """404 for everyone signed in (405 where the method is unknown whatever the thing)."""
    people = [*ALWAYS_ASKED, IN_TURN[WITH_GAPS.index(address) % len(IN_TURN)]]

    with django_db_blocker.unblock():
        assert _astray(address, method, people, clients) == {}


@pytest.mark.long
@pytest.mark.parametrize("method", METHODS)
def test_nobody_can_tell_the_hidden_from_the_absent(
    address: Address, method: str, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert _astray(address, method, ASKING_FOR_NOTHING, clients) == {}


def _astray(
    address: Address, method: str, people: list[str], clients: dict[str, Client]
) -> dict[str, str]:
    """Who was answered otherwise than of a thing that is hidden, and how."""
    gaps = {gap: NOTHING[_kind(converter)] for gap, converter in address.gaps.items()}
    url = reverse(address.name, kwargs=gaps)
    told = [row for row in ROWS if row.name == address.name and row.method == method]
    absent = 405 if all(set(row.answers.values()) == {405} for row in told) else 404
    is_public = any(row.answers.get(ANONYMOUS) for row in told)
    due = {person: absent if person != ANONYMOUS or is_public else 302 for person in people}
    found = {person: ask(clients[person], method, url, {}) for person in people}
    return {
        person: f"{code}, not {due[person]}"
        for person, code in found.items()
        if code != due[person]
    }


def _kind(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()
