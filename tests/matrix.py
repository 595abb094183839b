"""Read the permission matrix: the file is for people, this makes it testable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from config.demo.cast import CHARACTERS

MATRIX = Path(__file__).resolve().parent / "permissions" / "matrix.txt"
METHODS = ("GET", "POST")
ANONYMOUS = "anonymous"
PEOPLE = [ANONYMOUS, *(character.key for character in CHARACTERS)]
SIGN_IN = 302


@dataclass(frozen=True)
class Row:
    """One line and one of its methods: what each person is answered."""

    line: int
    name: str
    method: str
    thing: str
    form: str
    answers: dict[str, int]

    @property
    def is_prefix(self) -> bool:
        return self.name.endswith("*")

    def answer_for(self, person: str) -> int | None:
        """Whoever is named; else everyone signed in; a stranger who is not named signs in first."""
        if person == ANONYMOUS:
            return self.answers.get(person, SIGN_IN)
        return self.answers.get(person, self.answers.get("*"))

    def some(self, sees_most: str) -> list[str]:
        """A stranger, one of each answer's people and one of the rest: others in each row.

        Where all signed in get one answer, who sees most is asked for them. Everybody is asked
        with `-m long`.
        """
        named: dict[int, list[str]] = {}
        for person in PEOPLE[1:]:
            if person in self.answers:
                named.setdefault(self.answers[person], []).append(person)
        asked = [ANONYMOUS, *([] if named else [sees_most])]
        asked += [people[self.line % len(people)] for people in named.values()]
        rest = [person for person in PEOPLE[1:] if person not in self.answers]
        asked += [rest[self.line % len(rest)]] if rest else []
        return list(dict.fromkeys(asked))

    def __str__(self) -> str:
        return f"{self.name}-{self.method}-{self.thing}" + (f"+{self.form}" if self.form else "")


def rows() -> list[Row]:
    """Every row, in order. A malformed one stops the tests with its line number."""
    found: list[Row] = []
    groups: dict[str, list[str]] = {"everyone": ["*", ANONYMOUS]}
    for number, text in enumerate(MATRIX.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip() or text.startswith("#"):
            continue
        if "|" not in text:
            group, _equals, members = text.partition("=")
            groups[group.strip()] = _people(members, groups, number)
            continue
        found += _rows_of(text, groups, number)
    seen: dict[tuple[str, ...], int] = {}
    for row in found:
        told = seen.setdefault((row.name, row.method, row.thing, row.form), row.line)
        assert told == row.line, f"line {row.line} repeats line {told}"
    return found


def prefixes(found: Sequence[Row]) -> tuple[str, ...]:
    """What the names of addresses begin with that have no rows of their own."""
    return tuple(row.name[:-1] for row in found if row.is_prefix)


def _rows_of(text: str, groups: dict[str, list[str]], line: int) -> Iterator[Row]:
    parts = [part.strip() for part in text.split("|")]
    assert len(parts) == 4, f"line {line}: name | method | thing | answers"
    name, method, thing, answers = parts
    assert method in (*METHODS, "ANY"), f"line {line}: {method}"
    thing, _plus, form = (part.strip() for part in thing.partition("+"))
    told = {} if answers == "-" else _answers(answers, groups, line)
    assert bool(told) != name.endswith("*"), f"line {line}: only a prefix leaves its answers out"
    for each in METHODS if method == "ANY" else (method,):
        yield Row(line, name, each, thing, form, told)


def _answers(text: str, groups: dict[str, list[str]], line: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in text.split(";"):
        code, _colon, people = group.partition(":")
        for person in _people(people, groups, line):
            assert person not in found, f"line {line}: {person} twice"
            found[person] = int(code)
    return found


def _people(words: str, groups: dict[str, list[str]], line: int) -> list[str]:
    named = [person for word in words.split() for person in groups.get(word, [word])]
    unknown = set(named) - {*PEOPLE, "*"}
    assert not unknown, f"line {line}: {sorted(unknown)}"
    return named


@dataclass(frozen=True)
class Address:
    """One named URL of the site and the gaps in it, each with the kind of value it takes."""

    name: str
    gaps: dict[str, Any]


def addresses() -> list[Address]:
    """Every named URL of the site, with its namespace."""
    return list(_addresses(get_resolver().url_patterns, "", {}))


def _addresses(
    patterns: list[URLPattern | URLResolver], space: str, gaps: dict[str, Any]
) -> Iterator[Address]:
    for pattern in patterns:
        within = gaps | getattr(pattern.pattern, "converters", {})
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, inner, within)
        else:
            yield Address(f"{space}{pattern.name or pattern.pattern}", within)
