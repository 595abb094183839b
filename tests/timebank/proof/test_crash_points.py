"""The line to the database is cut before and after every statement of every path that moves hours
or money; asked again, the path ends as if nothing had happened, once.

All points under `-m long`; always: both sides of the last COMMIT, and one more by chance.
"""

from contextlib import suppress
from random import Random

import pytest
from django.db import DatabaseError, InterfaceError, connections
from hypothesis import core

from accounts.errors import Refusal
from tests.timebank.proof.cuts import AFTER, BEFORE, Cut, line_to_database
from tests.timebank.proof.paths import PATHS, Stage
from timebank.selectors.audit import differences_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

BY_CHANCE = 1  # of the other points of a path, in the short run


@pytest.fixture
def stage(cast):
    return Stage(cast)


def play(stage, path, line, cut=None):
    """One scene, cut where told and then asked again; what it left."""
    scene = getattr(stage, path)()
    connections["default"].close()  # a new one has prepared nothing: each play counts alike
    connections["default"].ensure_connection()
    line.listen(cut)
    try:
        scene.act()
    except (DatabaseError, InterfaceError):
        assert line.was_cut, "nothing but the cut goes wrong"
    finally:
        statements = list(line.statements)
        was_cut = line.was_cut
        line.listen()
    if cut is not None:
        connections["default"].close()
        with suppress(Refusal):  # it had been done: asked again, the state has moved on
            scene.act()
    return scene.look(), statements, was_cut


def points_of(statements, *, every: bool, chance: Random) -> list[Cut]:
    everywhere = [
        Cut(number, side) for number in range(1, len(statements) + 1) for side in (BEFORE, AFTER)
    ]
    if every:
        return everywhere
    commits = [number for number, text in enumerate(statements, 1) if text == "COMMIT"]
    # Without a COMMIT of its own the statement is its own transaction.
    chosen = commits[-1:] or [len(statements)]
    others = chance.sample(everywhere, min(BY_CHANCE, len(everywhere)))
    return sorted({Cut(number, side) for number in chosen for side in (BEFORE, AFTER)} | {*others})


def cut_everywhere(stage, path, *, every: bool) -> int:
    chance = Random(f"{core.global_force_seed}:{path}")
    with line_to_database() as line:
        play(stage, path, line)  # once, so that nothing is prepared for the first time below
        expected, statements, _ = play(stage, path, line)
        points = points_of(statements, every=every, chance=chance)

        for cut in points:
            left, _, was_cut = play(stage, path, line, cut)

            assert was_cut, f"{path}: {cut} of {len(statements)} was never reached"
            assert left == expected, f"{path}, {cut}: {statements[cut.statement - 1]}"
    for book in stage.books():
        assert differences_in(book) == []
    return len(points)


@pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "every"]
)
def test_asked_again_after_a_cut_each_path_has_happened_once(stage, every, capsys):
    points = {path: cut_everywhere(stage, path, every=every) for path in PATHS}

    with capsys.disabled():
        print(f"\ncrash points: {sum(points.values())} {points}")
