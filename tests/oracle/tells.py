"""Where the programme tells somebody something: every call in `ventures.services` that leads to a
message, read from the code, and which of them wrote one.
"""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.db.models.signals import post_save

from accounts.models import Message

SERVICES = Path(__file__).parents[2] / "ventures" / "services"
TELLING = ("tell", "_tell")
# A need is public as soon as it is told of, and is judged by nobody.
OF_NEEDS = ("tell_concerned", "tell_raiser", "tell_need_back")
OF_NEEDS_FILES = ("need_news.py",)
# Sweeps for what a queue lost: the same words once more.
AGAIN = "tell_lost_"


@cache
def places() -> dict[str, list[range]]:
    """By file, the lines of each call of `tell`, or of what is called after it."""
    found: dict[str, list[range]] = {}
    for path in sorted(SERVICES.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        again = {
            id(node)
            for sweep in ast.walk(tree)
            if isinstance(sweep, ast.FunctionDef) and sweep.name.startswith(AGAIN)
            for node in ast.walk(sweep)
        }
        calls = [
            range(node.lineno, (node.end_lineno or node.lineno) + 1)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and id(node) not in again and _tells(node)
        ]
        if calls and path.name not in OF_NEEDS_FILES:
            found[path.name] = calls
    return found


def _tells(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Name) or call.func.id in OF_NEEDS:
        return False
    return call.func.id in TELLING or call.func.id.startswith(("tell_", "_tell_"))


def never_told(told: set[tuple[str, int]]) -> list[str]:
    """Calls through which nothing was told, by file and first line."""
    there = {(name, one.start) for name, calls in places().items() for one in calls}
    return sorted(f"{name}:{line}" for name, line in there - told)


@contextmanager
def noting(told: set[tuple[str, int]]) -> Iterator[None]:
    """Note through which of them each new message was written."""

    def note(sender: object, created: bool, **_more: object) -> None:
        frame = sys._getframe(1) if created else None
        while frame is not None:
            path = Path(frame.f_code.co_filename)
            if path.parent == SERVICES:
                told.update(
                    (path.name, one.start)
                    for one in places().get(path.name, [])
                    if frame.f_lineno in one
                )
            frame = frame.f_back

    post_save.connect(note, sender=Message, weak=False)
    try:
        yield
    finally:
        post_save.disconnect(note, sender=Message)
