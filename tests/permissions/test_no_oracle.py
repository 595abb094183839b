"""Hidden and absent are answered alike, and what a person may not know stands nowhere: in every
step of a round's life, for every role.

Every address of the app is asked, from the resolver: whoever adds one says in
`tests/oracle/asking.py` whether it names something of a proposal. By default each is asked at one
step, by some people in turn; with `-m long` each at every step, by every other person: at the next
step by the others. The tests stand in the order of the steps: the round only goes
forward.
"""

import json
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils.functional import cached_property

from tests.oracle.asking import (
    ABSENT,
    OF_SOMETHING_ELSE,
    OF_THE_ROUND,
    gaps_of,
    kind_of,
    look,
    note_what_is_read,
    path_of,
    routes,
    said_otherwise,
    thing_of,
)
from tests.oracle.life import LOGGERS, STEPS, Life
from tests.oracle.people import ANONYMOUS, Oracle, begin
from tests.oracle.words import (
    CONTENT,
    NAMES,
    ON_STAGE,
    OWN,
    SHEET,
    hidden_from,
    is_past,
    is_stranger,
    stands,
)

ROUTES = sorted(routes())
TOLD_APART = [route for route, _name in ROUTES if kind_of(route)]
# Pages without a thing of their own, and those of the round.
PAGES = [route for route, _name in ROUTES if not kind_of(route) and "do/" not in route]
# Somebody of each role, and of each relation to the secret: who judges it, coaches, competes with
# it, is kept from it.
PEOPLE = (
    ANONYMOUS, "anan", "baijia", "chen", "xia", "dai", "en", "enxiao", "pan", "ou", "fan", "wen",
    "xu", "ding", "shen", "gu", "lu", "fu", "jin", "guan", "shu", "guo",
)  # fmt: skip
ELSEWHERE = (
    "/home/",
    "/me/messages/",
    "/",
    "/admin/accounts/change/",
    "/admin/accounts/attachment/",
)
TRAIL = ELSEWHERE[-2:]
SEARCHED = {"q": "秘题目", "applicant": "恩泽", "reviewer": "沈会计师", "who": "恩老师"}
# The applicant's own look for who judges her.
BY_APPLICANT = {"q": "沈会计师", "applicant": "秘评语", "reviewer": "顾书记", "who": "丁老师"}
NONSENSE = {"q": "魑魅魍", "applicant": "饕餮", "reviewer": "蹀躞叆叇鬲", "who": "龘靐齉"}
# Before there is a proposal the call itself is hidden.
OF_THE_CALL = [route for route in PAGES if route.startswith("rounds/<slug:code>")]


@pytest.fixture(scope="module")
def life(django_db_setup: None, django_db_blocker) -> Iterator[Life]:
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies")
        patch.setattr(Template, "_render", lambda template, page: template.nodelist.render(page))
        for views in ("panels", "reviews", "proposals", "calls", "defences", "paper_sheets"):
            patch.setattr(
                f"ventures.views.{views}.typeset",
                lambda paper, data: json.dumps(data, ensure_ascii=False, default=str).encode(),
                raising=False,
            )
        patch.setattr("ventures.views.paper_sheets.Volume", Stack)
        # Kept for a minute, the front page's figures might lapse between two compared looks.
        patch.setattr("config.views.front.FIGURES_KEPT_SECONDS", 0)
        noted = cached_property(note_what_is_read)
        noted.__set_name__(WSGIRequest, "GET")
        patch.setattr(WSGIRequest, "GET", noted)
        life = Life(begin())
        kept = {name: logging.getLogger(name).level for name in LOGGERS}
        for name in LOGGERS:
            logging.getLogger(name).addHandler(life.lines)
            logging.getLogger(name).setLevel(logging.INFO)
        yield life
        for name, level in kept.items():
            logging.getLogger(name).removeHandler(life.lines)
            logging.getLogger(name).setLevel(level)
        transaction.set_rollback(True)
        cache.clear()


class Stack(list[bytes]):
    """Papers one upon another instead of bound, so that their words can be read."""

    def add(self, *papers: bytes) -> None:
        self.extend(papers)

    @property
    def is_empty(self) -> bool:
        return not self

    def bound(self) -> bytes:
        return b"".join(self)


