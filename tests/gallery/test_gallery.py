"""Every page each role can reach by clicking, in a folder to look through: `pytest -m gallery`.

Fails on a page nobody can reach, an error in the browser's console, a serious finding of axe, and
an answer that is no page.

`GALLERY_PEOPLE=officer,finance` walks only those, so that two runs can share the work in one
folder; whichever ends last, with everybody walked, says which pages nobody reached.
"""

import json
import os
import shutil
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page
from rich.progress import Progress

from accounts.models import Role, User
from config.demo.cast import CHARACTERS
from config.demo.load import load_demo
from tests.gallery.crawl import Seen, file_of, walk, write_index
from tests.matrix import rows
from tests.plugins.browser import DESKTOP, PHONE

pytestmark = [
    pytest.mark.gallery,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

FOLDER = Path(os.environ.get("GALLERY", "gallery"))
SIZES = {"1280": DESKTOP, "390": PHONE}
LOOKS = {
    "dark": {"theme": "dark"},
    "large": {"text": "large"},
    "en": {"django_language": "en"},
}
# Reached by a mail, a code or a form on the way, not by clicking; and what machines ask.
NOT_BY_CLICKING = (
    "admin:",
    "account_",
    "mfa_",
    "usersessions_",
    "healthz",
    "readyz",
    "styleguide",
)


def test_every_page_is_reachable_and_sound(open_page, live_url: str) -> None:
    load_demo(Progress(disable=True))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")  # as the demo does: no page waits for a planner without figures
    seen: list[Seen] = []
    pictured: set[str] = set()
    everybody = _people()
    asked = set(filter(None, os.environ.get("GALLERY_PEOPLE", "").split(",")))
    if not asked:
        shutil.rmtree(FOLDER, ignore_errors=True)
    assert asked <= {person for person, _ in everybody}, "GALLERY_PEOPLE names kinds of role"
    for person, user in everybody:
        if asked and person not in asked:
            continue
        page = open_page(user=user)
        starts = ("/home/", "/") if user else ("/",)
        linked: set[str] = set()
        met = list(walk(page, person, starts=starts, picture=_picture(person), linked=linked))
        _reached_by(person).write_text(json.dumps(sorted({one.name for one in met} | linked)))
        # Dark, large and English: once for each kind of page, by the first who reaches it.
        fresh = [one for one in met if one.name not in pictured]
        pictured |= {one.name for one in fresh}
        _other_looks(page, live_url, person, fresh)
        page.context.close()
        seen += met
        print(person, len(met), *[one for one in met if one.status != 200 or one.findings])
    index = write_index(FOLDER, seen)
    print(f"{len(seen)} pages of {len({one.name for one in seen})} kinds: {index}")

    assert [one for one in seen if one.status != 200] == []
    assert [finding for one in seen for finding in one.findings] == []
    reached = [_reached_by(person) for person, _ in everybody]
    if all(file.exists() for file in reached):
        assert (
            _unreached({name for file in reached for name in json.loads(file.read_text())}) == set()
        )


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


def _picture(person: str, look: str = ""):
    """Takes a page at both sizes, the phone's last."""
    folder = FOLDER / person
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            file = folder / f"{file_of(name)}.{size}{look}.png"
            page.screenshot(path=file, full_page=True, animations="disabled")

    return take


def _other_looks(page: Page, live_url: str, person: str, fresh: list[Seen]) -> None:
    for look, cookies in LOOKS.items():
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_url} for name, value in cookies.items()]
        )
        take = _picture(person, f"-{look}")
        for one in fresh:
            page.goto(one.path)
            take(page, one.name)
        for name in cookies:
            page.context.clear_cookies(name=name)


def _unreached(reached: set[str]) -> set[str]:
    """Pages (what answers GET to somebody with 200) that no click leads to."""
    pages = {
        row.name
        for row in rows()
        if row.method == "GET" and not row.is_prefix and 200 in row.answers.values()
    }
    return {name for name in pages - reached if not name.startswith(NOT_BY_CLICKING)}
