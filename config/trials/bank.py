"""The bank test: many clients move minutes over HTTP while the database is killed under them.

A client keeps asking with the same key until it gets a definite answer, and sometimes asks again
although it got one. What it was told is written in a journal; `bank_check` compares the journal
with the books afterwards. A reader watches all balances the while.
"""

import http
import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Event

from config.embedded.postgres import Cluster
from config.trials.forms import MovementForm
from config.trials.ground import Ground
from config.trials.web import Badge, Line

ASKED_AGAIN = 0.05  # of the answered requests
LARGEST = 40
HOWS = [MovementForm.AT_ONCE] * 8 + [MovementForm.SETTLED, MovementForm.RELEASED]
PATIENCE = 60.0  # after the end, for what has no answer yet
BREATH = 0.03


@dataclass
class Movement:
    """One request, and what its client was told: an id, a refusal's code, or nothing definite."""

    key: str
    payer: int
    payee: int
    amount: int
    how: str
    answer: int | None = None
    refused: str = ""
    asked: int = 0
    told_otherwise: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """What one full read of the balances showed."""

    total: int
    below_floor: int


@dataclass
class Journal:
    """All that was asked, read and killed."""

    movements: list[Movement] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    kills: int = 0
    seconds: float = 0

    @property
    def acknowledged(self) -> list[Movement]:
        return [movement for movement in self.movements if movement.answer is not None]


def run(
    cluster: Cluster,
    ground: Ground,
    port: int,
    badge: Badge,
    *,
    seconds: float,
    clients: int,
    kills: int,
    seed: int,
    say: Callable[[str], None],
) -> Journal:
    """Let the clients move minutes for so long, and kill the database so often meanwhile."""
    journal, over = Journal(), Event()
    with ThreadPoolExecutor(clients) as threads:  # what a server does at its first request only
        list(threads.map(lambda _: Line(port, badge).get("/trial/balances/"), range(clients)))
    began = time.monotonic()
    end = began + seconds
    with ThreadPoolExecutor(clients + 2) as threads:
        chances = [Random(f"{seed}:{n}") for n in range(clients)]  # noqa: S311 - no secret
        work: list[Future[None]] = [
            threads.submit(_client, Line(port, badge), ground, chance, number, end, journal)
            for number, chance in enumerate(chances)
        ]
        reading = threads.submit(_reader, Line(port, badge), over, journal)
        killing = threads.submit(_killer, cluster, seconds, kills, journal, say)
        try:
            for done in (*work, killing):
                done.result()
        finally:
            over.set()
        reading.result()
    journal.seconds = time.monotonic() - began
    return journal


def _client(
    line: Line, ground: Ground, chance: Random, number: int, end: float, journal: Journal
) -> None:
    count = 0
    while time.monotonic() < end:
        count += 1
        payer, payee = chance.sample(ground.accounts, 2)
        movement = Movement(
            key=f"bank:{number}:{count}",
            payer=payer.pk,
            payee=payee.pk,
            amount=chance.randint(1, LARGEST),
            how=chance.choice(HOWS),
        )
        journal.movements.append(movement)
        _insist(line, movement, end + PATIENCE)
        if movement.answer is not None and chance.random() < ASKED_AGAIN:
            _insist(line, movement, end + PATIENCE)
    line.close()


def _insist(line: Line, movement: Movement, give_up_at: float) -> None:
    """Ask with the same key until the answer is definite."""
    while time.monotonic() < give_up_at:
        movement.asked += 1
        try:
            status, body = line.post(
                "/trial/post/",
                {
                    "key": movement.key,
                    "payer": movement.payer,
                    "payee": movement.payee,
                    "amount": movement.amount,
                    "how": movement.how,
                },
            )
        except OSError:
            time.sleep(BREATH)
            continue
        if status == http.HTTPStatus.OK:
            _note(movement, answer=int(json.loads(body)["id"]))
            return
        if status == http.HTTPStatus.CONFLICT:
            _note(movement, refused=str(json.loads(body)["code"]))
            return
        assert status >= http.HTTPStatus.INTERNAL_SERVER_ERROR, f"{status}: {body[:300]!r}"
        time.sleep(BREATH)


def _note(movement: Movement, *, answer: int | None = None, refused: str = "") -> None:
    """Keep the first definite answer; any other is a contradiction."""
    if movement.answer is None and not movement.refused:
        movement.answer, movement.refused = answer, refused
    elif (movement.answer, movement.refused) != (answer, refused):
        movement.told_otherwise.append(refused or str(answer))


def _reader(line: Line, over: Event, journal: Journal) -> None:
    while not over.wait(0.05):
        try:
            status, body = line.get("/trial/balances/")
        except OSError:
            continue
        if status != http.HTTPStatus.OK:
            continue
        rows = json.loads(body)["accounts"]
        journal.readings.append(
            Reading(
                total=sum(posted for _, posted, _, _ in rows),
                below_floor=sum(
                    floor is not None and posted - held < floor for _, posted, held, floor in rows
                ),
            )
        )
    line.close()


def _killer(
    cluster: Cluster, seconds: float, kills: int, journal: Journal, say: Callable[[str], None]
) -> None:
    for _ in range(kills):
        time.sleep(seconds / (kills + 1))
        began = time.monotonic()
        cluster.kill()
        cluster.start()
        journal.kills += 1
        say(f"killed, and answering again after {time.monotonic() - began:.2f} s")