def test_every_address_is_of_a_proposal_or_not():
    undecided = [
        route
        for route, _name in ROUTES
        if not kind_of(route)
        and not (route.startswith("rounds/<slug:code>") and gaps_of(route) == ["code"])
        and gaps_of(route)
        and not route.startswith((*OF_SOMETHING_ELSE, *OF_THE_ROUND))
    ]

    assert undecided == [], "say in tests/oracle/asking.py what fills its gap"


def test_a_score_is_a_figure_of_its_own():
    told = ["得分 41.5 分", '{"score":41.5}', "<td>41.50</td>", "41.5。"]
    others = ["2026-11-22T21:06:41.520113", "21:06:41.5Z", "141.5", "41.55", "2.41.5"]

    assert [text for text in told if not any(stands(word, text) for word in ON_STAGE)] == []
    assert [text for text in others if any(stands(word, text) for word in ON_STAGE)] == []


# The scope puts what is asked at one step together: the round does not go back.
at_each_step = pytest.mark.parametrize("step", STEPS, scope="module")


@at_each_step
def test_what_a_person_may_not_know_stands_nowhere(
    step: str, life: Life, django_db_blocker
) -> None:
    """One page in so many, by some of the people; each letter of the step, and each line of the
    log."""
    turn = list(STEPS).index(step)
    asking = [who for place, who in enumerate(PEOPLE) if place % 4 == turn % 4]

    with django_db_blocker.unblock():
        oracle = life.reach(step)
        found = {}
        for place, who in enumerate(asking):
            own = own_paths(oracle, who)[turn :: len(STEPS)]
            pages = paths_of(oracle, PAGES[turn + 12 * place :: 12 * len(asking)])
            seen = ELSEWHERE[(turn + place) % len(ELSEWHERE)]
            found[who] = leaks(oracle, who, step, [*pages, *own, seen])
        written = in_letters(life)

    assert {who: words for who, words in found.items() if words} == {}
    assert written == []
    assert in_log(life) == []


@at_each_step
def test_the_hidden_is_answered_like_the_absent(step: str, life: Life, django_db_blocker) -> None:
    """Each address at one of the steps, by two people; of a call being prepared, one in nine."""
    turn = list(STEPS).index(step)
    routes = TOLD_APART[turn - 1 :: len(STEPS) - 1] if turn else OF_THE_CALL[::9]
    strangers = [who for who in PEOPLE if is_stranger(who, step)]

    with django_db_blocker.unblock():
        oracle = life.reach(step)
        found = {}
        for place, route in enumerate(routes):
            asking = [strangers[(turn + 3 * place + more) % len(strangers)] for more in (0, 7)]
            found |= {(route, *key): how for key, how in told_apart(oracle, route, asking).items()}

    assert found == {}


