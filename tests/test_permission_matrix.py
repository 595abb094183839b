"""Every address, every method, every person of the cast: the answers of permission_matrix.txt."""

import pytest
from django.test import Client
from django.urls import reverse

from config.navigation import NAVIGATION, OF_EVERYONE, VISITOR_BAR, Entry
from tests.matrix import ANONYMOUS, METHODS, PEOPLE, Row, addresses, prefixes, rows
from tests.plugins.asking import ask
from tests.scene import Scene

ROWS = rows()
ROWS_TO_ASK = [row for row in ROWS if not row.is_prefix]
SITE = [address for address in addresses() if not address.name.startswith(prefixes(ROWS))]
# Who is asked even where a row leaves them unnamed: those who see most. All are with `-m long`.
ALWAYS_ASKED = ["anan", "chen", "fan", "shu"]
# Each kind of role that has pages, and who of the cast stands for it.
ROLES_WITH_PAGES = sorted(NAVIGATION)


@pytest.mark.parametrize("row", ROWS_TO_ASK, ids=str)
def test_answers_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    """Asked by everyone the row names and by some of the rest; another of them in each row."""
    with django_db_blocker.unblock():
        assert _astray(row, row.named_and_some(ALWAYS_ASKED), scene, clients) == {}


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS_TO_ASK, ids=str)
def test_answers_to_everyone_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert _astray(row, PEOPLE, scene, clients) == {}


@pytest.mark.parametrize("method", METHODS)
def test_every_url_has_a_row(method: str) -> None:
    told = {row.name for row in ROWS if row.method == method}

    assert {address.name for address in SITE} - told == set()


def test_every_row_is_of_a_url() -> None:
    known = {address.name for address in addresses()}

    assert {row.name for row in ROWS_TO_ASK} - known == set()


@pytest.mark.parametrize("kind", ROLES_WITH_PAGES)
def test_pages_of_the_navigation_are_there_for_the_role_they_serve(
    kind: str, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    serving = [
        key
        for key in PEOPLE
        if key != ANONYMOUS and scene.cast.people[key].roles.filter(kind=kind).exists()
    ]
    assert serving, f"somebody of the cast is {kind}"

    with django_db_blocker.unblock():
        found = {
            (key, entry.url_name): ask(clients[key], "GET", reverse(entry.url_name), {})
            for key in serving
            for entry in _entries_of(kind)
        }

    assert found == dict.fromkeys(found, 200)


def test_pages_of_the_visitors_bar_are_there_for_everyone(
    scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        found = {
            entry.url_name: ask(clients[ANONYMOUS], "GET", reverse(entry.url_name), {})
            for entry in VISITOR_BAR
        }

    assert found == dict.fromkeys(found, 200)


def _astray(
    row: Row, people: list[str], scene: Scene, clients: dict[str, Client]
) -> dict[str, str]:
    """Who was answered otherwise than the row says, and how."""
    address = reverse(row.name, kwargs=scene.things[row.thing])
    data = scene.forms[row.form] if row.form else {}
    found = {person: ask(clients[person], row.method, address, data) for person in people}
    return {
        person: f"{code}, not {row.answer_for(person)}"
        for person, code in found.items()
        if code != row.answer_for(person)
    }


def _entries_of(kind: str) -> list[Entry]:
    return [*NAVIGATION[kind], *OF_EVERYONE]
