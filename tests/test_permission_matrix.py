"""Every address, every method, every person of the cast: the answers of permission_matrix.txt."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.urls import reverse

from config.navigation import NAVIGATION, OF_EVERYONE, VISITOR_BAR, Entry
from tests.matrix import ANONYMOUS, METHODS, PEOPLE, Address, Row, addresses, rows
from tests.scene import Scene, build_scene

ROWS = rows()
ROWS_TO_ASK = [row for row in ROWS if not row.is_prefix]
PREFIXES = tuple(row.name[:-1] for row in ROWS if row.is_prefix)
SITE = [address for address in addresses() if not address.name.startswith(PREFIXES)]
BACKEND = "accounts.backends.ByPassword"
TOKEN = {"csrfmiddlewaretoken": "sent by every browser"}
# What fills a gap so that nothing is found. A purpose, a verb, an order of words are looked up too.
NOTHING = {
    "int": 2_000_000_000,
    "slug": "no-such-thing",
    "uuid": UUID("00000000-0000-4000-8000-000000000000"),
}
ASKING_FOR_NOTHING = [ANONYMOUS, "anan", "chen", "en", "fan", "shu"]
# Who is asked even where a row leaves them unnamed: those who see most. All are with `-m long`.
ALWAYS_ASKED = ["anan", "chen", "fan", "shu"]
# Each kind of role that has pages, and who of the cast stands for it.
ROLES_WITH_PAGES = sorted(NAVIGATION)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker) -> Iterator[Scene]:
    """One scene for all rows: built once, every request undone."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        logging.disable(logging.CRITICAL)
        # Signing in is tested elsewhere: what a session costs is saved some thousand times.
        patch.setattr(settings, "SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies")
        # No test here reads a template's context: Django need not keep a copy of each.
        patch.setattr(Template, "_render", lambda template, page: template.nodelist.render(page))
        # Papers are typeset in their own tests; here it matters who may have them.
        for views in ("needs", "notices", "panels", "reviews"):
            patch.setattr(f"ventures.views.{views}.typeset", lambda *paper: b"%PDF-")
        yield build_scene()
        transaction.set_rollback(True)
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def clients(scene: Scene) -> dict[str, Client]:
    """A browser for each person, signed in once."""
    found = {person: Client(raise_request_exception=True) for person in PEOPLE}
    for person, client in found.items():
        if person != ANONYMOUS:
            client.force_login(scene.cast.people[person], BACKEND)
    return found


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


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", [a for a in SITE if a.gaps], ids=lambda a: a.name)
def test_what_does_not_exist_is_answered_like_what_is_hidden(
    address: Address,
    method: str,
    scene: Scene,
    clients: dict[str, Client],
    django_db_blocker,
) -> None:
    """404 for everyone signed in (405 where the method is unknown whatever the thing)."""
    gaps = {gap: NOTHING[_kind(converter)] for gap, converter in address.gaps.items()}
    url = reverse(address.name, kwargs=gaps)
    told = [row for row in ROWS if row.name == address.name and row.method == method]
    no_such_method = all(set(row.answers.values()) == {405} for row in told)
    is_public = any(row.answers.get(ANONYMOUS) for row in told)

    with django_db_blocker.unblock():
        found = {person: _ask(clients[person], method, url, {}) for person in ASKING_FOR_NOTHING}

    absent = 405 if no_such_method else 404
    assert found == {
        person: absent if person != ANONYMOUS or is_public else 302 for person in ASKING_FOR_NOTHING
    }


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
            (key, entry.url_name): _ask(clients[key], "GET", reverse(entry.url_name), {})
            for key in serving
            for entry in _entries_of(kind)
        }

    assert found == dict.fromkeys(found, 200)


def test_pages_of_the_visitors_bar_are_there_for_everyone(
    scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        found = {
            entry.url_name: _ask(clients[ANONYMOUS], "GET", reverse(entry.url_name), {})
            for entry in VISITOR_BAR
        }

    assert found == dict.fromkeys(found, 200)


def _astray(
    row: Row, people: list[str], scene: Scene, clients: dict[str, Client]
) -> dict[str, str]:
    """Who was answered otherwise than the row says, and how."""
    address = reverse(row.name, kwargs=scene.things[row.thing])
    data = scene.forms[row.form] if row.form else {}
    found = {person: _ask(clients[person], row.method, address, data) for person in people}
    return {
        person: f"{code}, not {row.answer_for(person)}"
        for person, code in found.items()
        if code != row.answer_for(person)
    }


def _entries_of(kind: str) -> list[Entry]:
    return [*NAVIGATION[kind], *OF_EVERYONE]


def _kind(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()


def _ask(client: Client, method: str, url: str, data: dict[str, object]) -> int:
    with _undone(client, writes=method == "POST"):
        if method == "GET":
            return client.get(url, data).status_code
        return client.post(url, TOKEN | data).status_code


@contextmanager
def _undone(client: Client, *, writes: bool) -> Iterator[None]:
    """Roll the request back: rows, cookies and what a POST left in the cache."""
    kept = client.cookies.get(settings.SESSION_COOKIE_NAME)
    session = kept.value if kept else None
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        client.cookies.clear()
        if session:
            client.cookies[settings.SESSION_COOKIE_NAME] = session
        if writes:
            cache.clear()
