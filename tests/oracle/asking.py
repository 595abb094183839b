"""Every address of ventures, which of them name something of a proposal, and how two answers are
compared.

The addresses come from the resolver: a new one must be put into one of the two lists below. Who
asks and for what: `tests.oracle.people`, `tests.oracle.life`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import quote, quote_plus
from zipfile import ZipFile, is_zipfile

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ventures.models import Round

# Addresses that name something of one proposal: what fills the gap that names it.
OF_A_PROPOSAL = {
    "proposals/<slug:code>": ("code", "proposal"),
    "reviews/<int:pk>": ("pk", "assignment"),
    "reviews/rounds/<slug:code>/<int:pk>": ("pk", "reading"),
    "remarks/<int:pk>": ("pk", "remark"),
    "rounds/<slug:code>/ranking/<slug:number>": ("number", "proposal"),
    "rounds/<slug:code>/walk/<slug:number>": ("number", "proposal"),
    "rounds/<slug:code>/blind/<slug:number>": ("number", "proposal"),
    "rounds/<slug:code>/concepts/of/<slug:number>": ("number", "proposal"),
    "rounds/<slug:code>/panel/sheets/<int:pk>": ("pk", "review"),
    "rounds/<slug:code>/papers/<int:pk>": ("pk", "assignment"),
    "rounds/<slug:code>/panel/assignments/<int:pk>": ("pk", "assignment"),
    "rounds/<slug:code>/recusals/<int:pk>": ("pk", "conflict"),
    "rounds/<slug:code>/pledges/<int:pk>": ("pk", "pledge"),
    "rounds/<slug:code>/bonuses/<int:pk>": ("pk", "bonus"),
    "rounds/<slug:code>/award-wishes/<int:pk>": ("pk", "award_wish"),
    "rounds/<slug:code>/defence/<int:pk>": ("pk", "slot"),
    "reviews/hall/<slug:code>/<int:pk>": ("pk", "slot"),
    "objections/<int:pk>": ("pk", "objection"),
}
# Those that name something of the round, beside its code.
OF_THE_ROUND = {
    "notices/<slug:code>": ("code", "notice"),
    "rounds/programmes/<slug:code>": ("code", "programme"),
    "rounds/<slug:code>/panel/members/<int:pk>": ("pk", "member"),
    "rounds/<slug:code>/phases/<int:pk>": ("pk", "phase"),
    "rounds/<slug:code>/invitations/<int:pk>": ("pk", "invitation"),
    "rounds/<slug:code>/dossier/<slug:occasion>": ("occasion", "occasion"),
    "reviews/invitations/<int:pk>": ("pk", "invitation"),
    "reviews/panels/<int:pk>": ("pk", "panel"),
}
# Those that name something else: of the round, of a person, of what is public.
OF_SOMETHING_ELSE = (
    "needs/",
    "experts/",
    "draws/",
    "rounds/programmes/",
    "rounds/rules/",
    "rounds/standing/",
    "rounds/purchases/",
    "rounds/<slug:code>/extensions/<int:pk>",
    "rounds/<slug:code>/questions/<int:pk>",
    "rounds/<slug:code>/plans/<int:pk>",
    "rounds/<slug:code>/form/",
    "rounds/<slug:code>/overrides/<int:pk>",
    "rounds/<slug:code>/stop/",
    "reviews/hall/<slug:code>/",
    "reviews/pack/",
    "reviews/rounds/<slug:code>/",
    "halls/",
    "votes/",
)
# What stands for gaps that do not name the proposal.
BESIDES: dict[str, Any] = {
    "number": 1, "pk": 1, "file": 1, "older": 1, "newer": 2, "question": "q1", "verb": "accept",
}  # fmt: skip
ABSENT: dict[str, Any] = {"proposal": "QC0-S-0000", "round": "no-such-call", "pk": 2_000_000_000}
_GAP = re.compile(r"<(?:(\w+):)?(\w+)>")
# What changes from one look to the next by itself.
PASSING = re.compile(
    r'"X-CSRFToken": "[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"'
    r'|countdown-left[^<]*<|x[12]="[^"]*"|"as_of": "[^"]*"'
    r'|name="(?:key|submit_key|based_on)" value="[^"]*"|datetime="[^"]*"'
    r'|type="datetime-local"[^>]*'
)
# Read with every page, or the number of one: nothing is looked for by them.
OF_EVERY_PAGE = {"page", "next", "theme", "text", "lang"}
_VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b|\"s\d+_x\d+\"")


def routes() -> Iterator[tuple[str, str]]:
    """Every named address of this app as it is written, with its name."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: Any, before: str, names: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route, names + f"{one.namespace or ''}:")
        elif isinstance(one, URLPattern) and one.name and "ventures" in names:
            yield route, one.name


