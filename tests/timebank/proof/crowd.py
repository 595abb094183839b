"""Many real processes that do the same thing at the same instant.

They come from a server process that has read Django and nothing else (`forkserver`): it has one
thread and no open line, so what it forks inherits neither. What a process does is a function of a
module, and what it needs to know is plain values; its database is the test's.
"""

import multiprocessing
import os
import traceback
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if not apps.ready:
    django.setup()  # in the server, once for all

PATIENCE = 120
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload([__name__, "tests.timebank.proof.test_many_processes"])

type Act = Callable[[dict[str, Any], int, int], object]


def in_processes(processes: int, rounds: int, act: Act, facts: dict[str, Any]) -> list[Counter]:
    """What came of `act(facts, process, round)`, counted per round; each begins for all at once."""
    from django.db import connections

    database = {
        name: connections["default"].settings_dict[name]
        for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")
    }
    start = SERVER.Barrier(processes)
    answers = SERVER.SimpleQueue()
    children: list[BaseProcess] = [
        SERVER.Process(
            target=work, args=(act, facts, number, rounds, database, start, answers), daemon=True
        )
        for number in range(processes)
    ]
    for child in children:
        child.start()
    said = [answers.get() for _ in children]
    for child in children:
        child.join(PATIENCE)
    troubles = [one for ones in said for one in ones if "Traceback" in one]
    assert not troubles, next((one for one in troubles if "Barrier" not in one), troubles[0])
    return [Counter(ones[number] for ones in said) for number in range(rounds)]


def work(
    act: Act,
    facts: dict[str, Any],
    process: int,
    rounds: int,
    database: dict[str, Any],
    start: Any,
    answers: Any,
) -> None:
    """One process's part: its answers, or where it broke."""
    from django.db import connection

    from accounts.errors import Refusal

    said: list[str] = []
    try:
        connection.settings_dict.update(database)
        connection.ensure_connection()
        for number in range(rounds):
            start.wait(PATIENCE)
            try:
                said.append(str(act(facts, process, number)))
            except Refusal as refusal:
                said.append(refusal.code)
    except BaseException:
        said.append(traceback.format_exc())
        start.abort()
    finally:
        connection.close()
        answers.put(said)
