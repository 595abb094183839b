"""What links lead to on many pages of each kind: read as a person sees them, without a browser.

The walk of `crawl` draws one page of each kind, and a page's links depend on the state of what it
shows: a returned record can be edited, a settled order can be rated.
"""

import re
from collections import Counter, deque
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from tests.gallery.crawl import NOT_PAGES, url_name_of

HREF = re.compile(r'<a\s[^>]*?href="([^"#]+)')
OF_EACH_KIND = 15
HOST = "http://testserver"


def names_linked(client: Client, starts: tuple[str, ...]) -> tuple[set[str], list[str]]:
    """The names of all that links lead her to from `starts`, by so many pages of each kind; and
    the links that are answered by a refusal, or by a form that refuses what the link says, each
    with the page it stands on."""
    waiting, known = deque(starts), dict.fromkeys(starts, "")
    read: Counter[str] = Counter()
    names: set[str] = set()
    dead: list[str] = []
    while waiting:
        path = waiting.popleft()
        name = url_name_of(path)
        if name is None or name.startswith("admin:") or read[name] == OF_EACH_KIND:
            continue
        read[name] += 1
        answer = client.get(path, follow=True)
        # A letter is not written anew when what it tells of has ended.
        if answer.status_code != 200 and not known[path].startswith("/me/messages/"):
            dead.append(f"{known[path]} leads to {path}: {answer.status_code}")
        elif _is_refused(answer):
            dead.append(f"{known[path]} leads to {path}: a field refused before anybody typed")
        for link in _links(answer, path):
            names.add(url_name_of(link) or link)
            if link not in known and not NOT_PAGES.search(urlsplit(link).path):
                known[link] = path
                waiting.append(link)
    return names, dead


def _is_refused(answer: Any) -> bool:
    return not answer.streaming and b'aria-invalid="true"' in answer.content


def _links(answer: Any, path: str) -> list[str]:
    """Addresses of this site that a page leads to; none where it turns out to be a file."""
    if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return []
    here = answer.redirect_chain[-1][0] if answer.redirect_chain else path
    led = [
        urlsplit(urljoin(HOST + here, unescape(link)))
        for link in HREF.findall(answer.content.decode())
    ]
    return [
        one.path + (f"?{one.query}" if one.query else "")
        for one in led
        if one.scheme == "http" and one.netloc == "testserver"
    ]