def kind_of(route: str) -> tuple[str, str] | None:
    """Which gap names something of a proposal, and what; the longest beginning decides."""
    found = [start for start in OF_A_PROPOSAL if route.startswith(start)]
    return OF_A_PROPOSAL[max(found, key=len)] if found else None


def thing_of(route: str, ids: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The gap that names something of the round and what there is of it; no gap where it names
    nothing; nothing while there is none of it."""
    found = [start for start in OF_THE_ROUND if route.startswith(start)]
    if not found:
        return ("", None)
    gap, thing = OF_THE_ROUND[max(found, key=len)]
    return (gap, ids[thing]) if thing in ids else None


def path_of(route: str, round: Round, gap: str = "", value: Any = None) -> str:
    """The address with its gaps filled; `gap` with this value, the others with whatever may be."""

    def fill(match: re.Match[str]) -> str:
        name = match.group(2)
        if name == gap:
            return str(value)
        return str(round.code if name == "code" else BESIDES.get(name, "x"))

    return "/" + _GAP.sub(fill, route)


def gaps_of(route: str) -> list[str]:
    return [match.group(2) for match in _GAP.finditer(route)]


@dataclass(frozen=True)
class Answer:
    """What one look gave: the code, the body without what passes, the statements without values;
    and what it would have read behind the question mark."""

    code: int
    body: str
    statements: tuple[str, ...]
    reads: frozenset[str]


def look(
    client: Client, path: str, method: str = "get", *, is_compared: bool = True, **data: Any
) -> Answer:
    """Ask and undo what it did. Which statements were run is noted for comparing only."""
    Noted.names.clear()
    asked: list[str] = []

    def note(execute: Any, statement: str, *rest: Any) -> Any:
        asked.append(statement)
        return execute(statement, *rest)

    with _undone(), connection.execute_wrapper(note) if is_compared else nullcontext():
        answer = getattr(client, method)(path, data)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    statements = tuple(_VALUES.sub("?", statement) for statement in asked)
    return Answer(
        answer.status_code,
        PASSING.sub("", _text_of(body)),
        statements,
        frozenset(name for name in Noted.names - OF_EVERY_PAGE if name[0] != "_"),
    )


class Noted(QueryDict):
    """What stands behind the question mark, and which of it somebody looked at."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def getlist(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().getlist(name, default)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


def note_what_is_read(request: WSGIRequest) -> Noted:
    return Noted(request.META.get("QUERY_STRING", ""), encoding=request.encoding)


def _text_of(body: bytes) -> str:
    """A table in a workbook is packed: what it says is inside."""
    if body.startswith(b"PK") and is_zipfile(BytesIO(body)):
        with ZipFile(BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body.decode(errors="replace")


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def said_otherwise(here: Answer, there: Answer, *asked: tuple[str, str]) -> str:
    """Where two answers differ besides the words they were asked by; nothing where they do not."""
    if here.code != there.code:
        return f"{here.code}, not {there.code}"
    left, right = here.body, there.body
    for words in (word for pair in asked for word in pair):
        left, right = _without(left, words), _without(right, words)
    if left != right:
        place = next(
            (at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
            min(len(left), len(right)),
        )
        start = max(place - 60, 0)
        return f"another body: …{left[start : place + 40]!r}, not …{right[start : place + 40]!r}"
    if here.statements != there.statements:
        more = set(here.statements) ^ set(there.statements)
        return f"other statements: {len(here.statements)}, {len(there.statements)}, {more}"
    return ""


def _without(body: str, words: str) -> str:
    """As it was asked, and as it stands in addresses, one inside another."""
    for form in (words, quote(words), quote(quote(words)), quote_plus(words)):
        body = body.replace(form, "?")
    return body
