"""Sealed until its close: nobody but the applicant finds anything of a proposal at any address.

The addresses come from the list of URLs, so that a new one is asked too.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import Change, Message
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from tests.matrix import addresses
from ventures.errors.timetable import NotSealed, PeekingNotAllowed
from ventures.models import Peek, Proposal, Round
from ventures.services.peeks import peek
from ventures.services.proposal_files import add_proposal_file
from ventures.services.proposals import submit_proposal
from ventures.services.screening import accept_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OFFICE = ("fan", "ou", "jin", "shu", "guo")
GAPS: dict[str, Any] = {"number": 1, "pk": 1, "file": 1, "answer": 1, "verb": "accept"}
# What changes from one look to the next by itself.
PASSING = re.compile(
    r'"X-CSRFToken": "[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"'
    r'|countdown-left[^<]*<|x[12]="[^"]*"|"as_of": "[^"]*"'
    r'|name="(?:key|submit_key)" value="[^"]*"|datetime="[^"]*"'
)


@pytest.fixture
def sealed(cast: Cast) -> Round:
    return make_round(
        created_by=cast.fan,
        is_sealed=True,
        peek_minutes=30,
        operator=cast.organisations["shelifang"],
        name="封存的一轮",
    )


@pytest.fixture
def browsers(cast: Cast) -> dict[str, Client]:
    found = {}
    for key in (*OFFICE, "en"):
        found[key] = Client()
        found[key].force_login(cast.people[key], "accounts.backends.ByPassword")
    return found


def file_one(cast: Cast, round: Round) -> Proposal:
    """恩泽社 hands in a proposal with a file."""
    proposal = make_proposal(
        round, cast.organisations["enze"], created_by=cast.en, title="绝密的热茶"
    )
    pdf = SimpleUploadedFile("绝密附件.pdf", PDF, "application/pdf")
    add_proposal_file(proposal, pdf, kind="other", acting_user=cast.en)
    submit_proposal(proposal, acting_user=cast.en)
    return proposal


def paths_of(code: str, prefix: str) -> dict[str, str]:
    """Every address under the prefix whose gaps a code and ordinary values fill."""
    found = {}
    for address in addresses():
        if not address.name.startswith("ventures:") or "code" not in address.gaps:
            continue
        known = {"code": code} | GAPS
        if not set(address.gaps) <= set(known):
            continue
        try:
            path = reverse(address.name, kwargs={gap: known[gap] for gap in address.gaps})
        except NoReverseMatch:
            continue
        if path.startswith(prefix):
            found[address.name] = path
    return found


def look(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, PASSING.sub("", body.decode(errors="replace"))


def test_at_every_address_of_a_proposal_the_sealed_is_answered_like_the_absent(
    cast: Cast, sealed: Round, browsers: dict[str, Client]
):
    proposal = file_one(cast, sealed)
    here, nowhere = paths_of(proposal.code, "/proposals/"), paths_of("QC1-S-9999", "/proposals/")
    assert len(here) > 15
    told = {}

    for place, name in enumerate(here):
        person = OFFICE[place % len(OFFICE)]
        for method in ("get", "post"):
            asked = []
            for path in (here[name], nowhere[name]):
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    code = getattr(browsers[person], method)(path).status_code
                asked.append((code, len(queries)))
            if asked[0] != asked[1] or asked[0][0] not in (404, 405):
                told[f"{person} {method} {name}"] = asked

    assert told == {}
    assert browsers["en"].get(here["ventures:proposal-detail"]).status_code == 200


# Who sees most, and at each third address another of the office; everybody with `-m long`.
@pytest.mark.parametrize(
    "people", [1, pytest.param(len(OFFICE), marks=pytest.mark.long)], ids=["in_turn", "everyone"]
)
def test_pages_of_the_round_and_lists_are_the_same_with_and_without_a_sealed_proposal(
    cast: Cast, sealed: Round, browsers: dict[str, Client], people: int
):
    paths = [
        *(one for one in paths_of(sealed.code, "/rounds/").values() if not one.endswith(".pdf")),
        *(f"/rounds/{sealed.code}/desk/?{query}" for query in ("q=热茶", "state=submitted")),
        "/rounds/",
        "/rounds/desk/",
        "/proposals/",
        "/home/",
        "/",
        "/admin/accounts/change/",
        "/admin/accounts/attachment/",
    ]
    for client in browsers.values():  # what a first look leaves behind
        client.get("/home/")
    turns = [0 if place % 3 else place // 3 for place in range(len(paths))]
    asked = [
        (OFFICE[(turn + one) % len(OFFICE)], path)
        for turn, path in zip(turns, paths, strict=True)
        for one in range(people)
    ]
    before = {one: look(browsers[one[0]], one[1]) for one in asked}
    count = Change.objects.count()

    proposal = file_one(cast, sealed)

    after = {one: look(browsers[one[0]], one[1]) for one in asked}
    assert Change.objects.count() > count
    assert [key for key in before if before[key] != after[key]] == []
    assert not any(
        word in body
        for _code, body in after.values()
        for word in (proposal.code, "绝密", str(proposal.versions.get().sha256))
    )
    assert sum(code == 200 for code, _body in after.values()) > 20


def test_an_officer_may_peek_with_a_reason_for_a_while_and_everybody_learns_of_it(
    cast: Cast, sealed: Round, browsers: dict[str, Client]
):
    proposal = file_one(cast, sealed)
    page = proposal.get_absolute_url()
    form = {"number": proposal.code.lower(), "reason": "申报方来电说传错了文件"}

    missed = browsers["fan"].post(f"/rounds/{sealed.code}/peek/", form | {"number": "QC9-1"})
    assert missed.status_code == 422
    assert browsers["fan"].post(f"/rounds/{sealed.code}/peek/", form).url == page

    assert browsers["fan"].get(page).status_code == 200
    assert [browsers[one].get(page).status_code for one in ("ou", "shu")] == [404, 404]
    desk = look(browsers["fan"], f"/rounds/{sealed.code}/desk/")[1]
    assert proposal.code not in desk
    assert browsers["fan"].get(f"{page}accept/").status_code == 403  # a look, nothing more
    assert [change.facts["found"] for change in sealed_peeks(sealed)] == [False, True]
    told = Message.objects.filter(kind="proposal_peeked")
    assert {one.to_user for one in told} == {cast.en, cast.enxiao}
    assert "传错了文件" in look(browsers["en"], page)[1]
    record = f"/rounds/{sealed.code}/extensions/"
    assert proposal.code not in look(browsers["shu"], record)[1]

    now = timezone.now()
    Round.objects.filter(pk=sealed.pk).update(opens_at=now - timedelta(9), closes_at=now)
    assert "传错了文件" in look(browsers["shu"], record)[1]
    assert browsers["shu"].get(page).status_code == 200
    accept_proposal(Proposal.objects.get(pk=proposal.pk), acting_user=cast.fan)
    with pytest.raises(NotSealed):
        peek(sealed, proposal.code, reason="再看", acting_user=cast.fan)


def sealed_peeks(round: Round) -> list[Change]:
    return [
        change
        for change in Change.objects.filter(verb="peek").order_by("id")
        if change.subject == round
    ]


def test_where_the_round_says_so_nobody_peeks_and_a_look_ends(cast: Cast, sealed: Round):
    proposal = file_one(cast, sealed)
    peek(sealed, proposal.code, reason="急", acting_user=cast.fan)
    assert proposal in Proposal.objects.visible_to(cast.fan)
    later = timezone.now() + timedelta(minutes=31)
    assert not Peek.objects.filter(ends_at__gt=later).exists()

    Round.objects.filter(pk=sealed.pk).update(peek_minutes=0)
    with pytest.raises(PeekingNotAllowed):
        peek(Round.objects.get(pk=sealed.pk), proposal.code, reason="急", acting_user=cast.fan)
