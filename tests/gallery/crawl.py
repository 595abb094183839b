"""Walk the site as one person, by clicking: every kind of page once, each with its picture."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from tests.plugins.browser import axe

NOT_PAGES = re.compile(
    r"[./](pdf|csv|ics|json|jsonl|py|xlsx|svg|png|jpe?g|webp|zip)/?$|/(photos|files)/|/evidence/$|/scans/[0-9a-f-]{36}/|/logout/"
)
LINKS = "links => links.map(a => [a.href, a.hasAttribute('download')])"


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
    page: Page,
    person: str,
    *,
    starts: tuple[str, ...],
    picture: Callable[[Page, str], None],
    linked: set[str],
) -> Iterator[Seen]:
    """Breadth first from `starts`, following each kind of link once.

    axe looks at the page as `picture` leaves it. Files are not opened (what turns out to be one is
    left); like everything a click leads to, their names go into `linked`.
    """
    waiting = list(starts)
    met: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        name = url_name_of(path)
        if name is None or name in met or name.startswith("admin:"):
            continue
        met.add(name)
        try:
            answer = page.goto(path)
        except Error as left:
            if "Download is starting" not in left.message:
                raise
            linked.add(name)
            continue
        assert answer is not None, f"{path} answers"
        picture(page, name)
        yield Seen(person, name, path, answer.status, tuple(axe(page)))
        for path, is_file in _links_on(page):
            linked.add(url_name_of(path) or path)
            if not is_file:
                waiting.append(path)


def _links_on(page: Page) -> Iterator[tuple[str, bool]]:
    """Where the page's own links lead, and whether that is a file."""
    here = urlsplit(page.url)
    for address, is_download in page.eval_on_selector_all("a[href]", LINKS):
        parts = urlsplit(address)
        if (parts.scheme, parts.netloc) == (here.scheme, here.netloc):
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            yield path, is_download or NOT_PAGES.search(parts.path) is not None


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
