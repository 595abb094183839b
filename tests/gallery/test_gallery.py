"""Every page each role can reach by clicking, in a folder to look through: `pytest -m gallery`.

Fails on a page nobody can reach, an error in the browser's console, a serious finding of axe, and
an answer that is no page.

`GALLERY_PEOPLE=officer,finance` walks only those, so that two runs can share the work in one
folder; whichever ends last, with everybody walked, says which pages nobody reached.
"""

import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import Page
from rich.progress import Progress

from accounts.models import Role, User
from config.demo.cast import CHARACTERS, TO_SIGN_IN
from config.demo.load import load_demo
from tests.gallery.album import LOOKS, Album
from tests.gallery.crawl import Seen, walk
from tests.gallery.links import names_linked
from tests.matrix import rows
from tests.plugins.browser import Errors

pytestmark = [
    pytest.mark.gallery,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

FOLDER = Path(os.environ.get("GALLERY", "gallery"))
# Reached by a mail, a code or a form on the way, not by clicking; and what machines ask.
NOT_BY_CLICKING = (
    "admin:",
    "account_",
    "mfa_",
    "usersessions_",
    "healthz",
    "ventures:open-calls-json",
    "readyz",
    "styleguide",
)


def test_every_page_is_reachable_and_sound(
    open_page, live_url: str, console_errors: Errors
) -> None:
    load_demo(Progress(disable=True))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")  # as the demo does: no page waits for a planner without figures
    everybody = _people()
    asked = set(filter(None, os.environ.get("GALLERY_PEOPLE", "").split(",")))
    assert asked <= {person for person, _ in everybody}, "GALLERY_PEOPLE names kinds of role"
    if not asked:
        shutil.rmtree(FOLDER, ignore_errors=True)
    album = Album(FOLDER)
    seen: dict[str, Seen] = {}
    wrong: list[str] = []
    for person, user in everybody:
        if asked and person not in asked:
            continue
        began = time.monotonic()
        page = open_page(user=user)
        page.set_default_timeout(60_000)
        linked: set[str] = set()
        starts = ("/home/", "/") if user else ("/",)
        met = list(walk(page, person, starts=starts, look_at=album.add, linked=linked))
        reached = _reached_by(person)
        reached.parent.mkdir(parents=True, exist_ok=True)
        reached.write_text(json.dumps(sorted({one.name for one in met} | linked)))
        fresh = [one for one in met if one.name not in seen]
        seen |= {one.name: one for one in fresh}
        found = [
            *(f"{one.path} ({one.name}) answers {one.status}" for one in met if one.status != 200),
            *(finding for one in met for finding in one.findings),
            *_other_looks(page, live_url, album, fresh),
            *console_errors,
        ]
        console_errors.clear()
        page.context.close()
        print(f"{person}: {len(met)} pages in {time.monotonic() - began:.0f} s", *found, sep="\n  ")
        wrong += [f"{person}: {finding}" for finding in found]
    print(f"{len(seen)} kinds of pages: {album.write_index()}")

    assert wrong == []
    files = [_reached_by(person) for person, _ in everybody]
    if all(file.exists() for file in files):
        names = {name for file in files for name in json.loads(file.read_text())}
        linked, dead = _further_links()
        assert dead == []
        assert _unreached(names | linked) == set()


def _further_links() -> tuple[set[str], list[str]]:
    """Where links lead whoever may be signed in as on further pages; those to a refusal."""
    users = {user.display_name: user for user in User.objects.filter(is_demo=True)}
    names: set[str] = set()
    dead: list[str] = []
    for character in TO_SIGN_IN:
        client = Client()
        client.force_login(users[character.name], "accounts.backends.ByPassword")
        hers, refused = names_linked(client, ("/home/", "/"))
        names |= hers
        dead += [f"{character.name}: {link}" for link in refused]
    return names, dead


def _people() -> list[tuple[str, User | None]]:
    """A visitor, and the first of the cast for every kind of role."""
    found: dict[str, str] = {}
    for character in CHARACTERS:
        for duty in character.duties:
            found.setdefault(duty.kind, character.name)
    assert set(found) == set(Role.Kind.values), "every role is held by someone"
    users = {user.display_name: user for user in User.objects.filter(is_demo=True)}
    people: list[tuple[str, User | None]] = [("visitor", None)]
    for kind, name in found.items():
        people.append((kind, users[name]))
    return people


def _reached_by(person: str) -> Path:
    """The names of all that one of them met, or was led to."""
    return FOLDER / person / "reached.json"


def _other_looks(page: Page, live_url: str, album: Album, fresh: list[Seen]) -> list[str]:
    """Large and English: once for each kind of page, by the first who reaches it."""
    found: list[str] = []
    for look, cookies in LOOKS.items():
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_url} for name, value in cookies.items()]
        )
        for one in fresh:
            page.goto(one.path)
            found += album.add_look(page, one.person, one.name, look)
        for name in cookies:
            page.context.clear_cookies(name=name)
    return found


def _unreached(reached: set[str]) -> set[str]:
    """Pages (what answers GET to somebody with 200) that no click of anybody leads to.

    What the demo has no case of (a form's own copy, a photo just taken) is reached if a template
    or a view names it.
    """
    unmet = {
        row.name
        for row in rows()
        if row.method == "GET" and not row.is_prefix and 200 in row.answers.values()
    }
    unmet = {name for name in unmet - reached if not name.startswith(NOT_BY_CLICKING)}
    print(f"not met in the demo: {len(unmet)}: {' '.join(sorted(unmet))}")
    return unmet - _named()


def _named() -> set[str]:
    """Every name of an address that stands in a template or in the code that makes links."""
    files = [
        file
        for app in ("accounts", "config", "timebank", "ventures")
        for file in Path(app).rglob("*")
        if file.suffix in {".html", ".py"} and "urls" not in file.with_suffix("").parts
    ]
    words = (re.findall(r"""["']([a-z]+:[a-z-]+)["']""", file.read_text()) for file in files)
    return {name for found in words for name in found}
