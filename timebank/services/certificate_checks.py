"""Check a certificate without signing in, and slow down whoever tries numbers.

Nobody finds one by trying (a token has 256 bits, a number 54 and asks for a name or a code too);
the limit keeps the tries from costing us anything.
"""

from django.core.cache import cache

from accounts.errors import TooManyTries
from timebank.models.certificates import Certificate
from timebank.selectors.certificates import by_number, by_token

WINDOW_SECONDS = 600
MOST_MISSES = 20
MOST_CHECKS = 300  # a school may check a whole class from one address


def certificate_by_token(token: str, *, address: str) -> Certificate | None:
    """The certificate a code leads to, if there is one. Refused: `TooManyTries`."""
    _require_room(address)
    return _noted(by_token(token), address)


def certificate_by_number(number: str, word: str, *, address: str) -> Certificate | None:
    """The same by what is printed on it. Refused: `TooManyTries`."""
    _require_room(address)
    return _noted(by_number(number, word), address)


def _require_room(address: str) -> None:
    if cache.get(_key("misses", address), 0) >= MOST_MISSES:
        raise TooManyTries()
    if _counted("checks", address) > MOST_CHECKS:
        raise TooManyTries()


def _noted(found: Certificate | None, address: str) -> Certificate | None:
    if found is None:
        _counted("misses", address)
    return found


def _counted(what: str, address: str) -> int:
    key = _key(what, address)
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        cache.set(key, 1, WINDOW_SECONDS)
        return 1


def _key(what: str, address: str) -> str:
    return f"certificate:{what}:{address}"
