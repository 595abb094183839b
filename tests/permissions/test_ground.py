"""Every address, every method, every person of the cast: the answers of matrix.txt.

Here the addresses of the ground floor and the site; those of each app stand beside, so that they
run side by side. And that the matrix is whole, and the navigation leads somewhere.
"""

import pytest
from django.test import Client
from django.urls import reverse

from config.navigation import NAVIGATION, OF_EVERYONE, VISITOR_BAR, Entry
from tests.matrix import ANONYMOUS, METHODS, PEOPLE, Row, addresses, prefixes, rows
from tests.plugins.asking import ask, astray_for_all, astray_for_some
from tests.scene import Scene

ROWS = rows()
ROWS_TO_ASK = [row for row in ROWS if not row.is_prefix and row.app not in ("timebank", "ventures")]
SITE = [address for address in addresses() if not address.name.startswith(prefixes(ROWS))]
# Each kind of role that has pages, and who of the cast stands for it.
ROLES_WITH_PAGES = sorted(NAVIGATION)


@pytest.mark.parametrize("row", ROWS_TO_ASK, ids=str)
def test_answers_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert astray_for_some(row, scene, clients) == {}


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS_TO_ASK, ids=str)
def test_answers_to_everyone_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert astray_for_all(row, scene, clients) == {}


@pytest.mark.parametrize("method", METHODS)
def test_every_url_has_a_row(method: str) -> None:
    told = {row.name for row in ROWS if row.method == method}

    assert {address.name for address in SITE} - told == set()


def test_every_row_is_of_a_url() -> None:
    known = {address.name for address in addresses()}

    assert {row.name for row in ROWS if not row.is_prefix} - known == set()


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


def _entries_of(kind: str) -> list[Entry]:
    return [*NAVIGATION[kind], *OF_EVERYONE]
