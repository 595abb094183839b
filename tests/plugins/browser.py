"""A real browser for journeys: pages under the real content security policy, errors collected.

`browser` is skipped where no Chromium is found, except in CI (`CI=true`), where its absence is a
failure. Playwright drives the system's Chromium; nothing is downloaded.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
# A story at both sizes: one of them in every run, the other with `-m long`.
PHONE_FIRST = [
    pytest.param(PHONE, id="390"),
    pytest.param(DESKTOP, id="1280", marks=pytest.mark.long),
]
DESKTOP_FIRST = [
    pytest.param(DESKTOP, id="1280"),
    pytest.param(PHONE, id="390", marks=pytest.mark.long),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process draws all windows: a fifth of what the browser costs.
    "--in-process-gpu",
    "--renderer-process-limit=1",
]
AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js"


# Debian's headless build first: a page costs it two thirds of what the whole browser takes.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Every rule whose breach is serious or critical; the rest would be looked for and thrown away.
JUDGE = """
() => axe.run(document, {
  resultTypes: ["violations"],
  preload: false,
  rules: Object.fromEntries(
    axe._audit.rules
      .filter((rule) => ["minor", "moderate"].includes(rule.impact))
      .map((rule) => [rule.id, { enabled: false }])
  ),
})
"""


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once per session."""
    executable = chromium()
    if executable is None:
        message = "Chromium is not installed (Debian: chromium-headless-shell, fonts-noto-cjk)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's synchronous driver keeps an event loop running in this thread, and Django
    # would take every query beside it for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture
def live_url(live_server: Any) -> str:
    """The site, served to a browser from the test database, with every middleware of production."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "localhost", "127.0.0.1"]
    return str(live_server.url)


class Errors(list[str]):
    """What the browser complained about: script errors, refused resources, CSP violations."""

    def watch(self, page: Page) -> None:
        answers: set[str] = set()

        def note_answer(response: Response) -> None:
            # A form answered with 422, a page with 403: meant, though Chromium logs it.
            if response.request.resource_type in {"document", "xhr", "fetch"}:
                answers.add(response.url)

        def note_message(message: ConsoleMessage) -> None:
            if message.type != "error":
                return
            refused = re.search(r"the server responded with a status of 4\d\d", message.text)
            if refused and (message.location or {}).get("url") in answers:
                return
            self.append(f"{page.url}: {message.text}")

        page.on("response", note_answer)
        page.on("console", note_message)
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))


@pytest.fixture
def console_errors() -> Iterator[Errors]:
    """Collected from every page of the test; the test fails at its end if there are any."""
    errors = Errors()
    yield errors
    assert errors == []


@pytest.fixture
def open_page(
    browser: Browser, live_url: str, console_errors: Errors
) -> Iterator[Callable[..., Page]]:
    """Open a window: `open_page()`, `open_page(PHONE)`, `open_page(user=anan, locale="en")`.

    Each window has its own cookies, so that two people can be in one story. Paths given to
    `page.goto` are relative to the site.
    """
    contexts = []

    def open_one(
        size: dict[str, int] = DESKTOP, *, user: Any = None, locale: str = "zh-CN", **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=live_url, viewport=size, locale=locale, timezone_id="Asia/Shanghai", **options
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])
        page = context.new_page()
        console_errors.watch(page)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One desktop window of a visitor nobody knows."""
    return open_page()


def axe(page: Page) -> list[str]:
    """The serious and critical findings of axe on the page as it stands, one line each."""
    page.evaluate(AXE.read_text())
    result = page.evaluate(JUDGE)
    return [
        f"{page.url}: {finding['id']} ({finding['impact']}): {finding['help']} — "
        + "; ".join(" ".join(map(str, node["target"])) for node in finding["nodes"][:5])
        for finding in result["violations"]
        if finding["impact"] in {"serious", "critical"}
    ]


# Kinds of elements that axe found nothing in: what an element is, looks like and stands in, and
# whether it has a name and words. A page is judged if it holds one not met before: to judge it
# costs more than to load it, and the gallery judges every page of every role.
_judged: set[str] = set()
KINDS = """
() => {
  const look = (one) => [one.tagName, ...[...one.classList].sort()].join(".");
  const kind = (one) => [
    look(one), one.parentElement ? look(one.parentElement) : "",
    ...["role", "type", "scope", "tabindex", "aria-hidden"].map((name) => one.getAttribute(name)),
    one.labels?.length > 0, one.hasAttribute("aria-label"), one.hasAttribute("aria-labelledby"),
    one.hasAttribute("alt"), one.textContent.trim() === "", one.disabled,
  ].join("|");
  return [...new Set([...document.querySelectorAll("*")].map(kind))];
}
"""


def seen(page: Page) -> None:
    """No serious finding on the page as it stands, and nothing wider than the screen."""
    page.wait_for_load_state()
    kinds = set(page.evaluate(KINDS))
    if not kinds <= _judged:
        assert axe(page) == []
        _judged.update(kinds)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.url
