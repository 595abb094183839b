"""Hidden and absent are answered alike, and what a person may not know stands nowhere.

Every address of the app is asked, from the resolver: whoever adds one says in `tests/oracle.py`
whether it names something of a proposal. By default each is asked by some people in turn; by all,
in every phase, with `-m long`.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils import timezone

from accounts.models import Message
from tests.factories.ventures_awards import hand_in, make_meeting
from tests.oracle import (
    ABSENT,
    OF_SOMETHING_ELSE,
    Oracle,
    build,
    gaps_of,
    kind_of,
    look,
    path_of,
    routes,
    said_otherwise,
)
from ventures.models import CompositeTerms, ReviewPhase
from ventures.selectors.notices import usual_terms_of
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.notices import publish_notice
from ventures.services.reviews import close_panel

ROUTES = sorted(routes())
TOLD_APART = [(route, name) for route, name in ROUTES if kind_of(route)]
# Pages without a thing of their own, and those of the round.
PAGES = [(route, name) for route, name in ROUTES if set(gaps_of(route)) <= {"code"}]
# 沈会计师 wrote the sheet that is asked for; 范科长 runs the round.
STRANGERS = (
    "wen", "ou", "jin", "shu", "guo", "gu", "lu", "qian", "anan", "pan", "ding", "xu", "guan",
    "chen",
)  # fmt: skip
# Whose it is: she is no stranger to it where a phase lets the panel read whole groups.
READS = {("review-reading", "ding")}
OF_A_TIE = ("秘题目", "秘需求", "秘评语", "秘附件", "10087650000")
# A reviewer, the applicant, and who is kept from it: officer, reviewer of the panel, auditor,
# another applicant.
READERS = {
    "ding": ("沈会计师", "秘评语", "83.5"),
    "en": ("丁老师", "沈会计师", "顾书记", "秘评语", "83.5"),
    "wen": OF_A_TIE,
    "gu": (*OF_A_TIE, "83.5"),
    "shu": OF_A_TIE,
    "pan": (*OF_A_TIE, "83.5", "丁老师", "沈会计师", "顾书记"),
}
NAMES = ("丁老师", "沈会计师", "顾书记")
ELSEWHERE = (
    "/home/",
    "/me/messages/",
    "/",
    "/admin/accounts/change/",
    "/admin/accounts/attachment/",
)
SEARCHED = {"q": "秘题目", "applicant": "恩泽", "reviewer": "沈会计师", "who": "恩老师"}
# The applicant's own look for who judges her.
BY_APPLICANT = {"q": "沈会计师", "applicant": "秘评语", "reviewer": "顾书记", "who": "丁老师"}
NONSENSE = {"q": "魑魅魍", "applicant": "饕餮", "reviewer": "蹀躞叆叇鬲", "who": "龘靐齉"}
PHASES = {
    "blind": {"hides_applicant": True, "others_scores": "never"},
    "talk": {
        "hides_applicant": True,
        "others_scores": "after_own",
        "discussion_open": True,
        "sees": "track",
    },
    "answer": {"scoring_open": False, "hides_applicant": True, "answer_open": True},
    "closed": {"scoring_open": False, "hides_applicant": True},
}


@pytest.fixture(scope="module")
def oracle(django_db_setup: None, django_db_blocker) -> Iterator[Oracle]:
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies")
        patch.setattr(Template, "_render", lambda template, page: template.nodelist.render(page))
        for views in ("panels", "reviews", "proposals", "calls", "defences"):
            patch.setattr(
                f"ventures.views.{views}.typeset",
                lambda paper, data: json.dumps(data, ensure_ascii=False, default=str).encode(),
                raising=False,
            )
        yield build()
        transaction.set_rollback(True)


def test_every_address_is_of_a_proposal_or_not():
    undecided = [
        route
        for route, _name in ROUTES
        if not kind_of(route)
        and not (route.startswith("rounds/<slug:code>") and gaps_of(route) == ["code"])
        and gaps_of(route)
        and not route.startswith(OF_SOMETHING_ELSE)
    ]

    assert undecided == [], "say in tests/oracle.py what fills its gap"


@pytest.mark.parametrize("place", range(len(TOLD_APART)), ids=[name for _r, name in TOLD_APART])
def test_the_hidden_is_answered_like_the_absent(
    place: int, oracle: Oracle, django_db_blocker
) -> None:
    asking = [STRANGERS[(place + step) % len(STRANGERS)] for step in (0, 5)]

    with django_db_blocker.unblock():
        assert told_apart(oracle, TOLD_APART[place][0], asking) == {}


@pytest.mark.long
@pytest.mark.parametrize("phase", PHASES)
def test_nobody_tells_the_hidden_from_the_absent_in_any_phase(
    phase: str, oracle: Oracle, django_db_blocker
) -> None:
    with django_db_blocker.unblock(), transaction.atomic():
        ReviewPhase.objects.filter(round=oracle.round).update(**PHASES[phase])
        found = {
            (name, *key): what
            for route, name in TOLD_APART
            for key, what in told_apart(oracle, route, STRANGERS).items()
            if PHASES[phase].get("sees") != "track" or (name, key[0]) not in READS
        }
        transaction.set_rollback(True)

    assert found == {}


@pytest.mark.parametrize("reader", READERS)
def test_what_a_person_may_not_know_stands_on_no_page_and_in_no_search(
    reader: str, oracle: Oracle, django_db_blocker, caplog
) -> None:
    caplog.set_level(logging.INFO)
    turn = list(READERS).index(reader)
    pages = [page for place, page in enumerate(PAGES) if place % len(READERS) == turn]

    with django_db_blocker.unblock():
        found = leaks(oracle, reader, pages)
        written = [
            f"{one.title} {one.body}"
            for one in Message.objects.filter(to_user=oracle.people[reader])
        ] + [f"{one.subject} {one.body}" for one in mail.outbox]

    hidden = hidden_from(oracle, reader)
    assert found == []
    assert [text for text in written if any(word in text for word in hidden)] == []
    assert [word for word in hidden if word in caplog.text] == []


@pytest.mark.long
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("reader", READERS)
def test_in_every_phase_what_a_person_may_not_know_stands_nowhere(
    reader: str, phase: str, oracle: Oracle, django_db_blocker
) -> None:
    with django_db_blocker.unblock(), transaction.atomic():
        ReviewPhase.objects.filter(round=oracle.round).update(**PHASES[phase])
        found = leaks(oracle, reader, PAGES)
        transaction.set_rollback(True)

    assert found == []


def test_who_judged_is_told_nowhere_when_the_result_is_public(
    oracle: Oracle, django_db_blocker, caplog
) -> None:
    caplog.set_level(logging.INFO)
    fan = oracle.people["fan"]
    with django_db_blocker.unblock(), transaction.atomic():
        CompositeTerms.objects.filter(round=oracle.round).delete()  # by the sheets alone
        hand_in(oracle.people["ding"], oracle.secret, 61)
        other = oracle.round.proposals.exclude(pk=oracle.secret.pk).get()
        hand_in(oracle.people["shen"], other, 70)
        close_panel(oracle.round.panel, reason="到时间了", acting_user=fan)
        awards = [Choice(one.pk, "award", 1_000_00) for one in (oracle.secret, other)]
        prepare_decisions(oracle.round, awards, acting_user=fan)
        record_resolution(oracle.round, meeting=make_meeting(fan), acting_user=fan)
        terms = usual_terms_of(oracle.round, timezone.localdate())
        publish_notice(oracle.round, terms=replace(terms, address="演示路 1 号"), acting_user=fan)
        pages = [look(oracle.clients["en"], path) for path in own_paths(oracle, "en")]
        pages += [look(oracle.clients["en"], path) for path in ELSEWHERE]
        told = [
            f"{one.title} {one.body}" for one in Message.objects.filter(to_user=oracle.people["en"])
        ]
        transaction.set_rollback(True)

    said = [page.body for page in pages] + told + [caplog.text]
    assert "秘评语" in "".join(page.body for page in pages), "words are hers to read now, not names"
    assert [name for name in NAMES if any(name in words for words in said)] == []


def told_apart(
    oracle: Oracle, route: str, asking: list[str] | tuple[str, ...]
) -> dict[tuple[str, str], str]:
    """Who could tell the proposal from one that is not there, and by what."""
    kind = kind_of(route)
    assert kind is not None
    gap, thing = kind
    paths = [
        path_of(route, oracle.round, gap, value)
        for value in (oracle.ids[thing], ABSENT.get(thing, ABSENT["pk"]))
    ]
    found = {}
    for person in asking:
        for method in ("get", "post"):
            here, nowhere = (look(oracle.clients[person], path, method) for path in paths)
            words = said_otherwise(here, nowhere, (paths[0], paths[1]))
            if words:
                found[person, method] = words
    return found


def hidden_from(oracle: Oracle, reader: str) -> tuple[str, ...]:
    """Words this reader may not meet; the blind one meets none of the applicant's either."""
    return READERS[reader] + (oracle.of_applicant if reader == "ding" else ())


