"""Chinese first, English complete: every sentence in use has its translation, compiled."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from config import translations

CJK = re.compile(r"[\u4e00-\u9fff]")
# Names that stay as they are in English too.
KEPT = {"简体中文"}

# What a template says of itself: whole sentences in one language or the other.
TOLD_APART = re.compile(
    r"\{% comment.*?endcomment %\}|\{% blocktranslate.*?endblocktranslate %\}|\{#.*?#\}", re.DOTALL
)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# Shown where nothing else works, languages included.
BROKEN_SITE = {"500.html", "503.html"}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return translations.read_catalogue()


@pytest.fixture(scope="module")
def in_use() -> polib.POFile:
    return translations.merged(translations.read_catalogue())


def test_every_sentence_in_use_is_translated(in_use: polib.POFile) -> None:
    missing = [entry.msgid for entry in in_use if not entry.translated()]

    assert not missing, f"{len(missing)} without English: run manage.py translations"


def test_catalogue_holds_nothing_that_is_not_in_use(
    catalogue: polib.POFile, in_use: polib.POFile
) -> None:
    used = {entry.msgid for entry in in_use}

    left_over = [entry.msgid for entry in catalogue if entry.msgid not in used]

    assert not left_over, "run manage.py translations"


def test_english_has_no_chinese_left(catalogue: polib.POFile) -> None:
    left = [
        entry.msgid for entry in catalogue if CJK.search(entry.msgstr) and entry.msgid not in KEPT
    ]

    assert not left


def test_gaps_are_the_same_in_both_languages(catalogue: polib.POFile) -> None:
    wrong = [e.msgid for e in catalogue if e.msgstr and translations.gaps_in(e.msgstr, e.msgid)]

    assert not wrong


def test_compiled_catalogue_is_the_written_one(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(translations.CATALOGUE.with_suffix(".mo")))

    assert {(e.msgctxt, e.msgid, e.msgstr) for e in compiled} == {
        (e.msgctxt, e.msgid, e.msgstr) for e in catalogue if e.translated()
    }


def test_templates_write_stops_and_lists_as_the_language_does() -> None:
    root = Path(settings.BASE_DIR)
    astray = {
        str(path.relative_to(root)): found
        for path in sorted(root.glob("*/templates/**/*.html"))
        if path.name not in BROKEN_SITE
        and (found := _punctuation_of_chinese(path.read_text(encoding="utf-8")))
    }

    assert astray == {}, 'write {% translate "：" %}, |bracketed or |join:_("、")'


def _punctuation_of_chinese(template: str) -> list[str]:
    text = TOLD_APART.sub("", template)
    joined = re.findall(r'join:"[、；，]"', text)
    return joined + re.findall("[。；，、：（）]", TAGS.sub("", text))
