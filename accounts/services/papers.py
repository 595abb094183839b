"""Typeset papers: a template and its data become a PDF. The one home of typesetting.

A template is a `.typ` file under an app's `papers/`; it reads what it shows from
`json(bytes(sys.inputs.data))`. People's words travel as data and are never spliced into the
source, so that no word of theirs is ever read as an instruction. Shared parts (page, headings,
signature lines) stand in `accounts/papers/paper.typ`. What a paper says is gathered by the app
that owns it, not here.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst

ROOT = Path(__file__).resolve().parent.parent.parent
FONTS = Path(pylopdf_fonts_zh_cn.sans_path()).parent


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `template` (a path from the project's root, as `ventures/papers/notice.typ`).

    Money, hours and dates come in as the words they are shown in: a paper does no arithmetic.
    Only the fonts that come with the product are used, so that a paper looks the same everywhere.
    """
    return _compiled(template, data, "pdf")


def picture(template: str, data: Mapping[str, Any]) -> bytes:
    """The first page of the same as a PNG, for chat groups; about 1,100 pixels wide."""
    return _compiled(template, data, "png")


class Volume:
    """Papers bound into one PDF; the title of some leads to where they begin."""

    def __init__(self) -> None:
        from pypdf import PdfWriter  # only who binds loads it

        self._writer = PdfWriter()

    @property
    def is_empty(self) -> bool:
        return not self._writer.pages

    def add(self, *papers: bytes, title: str = "") -> None:
        first = len(self._writer.pages)
        for paper in papers:
            self._writer.append(BytesIO(paper), import_outline=False)
        if title:
            self._writer.add_outline_item(title=title, page_number=first)

    def bound(self) -> bytes:
        file = BytesIO()
        self._writer.compress_identical_objects()
        self._writer.write(file)
        return file.getvalue()


def _compiled(template: str, data: Mapping[str, Any], kind: Literal["pdf", "png"]) -> bytes:
    source = ROOT / template
    assert source.is_file(), f"no paper {template}"
    assert source.suffix == ".typ", f"{template} is no paper"
    words = json.dumps(data, ensure_ascii=False, default=str)
    paper: Any = typst.compile(
        str(source),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=kind,
        ppi=132 if kind == "png" else None,
        sys_inputs={"data": words},
    )
    if isinstance(paper, list):
        paper = paper[0]
    assert isinstance(paper, bytes), "a compiled paper is bytes"
    return paper
