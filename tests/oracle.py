"""One round in review, a proposal in it that must not be told, and every address it could be told
at.

`恩泽社` applies with words that stand nowhere else. It is judged blind by 丁老师 and 沈会计师, of
whom one has handed in her sheet. Kept from it by a pinned tie are a second officer (闻副局长), the
operator, finance, auditor, administrator, and 顾书记, who sits on the panel. The addresses come
from the resolver: a new one must be put into one of the two lists below.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, quote_plus

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from accounts.services.attachments import store_pdf
from config.demo.cast import Cast, bring_in_cast
from tests.cast import make_places
from tests.factories.ventures import make_colleague
from tests.factories.ventures_awards import (
    PDF,
    add_proposal,
    assignment_of,
    draft,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
)
from tests.factories.ventures_defences import make_drawn, make_terms, make_vote
from tests.factories.ventures_phases import blind_copy, make_phase
from ventures.models import Conflict, Proposal, ProposalFile, Remark, RemarkText, Round
from ventures.services.blind_copies import release_copy
from ventures.services.pledges import enter_pledge

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
}
# Those that name something else: of the round, of a person, of what is public.
OF_SOMETHING_ELSE = (
    "needs/",
    "experts/",
    "draws/",
    "notices/",
    "objections/",
    "rounds/programmes/",
    "rounds/rules/",
    "rounds/standing/",
    "rounds/purchases/",
    "rounds/<slug:code>/extensions/<int:pk>",
    "rounds/<slug:code>/questions/<int:pk>",
    "rounds/<slug:code>/invitations/<int:pk>",
    "rounds/<slug:code>/plans/<int:pk>",
    "rounds/<slug:code>/panel/members/<int:pk>",
    "rounds/<slug:code>/phases/<int:pk>",
    "rounds/<slug:code>/form/",
    "rounds/<slug:code>/overrides/<int:pk>",
    "rounds/<slug:code>/dossier/<slug:occasion>",
    "rounds/<slug:code>/defence/<int:pk>",
    "rounds/<slug:code>/pledges/<int:pk>",
    "reviews/pack/",
    "reviews/panels/",
    "reviews/invitations/",
    "reviews/hall/",
    "reviews/rounds/<slug:code>/",
    "halls/",
    "votes/",
)
# What stands for gaps that do not name the proposal.
BESIDES: dict[str, Any] = {
    "number": 1, "pk": 1, "file": 1, "older": 1, "newer": 2, "question": "q1", "verb": "accept",
}  # fmt: skip
ABSENT: dict[str, Any] = {"proposal": "QC0-S-0000", "pk": 2_000_000_000}
_GAP = re.compile(r"<(?:(\w+):)?(\w+)>")
# What changes from one look to the next by itself.
PASSING = re.compile(
    r'"X-CSRFToken": "[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"'
    r'|countdown-left[^<]*<|x[12]="[^"]*"|"as_of": "[^"]*"'
    r'|name="(?:key|submit_key|based_on)" value="[^"]*"|datetime="[^"]*"'
    r'|type="datetime-local"[^>]*'
)
_VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")


@dataclass
class Oracle:
    """The round, the proposal nobody may be told of, and who asks."""

    round: Round
    secret: Proposal
    people: dict[str, User]
    clients: dict[str, Client]
    ids: dict[str, Any]

    @property
    def of_applicant(self) -> tuple[str, ...]:
        """Words by which one would know who applies."""
        return (self.secret.code, "恩泽", "恩老师", "秘题目", "秘需求", "秘附件", "10087650000")


def build() -> Oracle:
    make_places()
    cast = bring_in_cast()
    round = make_round_in_review(
        cast.fan, [], operator=cast.organisations["shelifang"], name="查一查的一届"
    )
    secret = add_proposal(
        round,
        cast.organisations["enze"],
        created_by=cast.en,
        title="秘题目",
        need_from="秘需求，恩老师听来的，10087650000",
        responsible_name="恩老师",
    )
    pdf = store_pdf(SimpleUploadedFile("秘附件.pdf", PDF, "application/pdf"), acting_user=cast.en)
    ProposalFile.objects.create(
        proposal=secret, attachment=pdf, kind=ProposalFile.Kind.OTHER, added_by=cast.en
    )
    add_proposal(round, make_body("明白队"), title="明白的事")
    make_phase(round, hides_applicant=True)
    make_panel(round, [cast.ding, cast.shen, cast.gu], officer=cast.fan)
    for proposal in round.proposals.all():
        copy = blind_copy(proposal, cast.fan, title=f"匿名的{proposal.pk}", need_from="有人听来的")
        release_copy(copy.version, has_seen=True, acting_user=cast.fan)
    add_what_names(round, secret, cast)
    sheet = hand_in(cast.shen, secret, 83.5, comment="秘评语：做得细")
    draft(cast.ding, secret, 61)
    remark = Remark.objects.create(
        proposal=secret, author=cast.shen, audience=Remark.Audience.OFFICE
    )
    RemarkText.objects.create(remark=remark, number=1, text="秘评语：私下说")
    people = {**cast.people, "wen": make_colleague(cast.fan)}
    for key in ("wen", "ou", "jin", "shu", "guo", "gu"):
        pinned = Conflict.objects.create(
            proposal=secret,
            person=people[key],
            person_name=people[key].display_name,
            kind=Conflict.Kind.INTEREST,
            source=Conflict.Source.ORGANISER,
            words="秘关系",
            declared_by=cast.fan,
        )
    clients = {}
    for key, person in people.items():
        if key != "system":
            clients[key] = Client()
            clients[key].force_login(person, "accounts.backends.ByPassword")
    ids = {
        "proposal": secret.code,
        "assignment": assignment_of(cast.shen, secret).pk,
        "review": sheet.pk,
        "conflict": pinned.pk,
        "remark": remark.pk,
        "reading": secret.pk,
    }
    return Oracle(round, secret, people, clients, ids)


def add_what_names(round: Round, secret: Proposal, cast: Cast) -> None:
    """What shows who applies, after the blind phase: a defence drawn already, a vote, a pledge."""
    make_terms(round, paper_percent=60, defence_percent=20, vote_percent=10, pledge_percent=10)
    make_drawn(round, acting_user=cast.fan)
    soon = timezone.now() + timedelta(hours=2)
    make_vote(round, set_by=cast.fan, opens_at=soon, closes_at=soon + timedelta(hours=1))
    paper = SimpleUploadedFile("秘附件.pdf", PDF, "application/pdf")
    enter_pledge(
        secret, pledger_kind="person", pledger_name="恩泽的老邻居", amount_fen=90_000,
        evidence=paper, acting_user=cast.en,
    )  # fmt: skip


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
    """What one look gave: the code, the body without what passes, the statements without values."""

    code: int
    body: str
    statements: tuple[str, ...]


def look(client: Client, path: str, method: str = "get", **data: Any) -> Answer:
    """Ask and undo what it did."""
    with _undone(), CaptureQueriesContext(connection) as asked:
        answer = getattr(client, method)(path, data)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    statements = tuple(_VALUES.sub("?", query["sql"]) for query in asked.captured_queries)
    return Answer(answer.status_code, PASSING.sub("", body.decode(errors="replace")), statements)


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
