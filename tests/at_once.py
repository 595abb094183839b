"""Several at the same moment, each in a thread with a database connection of its own.

`at_once` tells what each act returned or was refused, `said_at_once` only the words, sorted, where
it does not matter who was first. `Lanes` keeps threads and connections from one round to the next.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from accounts.errors import Refusal

type Act = Callable[[], object]

PATIENCE_S = 60


class Lanes:
    """As many threads as acts of a round; each keeps its connection until the lanes close."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._start = Barrier(count)
        self._end = Barrier(count)
        self._threads = ThreadPoolExecutor(count)

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(self, *failure: object) -> None:
        list(self._threads.map(self._close, range(self._count)))
        self._threads.shutdown()

    def run(self, *acts: Act) -> list[object]:
        """Start the acts together; what each returned, or the refusal it met, in their order."""
        assert len(acts) == self._count
        return list(self._threads.map(self._run, acts))

    def _run(self, act: Act) -> object:
        connections["default"].ensure_connection()
        self._start.wait(PATIENCE_S)
        try:
            return act()
        except Refusal as refusal:
            return refusal

    def _close(self, _lane: int) -> None:
        """Nobody is done before all have come: each lane closes its own connections."""
        self._end.wait(PATIENCE_S)
        connections.close_all()


def at_once(*acts: Act) -> list[object]:
    """Run the acts on a connection each, started together: what each returned or was refused."""
    with Lanes(len(acts)) as lanes:
        return lanes.run(*acts)


def said_at_once(*acts: Act) -> list[str]:
    """The same in words, sorted: `done`, or the code of a refusal."""
    return said(at_once(*acts))


def said(outcomes: list[object]) -> list[str]:
    """Outcomes in words, sorted: `done`, or the code of a refusal."""
    return sorted(one.code if isinstance(one, Refusal) else "done" for one in outcomes)
