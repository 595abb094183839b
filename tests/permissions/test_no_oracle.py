"""Hidden and absent are answered alike, and what a person may not know stands nowhere.

Every address of the app is asked, from the resolver: whoever adds one says in `tests/oracle.py`
whether it names something of a proposal. By default each is asked by some people in turn; by all,
in every phase, with `-m long`.
"""

import json
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.template.base import Template
from django.test import Client

from accounts.models import Message
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
from ventures.models import ReviewPhase

ROUTES = sorted(routes())
TOLD_APART = [(route, name) for route, name in ROUTES if kind_of(route)]
# Pages without a thing of their own, and those of the round.
PAGES = [(route, name) for route, name in ROUTES if set(gaps_of(route)) <= {"code"}]
# 沈会计师 wrote the sheet that is asked for; 范科长 runs the round.
STRANGERS = ("wen", "ou", "jin", "shu", "guo", "gu", "lu", "qian", "anan", "pan", "ding", "xu")
READERS = {
    "ding": ("沈会计师", "秘评语", "83.5"),
    "en": ("丁老师", "沈会计师", "顾书记", "秘评语", "83.5"),
    "wen": ("秘题目", "秘需求", "秘评语", "秘附件", "10087650000"),
}
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
    own = oracle.secret.assignments.get(member__reviewer=oracle.people["ding"]).pk
    paths = [path_of(route, oracle.round) for route, _name in pages]
    if reader == "ding":
        paths += [f"/reviews/{own}{rest}" for rest in ("/", "/recuse/", "/abstain/", "/history/")]
        paths.append(f"/reviews/rounds/{oracle.round.code}/{oracle.secret.pk}/")
    if reader == "en":
        paths += [
            f"{oracle.secret.get_absolute_url()}{rest}" for rest in ("", "print/", "outcome/")
        ]
    for path in (*paths, *ELSEWHERE):
        plain = look(client, path)
        words = [word for word in hidden_from(oracle, reader) if word in plain.body]
        if plain.code == 200:
            words += by_search(client, path, BY_APPLICANT if reader == "en" else SEARCHED)
        if words:
            found.append(f"{path}: {'; '.join(words)}")
    return found


def by_search(client: Client, path: str, sought: dict[str, str]) -> list[str]:
    """Whether looking for what is hidden is answered otherwise than looking for nonsense."""
    hidden, nothing = look(client, path, **sought), look(client, path, **NONSENSE)
    asked = [(words, NONSENSE[name]) for name, words in sought.items()]
    words = said_otherwise(hidden, nothing, *asked)
    return [f"by searching, {words}"] if words else []