def leaks(oracle: Oracle, reader: str, pages: list[tuple[str, str]]) -> list[str]:
    """Addresses at which a word stands that may not, or where a search finds by one."""
    client = oracle.clients[reader]
    found = []
    paths = [path_of(route, oracle.round) for route, _name in pages]
    paths += own_paths(oracle, reader)
    for path in (*paths, *ELSEWHERE):
        plain = look(client, path)
        words = [word for word in hidden_from(oracle, reader) if word in plain.body]
        if plain.code == 200:
            words += by_search(client, path, BY_APPLICANT if reader == "en" else SEARCHED)
        if words:
            found.append(f"{path}: {'; '.join(words)}")
    return found


# Every address of the list that names what is hers.
def own_paths(oracle: Oracle, reader: str) -> list[str]:
    hers = {"ding": ("assignment", "reading"), "en": ("proposal",)}.get(reader, ())
    sheet = oracle.secret.assignments.filter(member__reviewer=oracle.people["ding"])
    ids = oracle.ids | {"assignment": sheet.get().pk}
    kinds = [(route, kind_of(route)) for route, _name in TOLD_APART]
    return [
        path_of(route, oracle.round, kind[0], ids[kind[1]])
        for route, kind in kinds
        if kind is not None and kind[1] in hers
    ]


def by_search(client: Client, path: str, sought: dict[str, str]) -> list[str]:
    """Whether looking for what is hidden is answered otherwise than looking for nonsense."""
    hidden, nothing = look(client, path, **sought), look(client, path, **NONSENSE)
    asked = [(words, NONSENSE[name]) for name, words in sought.items()]
    words = said_otherwise(hidden, nothing, *asked)
    return [f"by searching, {words}"] if words else []
