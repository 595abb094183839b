"""The whole content of a round's form: how the built-in questions are asked, and its own. Pure.

A built-in question that a form does not name is asked as usual.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ventures.rules.round_forms import Asked, as_asked, as_written

OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
WAYS = (OFF, OPTIONAL, REQUIRED)
# Without these the office could not find, count or reach a proposal: every round asks them.
ALWAYS_ASKED = (
    "title",
    "responsible_name",
    "responsible_phone",
    "communities",
    "track",
    "kind",
    "budget",
)


@dataclass(frozen=True)
class Terms:
    """How a round asks one built-in question on its one-page and on its standard form, and in the
    concept where it has two steps (empty: as on the one-page form)."""

    short: str
    standard: str
    help: str = ""
    limit: int = 0
    concept: str = ""

    def way(self, *, is_short: bool) -> str:
        return self.short if is_short else self.standard


@dataclass(frozen=True)
class FormContent:
    """A form as it was frozen, or as it stands while it is drawn up (number 0)."""

    built_in: Mapping[str, Terms] = field(default_factory=dict)
    questions: tuple[Asked, ...] = ()
    number: int = 0
    sha256: str = ""
    # Built-in questions that are not asked at all: a concept leaves most of them out.
    leaves_out: frozenset[str] = frozenset()

    def question(self, code: str) -> Asked | None:
        return next((asked for asked in self.questions if asked.code == code), None)

    @property
    def codes(self) -> tuple[str, ...]:
        """What can be answered, in order: headings ask nothing."""
        return tuple(asked.code for asked in self.questions if not asked.is_heading)


def as_concept(content: FormContent, besides: Iterable[str]) -> FormContent:
    """The form of the first of two steps: the one-page form where nothing else is said, without
    what stands beyond it (`besides`) unless the round asks for that too."""
    ways = {name: terms.concept or terms.short for name, terms in content.built_in.items()}
    usually_out = {name for name in besides if not _says_concept(content, name)}
    return replace(
        content,
        built_in={
            name: replace(terms, short=ways[name], standard=ways[name])
            for name, terms in content.built_in.items()
        },
        questions=tuple(one for one in content.questions if one.is_for_concept),
        leaves_out=frozenset(usually_out | {name for name, way in ways.items() if way == OFF}),
    )


def _says_concept(content: FormContent, name: str) -> bool:
    terms = content.built_in.get(name)
    return terms is not None and terms.concept not in ("", OFF)


def content_from(raw: Mapping[str, Any], *, number: int = 0, sha256: str = "") -> FormContent:
    return FormContent(
        {name: Terms(**terms) for name, terms in raw.get("built_in", {}).items()},
        tuple(as_asked(one) for one in raw.get("questions", ())),
        number,
        sha256,
    )


def content_as_written(content: FormContent) -> dict[str, Any]:
    """Plain values, as a version keeps them."""
    return {
        "built_in": {
            name: {
                "short": terms.short,
                "standard": terms.standard,
                "help": terms.help,
                "limit": terms.limit,
                **({"concept": terms.concept} if terms.concept else {}),
            }
            for name, terms in content.built_in.items()
        },
        "questions": [as_written(asked) for asked in content.questions],
    }


def digest_of_form(written: Mapping[str, Any]) -> str:
    """The SHA-256 of a form's content as canonical JSON."""
    canonical = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def required_names(
    content: FormContent, usual: Sequence[str], *, is_short: bool
) -> tuple[str, ...]:
    """The built-in questions that must be answered; `usual` are those required without a word."""
    stays = [name for name in usual if _way(content, name, is_short, REQUIRED) == REQUIRED]
    added = [
        name
        for name, terms in content.built_in.items()
        if name not in (*usual, *ALWAYS_ASKED) and terms.way(is_short=is_short) == REQUIRED
    ]
    return (*stays, *added)


def is_asked(content: FormContent, name: str, *, usual: bool, is_short: bool) -> bool:
    """Whether the form has this built-in question at all."""
    return _way(content, name, is_short, OPTIONAL if usual else OFF) != OFF


def _way(content: FormContent, name: str, is_short: bool, usual: str) -> str:
    if name in content.leaves_out:
        return OFF
    terms = content.built_in.get(name)
    if terms is None or name in ALWAYS_ASKED:
        return usual
    return terms.way(is_short=is_short)


def required_in_short(content: FormContent, usual: Sequence[str]) -> int:
    """How many things the one-page form asks for that must be answered, conditional ones too."""
    own = [one for one in content.questions if one.is_required and one.is_for_short]
    return len(required_names(content, usual, is_short=True)) + len(own)


def empty_tables(questions: Iterable[Asked]) -> list[Asked]:
    """Choices without choices and tables without columns: nobody could answer them."""
    return [
        asked
        for asked in questions
        if (asked.kind in ("choice", "choices") and len(asked.choices) < 2)
        or (asked.kind == "table" and len(asked.columns) < 2)
        or (asked.kind == "file" and not asked.file_kinds)
    ]
