"""Walk the site as one person, by clicking: every kind of page once, each with its picture."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

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
    look_at: Callable[[Page, str, str], list[str]],
    linked: set[str],
) -> Iterator[Seen]:
    """Breadth first from `starts`, following each kind of link once.

    `look_at` says what is wrong with a page. Files are not opened (what turns out to be one is
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
        if url_name_of(page.url) != name:  # led elsewhere: to sign in first, say
            linked.add(name)
            waiting.append(_path_of(page.url))
            continue
        yield Seen(person, name, path, answer.status, tuple(look_at(page, person, name)))
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
            yield _path_of(address), is_download or NOT_PAGES.search(parts.path) is not None


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
