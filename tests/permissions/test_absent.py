"""What does not exist is answered like what is hidden, at every address with a gap."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.matrix import ANONYMOUS, METHODS, Address, addresses, prefixes, rows
from tests.plugins.asking import ask

ROWS = rows()
SITE = [a for a in addresses() if a.gaps and not a.name.startswith(prefixes(ROWS))]
# What fills a gap so that nothing is found. A purpose, a verb, an order of words are looked up too.
NOTHING = {
    "int": 2_000_000_000,
    "slug": "no-such-thing",
    "uuid": UUID("00000000-0000-4000-8000-000000000000"),
}
ASKING_FOR_NOTHING = [ANONYMOUS, "anan", "chen", "en", "fan", "shu"]
# Besides a stranger and who sees most: another of the rest at each address. All are with `-m long`.
ALWAYS_ASKED, IN_TURN = [ANONYMOUS, "fan"], ["anan", "chen", "en", "shu"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", SITE, ids=lambda a: a.name)
def test_what_does_not_exist_is_answered_like_what_is_hidden(
    address: Address, method: str, clients: dict[str, Client], django_db_blocker
) -> None:
    """404 for everyone signed in (405 where the method is unknown whatever the thing)."""
    people = [*ALWAYS_ASKED, IN_TURN[SITE.index(address) % len(IN_TURN)]]

    with django_db_blocker.unblock():
        assert _astray(address, method, people, clients) == {}


@pytest.mark.long
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", SITE, ids=lambda a: a.name)
def test_nobody_can_tell_the_hidden_from_the_absent(
    address: Address, method: str, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert _astray(address, method, ASKING_FOR_NOTHING, clients) == {}


def _astray(
    address: Address, method: str, people: list[str], clients: dict[str, Client]
) -> dict[str, str]:
    """Who was answered otherwise than of a thing that is hidden, and how."""
    gaps = {gap: NOTHING[_kind(converter)] for gap, converter in address.gaps.items()}
    url = reverse(address.name, kwargs=gaps)
    told = [row for row in ROWS if row.name == address.name and row.method == method]
    absent = 405 if all(set(row.answers.values()) == {405} for row in told) else 404
    is_public = any(row.answers.get(ANONYMOUS) for row in told)
    due = {person: absent if person != ANONYMOUS or is_public else 302 for person in people}
    found = {person: ask(clients[person], method, url, {}) for person in people}
    return {
        person: f"{code}, not {due[person]}"
        for person, code in found.items()
        if code != due[person]
    }


def _kind(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()