@pytest.mark.long
@at_each_step
def test_at_no_step_can_anybody_tell_the_hidden_from_the_absent(
    step: str, life: Life, django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        oracle = life.reach(step)
        strangers = [who for who in PEOPLE if is_stranger(who, step)]
        found = {
            (route, *key): what
            for place, route in enumerate(TOLD_APART if oracle.proposals else OF_THE_CALL)
            for key, what in told_apart(oracle, route, half(strangers, step, place)).items()
        }

    assert found == {}, "\n".join(f"{key}: {what}" for key, what in found.items())


@pytest.mark.long
@at_each_step
def test_at_no_step_does_anything_stand_where_it_may_not(
    step: str, life: Life, django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        oracle = life.reach(step)
        found = {}
        for place, who in enumerate(PEOPLE):
            pages = [*paths_of(oracle, half(PAGES, step, place)), *ELSEWHERE]
            found[who] = leaks(oracle, who, step, [*pages, *own_paths(oracle, who)])

    told = {who: words for who, words in found.items() if words}
    assert told == {}, "\n".join(f"{who}: {words}" for who, words in told.items())
    assert in_log(life) == []


def half(of_all: list[str], step: str, place: int) -> list[str]:
    """Every other one; at the next step, and for the next place, the others."""
    return of_all[(list(STEPS).index(step) + place) % 2 :: 2]


def told_apart(oracle: Oracle, route: str, asking: list[str]) -> dict[tuple[str, str], str]:
    """Who could tell the proposal from one that is not there, and by what."""
    gap, thing = kind_of(route) or ("code", "round")
    if thing not in oracle.ids:
        return {}
    paths = [
        path_of(route, oracle.round, gap, value)
        for value in (oracle.ids[thing], ABSENT.get(thing, ABSENT["pk"]))
    ]
    found = {}
    for person in asking:
        if person == oracle.raised_by.get(thing):
            continue
        for method in ("get", "post"):
            here, nowhere = (look(oracle.clients[person], path, method) for path in paths)
            words = said_otherwise(here, nowhere, (paths[0], paths[1]))
            if words:
                found[person, method] = words
    return found


def paths_of(oracle: Oracle, routes: list[str]) -> list[str]:
    """As far as there is what they name."""
    things = [(route, thing_of(route, oracle.ids)) for route in routes]
    return [path_of(route, oracle.round, *thing) for route, thing in things if thing is not None]


def leaks(oracle: Oracle, who: str, step: str, paths: list[str]) -> list[str]:
    """Addresses at which a word stands that may not, or where a search finds by one."""
    client = oracle.clients[who]
    hidden = hidden_from(oracle, who, step)
    found = []
    for path in paths:
        plain = look(client, path, is_compared=False)
        # The trail of what was done has no word of it, and does not say that there is one.
        of_the_trail = (oracle.ids["proposal"],) if path in TRAIL and is_secret(who, step) else ()
        words = [word for word in (*hidden, *of_the_trail) if stands(word, plain.body)]
        if plain.reads and oracle.proposals and is_sought(who, step):
            words += by_search(client, path, plain.reads, BY_APPLICANT if who in OWN else SEARCHED)
        if words:
            found.append(f"{path}: {'; '.join(words)}")
    return found


def is_secret(who: str, step: str) -> bool:
    return step != "draft" and is_stranger(who, step) and not is_past(step, "between")


def is_sought(who: str, step: str) -> bool:
    """Whether what is looked for is hidden from her; the result of the round is public."""
    return (is_stranger(who, step) or who in OWN) and not is_past(step, "notice")


# Every address of the list that names what is hers.
def own_paths(oracle: Oracle, who: str) -> list[str]:
    hers = {
        "ding": {"assignment": "own", "reading": "reading"},
        "en": {"proposal": "proposal"},
    }.get(who, {})
    kinds = [(route, kind_of(route)) for route in TOLD_APART]
    return [
        path_of(route, oracle.round, kind[0], oracle.ids[hers[kind[1]]])
        for route, kind in kinds
        if kind is not None and kind[1] in hers and hers[kind[1]] in oracle.ids
    ]


def by_search(
    client: Client, path: str, names: frozenset[str], sought: dict[str, str]
) -> list[str]:
    """Whether looking for what is hidden, by whatever the page reads, is answered otherwise than
    looking for nonsense."""
    asked = [(sought.get(one, sought["q"]), NONSENSE.get(one, NONSENSE["q"])) for one in names]
    hidden, nothing = (
        look(client, path, **dict(zip(names, words, strict=True)))
        for words in zip(*asked, strict=True)
    )
    words = said_otherwise(hidden, nothing, *asked)
    return [f"by searching, {words}"] if words else []


def in_letters(life: Life) -> list[str]:
    """Letters of this step that say what their reader may not know."""
    keys = {person.pk: key for key, person in life.oracle.people.items()}
    found = []
    for message, words in life.letters():
        who = keys.get(message.to_user_id, ANONYMOUS)
        told = [word for word in hidden_from(life.oracle, who, life.at) if stands(word, words)]
        if told:
            found.append(f"{message.kind} to {who}: {'; '.join(told)}")
    return found


def in_log(life: Life) -> list[str]:
    """Lines that name a judge, tell what was said in confidence, or a score; then forget them."""
    hidden = (*NAMES.values(), "秘", "暗", *CONTENT, *SHEET, *ON_STAGE)
    found = [line for line in life.lines.written if any(stands(word, line) for word in hidden)]
    life.lines.written.clear()
    return found
