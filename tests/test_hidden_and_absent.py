"""What does not exist is answered like what is hidden, at every address with a gap."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.matrix import ANONYMOUS, METHODS, Address, addresses, prefixes, rows
from tests.plugins.asking import ask
from tests.scene import Scene

ROWS = rows()
SITE = [a for a in addresses() if a.gaps and not a.name.startswith(prefixes(ROWS))]
# What fills a gap so that nothing is found. A purpose, a verb, an order of words are looked up too.
NOTHING = {
    "int": 2_000_000_000,
    "slug": "no-such-thing",
    "uuid": UUID("00000000-0000-4000-8000-000000000000"),
}
ASKING_FOR_NOTHING = [ANONYMOUS, "anan", "chen", "en", "fan", "shu"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", SITE, ids=lambda a: a.name)
def test_what_does_not_exist_is_answered_like_what_is_hidden(
    address: Address,
    method: str,
    scene: Scene,
    clients: dict[str, Client],
    django_db_blocker,
) -> None:
    """404 for everyone signed in (405 where the method is unknown whatever the thing)."""
    gaps = {gap: NOTHING[_kind(converter)] for gap, converter in address.gaps.items()}
    url = reverse(address.name, kwargs=gaps)
    told = [row for row in ROWS if row.name == address.name and row.method == method]
    no_such_method = all(set(row.answers.values()) == {405} for row in told)
    is_public = any(row.answers.get(ANONYMOUS) for row in told)

    with django_db_blocker.unblock():
        found = {person: ask(clients[person], method, url, {}) for person in ASKING_FOR_NOTHING}

    absent = 405 if no_such_method else 404
    assert found == {
        person: absent if person != ANONYMOUS or is_public else 302 for person in ASKING_FOR_NOTHING
    }


def _kind(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()
