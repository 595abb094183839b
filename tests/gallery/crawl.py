"""Walk the site as one person, by clicking: every kind of page once, each with its picture."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.plugins.browser import axe

NOT_PAGES = re.compile(r"\.(pdf|csv|ics|json|xlsx|svg|png|jpe?g|webp)$|/(photos|files)/|/logout/")
LINKS = "links => links.filter(a => !a.hasAttribute('download')).map(a => a.href)"


@dataclass(frozen=True)
class Seen:
    """One page as one person saw it."""

    person: str
    name: str
    path: str
    status: int
    findings: tuple[str, ...]


def url_name_of(path: str) -> str | None:
    """The name of the URL pattern a path belongs to, with its namespace."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None


def walk(
    page: Page, person: str, *, starts: tuple[str, ...], picture: Callable[[Page, str], None]
) -> Iterator[Seen]:
    """Breadth first from `starts`, following each kind of link once.

    axe looks at the page as `picture` leaves it.
    """
    waiting = list(starts)
    met: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        name = url_name_of(path)
        if name is None or name in met or name.startswith("admin:"):
            continue
        met.add(name)
        answer = page.goto(path)
        assert answer is not None, f"{path} answers"
        picture(page, name)
        yield Seen(person, name, path, answer.status, tuple(axe(page)))
        waiting += _links_on(page)


def _links_on(page: Page) -> list[str]:
    here = urlsplit(page.url)
    found = []
    for address in page.eval_on_selector_all("a[href]", LINKS):
        parts = urlsplit(address)
        if (parts.scheme, parts.netloc) == (here.scheme, here.netloc):
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if not NOT_PAGES.search(parts.path):
                found.append(path)
    return found


def write_index(folder: Path, seen: list[Seen]) -> Path:
    """A page to look through: one row per kind of page, every picture beside the others."""
    rows = []
    for name in sorted({one.name for one in seen}):
        pictures = sorted(folder.glob(f"*/{file_of(name)}.*.png"))
        shown = "".join(
            f'<figure><img loading="lazy" src="{one.relative_to(folder)}">'
            f"<figcaption>{one.parent.name} {one.suffixes[0][1:]}</figcaption></figure>"
            for one in pictures
        )
        rows.append(f"<h2>{name}</h2><div>{shown}</div>")
    index = folder / "index.html"
    index.write_text(
        "<!doctype html><meta charset=utf-8><title>Gallery</title><style>"
        "body{font:15px sans-serif;margin:2rem}div{display:flex;gap:1rem;overflow-x:auto;"
        "align-items:start}img{height:26rem;border:1px solid #ccc}figure{margin:0}"
        "</style>" + "".join(rows),
        encoding="utf-8",
    )
    return index


def file_of(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "_", name)
