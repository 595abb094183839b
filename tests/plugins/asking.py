"""The scene all addresses are asked in, a browser for each person, and one question undone.

A plugin for the tests of addresses: each file of them has one of its own.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.base import Template
from django.test import Client
from django.urls import reverse

from tests.matrix import ANONYMOUS, PEOPLE, Row
from tests.scene.whole import Scene, build_scene

BACKEND = "accounts.backends.ByPassword"
SEES_MOST = "fan"
TOKEN = {"csrfmiddlewaretoken": "sent by every browser"}


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker) -> Iterator[Scene]:
    """One scene for all rows: built once, every request undone."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        logging.disable(logging.CRITICAL)
        # Signing in is tested elsewhere: what a session costs is saved some thousand times.
        patch.setattr(settings, "SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies")
        # No test here reads a template's context: Django need not keep a copy of each.
        patch.setattr(Template, "_render", lambda template, page: template.nodelist.render(page))
        # That something is hidden is said by a page with its own test: here its code matters.
        patch.setattr("config.views.errors.render", _bare)
        # Papers are typeset in their own tests; here it matters who may have them.
        for views in ("defences", "needs", "notices", "panels", "reviews"):
            patch.setattr(f"ventures.views.{views}.typeset", lambda *paper: b"%PDF-")
        yield build_scene()
        transaction.set_rollback(True)
        logging.disable(logging.NOTSET)


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return HttpResponse(template, status=status)


@pytest.fixture(scope="module")
def clients(scene: Scene) -> dict[str, Client]:
    """A browser for each person, signed in once."""
    found = {person: Client(raise_request_exception=True) for person in PEOPLE}
    for person, client in found.items():
        if person != ANONYMOUS:
            client.force_login(scene.cast.people[person], BACKEND)
    return found


def ask(client: Client, method: str, url: str, data: dict[str, object]) -> int:
    """The code of the answer; nothing is left of the request."""
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


def astray_for_some(row: Row, scene: Scene, clients: dict[str, Client]) -> dict[str, str]:
    """Asked by some of each answer's people; others in each row."""
    return _astray(row, row.some(SEES_MOST), scene, clients)


def astray_for_all(row: Row, scene: Scene, clients: dict[str, Client]) -> dict[str, str]:
    """Asked by every person of the cast: more of them than one address may be in an hour."""
    found: dict[str, str] = {}
    for some in (PEOPLE[::2], PEOPLE[1::2]):
        cache.clear()
        found |= _astray(row, some, scene, clients)
    return found


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
