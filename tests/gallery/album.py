"""The pictures of the gallery: every page at both sizes, in every look, and what is wrong."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.plugins.browser import DESKTOP, KINDS, PHONE, axe

SIZES = {"1280": DESKTOP, "390": PHONE}
LOOKS = {"large": {"text": "large"}, "en": {"django_language": "en"}}
# What a page says, without what stands around every page and differs from person to person.
CONTENT = """
() => {
  const body = document.body.cloneNode(true);
  const around = "script, .site-header, .site-footer, .bottom-bar, [name=csrfmiddlewaretoken]";
  body.querySelectorAll(around).forEach((one) => one.remove());
  return body.innerHTML;
}
"""
THEME = "(theme) => { document.documentElement.dataset.theme = theme; }"
# The bar at the foot of a phone would cover the middle of a picture of the whole page.
SETTLED = """
() => {
  document.querySelectorAll(".bottom-bar").forEach((bar) => { bar.style.position = "static"; });
  return document.documentElement.scrollWidth;
}
"""
UNREADABLE = """
async () => {
  const found = await axe.run(document, { runOnly: ["color-contrast"], preload: false });
  return found.violations.flatMap((one) => one.nodes.map((node) => node.target.join(" ")));
}
"""


class Album:
    """A folder with a picture of every page as each person saw it.

    What reads word for word as it did to somebody before is not pictured again. A kind of page is
    judged when it is met first, and again where it holds a kind of element no page held before.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._contents: set[tuple[str, str]] = set()
        self._names: set[str] = set()
        self._elements: set[str] = set()

    def add(self, page: Page, person: str, name: str) -> list[str]:
        """Picture and judge the page as it stands; when its kind is new, in the dark too."""
        content = (name, page.evaluate(CONTENT))
        if content in self._contents:
            return []
        self._contents.add(content)
        elements = set(page.evaluate(KINDS))
        is_new = name not in self._names
        findings = [*self._take(page, person, name, "1280"), *self._take(page, person, name, "390")]
        if is_new or not elements <= self._elements:
            findings += axe(page)
        if is_new:
            findings += self._in_the_dark(page, person, name)
        if not findings:
            self._elements |= elements
        self._names.add(name)
        return findings

    def _in_the_dark(self, page: Page, person: str, name: str) -> list[str]:
        """The same page with the other colours: nothing else depends on the theme."""
        was = page.evaluate("document.documentElement.dataset.theme")
        page.evaluate(THEME, "dark")
        findings = self._take(page, person, name, "390", "-dark")
        if unreadable := page.evaluate(UNREADABLE):
            findings.append(f"{page.url}: hard to read in the dark: {'; '.join(unreadable[:5])}")
        findings += self._take(page, person, name, "1280", "-dark")
        page.evaluate(THEME, was)
        page.set_viewport_size(PHONE)
        return findings

    def add_look(self, page: Page, person: str, name: str, look: str) -> list[str]:
        """Picture the page as it stands, loaded in that look."""
        return [
            finding
            for size in ("390", "1280")
            for finding in self._take(page, person, name, size, f"-{look}")
        ]

    def _take(self, page: Page, person: str, name: str, size: str, look: str = "") -> list[str]:
        page.set_viewport_size(SIZES[size])
        width = page.evaluate(SETTLED)
        folder = self.folder / person
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(
            path=folder / f"{file_of(name)}.{size}{look}.jpg",
            type="jpeg",
            quality=70,
            full_page=True,
            animations="disabled",
        )
        if width > SIZES[size]["width"]:
            return [f"{page.url}: {width} px wide at {size} {look.removeprefix('-')}".rstrip()]
        return []

    def write_index(self) -> Path:
        """A page to look through: one row per kind of page, every picture beside the others."""
        rows = []
        for name in sorted({one.name.split(".")[0] for one in self.folder.glob("*/*.jpg")}):
            shown = "".join(
                f'<figure><img loading="lazy" src="{one.relative_to(self.folder)}">'
                f"<figcaption>{one.parent.name} {one.suffixes[0][1:]}</figcaption></figure>"
                for one in sorted(self.folder.glob(f"*/{name}.*.jpg"))
            )
            rows.append(f"<h2>{name}</h2><div>{shown}</div>")
        index = self.folder / "index.html"
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
