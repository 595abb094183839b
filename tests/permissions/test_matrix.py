"""Who gets what answer from every address; that the matrix is whole, and that the navigation leads
somewhere.
"""

import pytest
from django.test import Client
from django.urls import reverse

from config.navigation import NAVIGATION, OF_EVERYONE, VISITOR_BAR, Entry
from tests.matrix import ANONYMOUS, METHODS, PEOPLE, addresses
from tests.permissions.asked import (
    ROWS,
    SITE,
    test_answers_are_those_of_the_matrix,
    test_answers_to_everyone_are_those_of_the_matrix,
    test_nobody_can_tell_the_hidden_from_the_absent,
    test_what_does_not_exist_is_answered_like_what_is_hidden,
)
from tests.plugins.asking import ask
from tests.scene.whole import Scene

# Each kind of role that has pages, and who of the cast stands for it.
ROLES_WITH_PAGES = sorted(NAVIGATION)
__all__ = [
    "test_answers_are_those_of_the_matrix",
    "test_answers_to_everyone_are_those_of_the_matrix",
    "test_nobody_can_tell_the_hidden_from_the_absent",
    "test_what_does_not_exist_is_answered_like_what_is_hidden",
]


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
