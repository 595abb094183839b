"""Find every sentence shown to people, and keep the English catalogue in step with them.

Source strings are Chinese. GNU gettext is not needed: Python files are read as syntax trees,
templates through Django's own `templatize`, and the catalogue is merged and compiled by polib.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = ("accounts", "config", "timebank", "ventures")
SIMPLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}


@dataclass(frozen=True, order=True)
class Sentence:
    """One source string: its context, its words, its plural."""

    context: str
    words: str
    plural: str = ""


def sentences_in_use() -> dict[Sentence, set[str]]:
    """Every marked source string, with the files it stands in."""
    found: dict[Sentence, set[str]] = defaultdict(set)
    for path in sorted(_files("*.py")):
        for sentence in _in_python(path.read_text(encoding="utf-8")):
            found[sentence].add(str(path.relative_to(PROJECT)))
    for suffix in ("*.html", "*.txt"):
        for path in sorted(_files(suffix)):
            source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            for sentence in _in_templatized(source):
                found[sentence].add(str(path.relative_to(PROJECT)))
    return dict(found)


def read_catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), wrapwidth=100)


def merged(catalogue: polib.POFile) -> polib.POFile:
    """The catalogue with what is in use and nothing else; known translations are kept."""
    known = {_sentence_of(entry): entry for entry in catalogue}
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = {
        "Project-Id-Version": "qicai",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for sentence, files in sorted(sentences_in_use().items(), key=lambda item: item[0]):
        entry = known.get(sentence) or _untranslated(sentence)
        entry.occurrences = [(name, "") for name in sorted(files)]
        entry.flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", sentence.words) else []
        fresh.append(entry)
    return fresh


def save(catalogue: polib.POFile) -> None:
    """Write the catalogue and compile it beside itself."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


def gaps_in(translation: str, words: str) -> set[str]:
    """Named gaps that the translation lacks or invents."""
    named = re.compile(r"%\((\w+)\)")
    return set(named.findall(translation)) ^ set(named.findall(words))


def _files(pattern: str) -> Iterator[Path]:
    for app in APPS:
        for path in (PROJECT / app).rglob(pattern):
            if not {"migrations", "vendor", "data", "locale"} & set(path.parts):
                yield path


def _in_python(source: str) -> Iterator[Sentence]:
    tree = ast.parse(source)
    known_as = {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        name = known_as.get(called, called)
        texts = [
            argument.value if isinstance(argument, ast.Constant) else None
            for argument in node.args[:3]
        ]
        words = [text for text in texts if isinstance(text, str)]
        if name in SIMPLE and texts and isinstance(texts[0], str):
            yield Sentence("", words[0])
        elif name in PLURAL and len(words) >= 2:
            yield Sentence("", words[0], words[1])
        elif name in CONTEXT and len(words) >= 2:
            yield Sentence(words[0], words[1])


def _in_templatized(source: str) -> Iterator[Sentence]:
    """`templatize` leaves calls of gettext among X's; each call is a Python expression."""
    call = re.compile(
        r"\b(n?p?gettext|_)\(((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[^()])*)\)"
    )
    for name, arguments in call.findall(source):
        tree = ast.parse(f"f({arguments})", mode="eval").body
        assert isinstance(tree, ast.Call)
        constants = [a.value for a in tree.args if isinstance(a, ast.Constant)]
        words = [word for word in constants if isinstance(word, str)]
        if name in ("gettext", "_") and words:
            yield Sentence("", words[0])
        elif name == "ngettext" and len(words) >= 2:
            yield Sentence("", words[0], words[1])
        elif name == "pgettext" and len(words) >= 2:
            yield Sentence(words[0], words[1])


def _sentence_of(entry: polib.POEntry) -> Sentence:
    return Sentence(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def _untranslated(sentence: Sentence) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=sentence.context or None, msgid=sentence.words, msgstr="")
    if sentence.plural:
        entry.msgid_plural = sentence.plural
        entry.msgstr_plural = {0: "", 1: ""}
    return entry
