"""Locks on a data folder: held by living processes only, so that `kill -9` leaves none behind."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class FileLock:
    """A lock the operating system forgets together with its holder.

    The file's text tells the next one who holds it; the text is a courtesy, the lock is the truth.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False, wait_seconds: float = 0) -> bool:
        """Take the lock, waiting at most so long; False if someone else keeps it."""
        assert self._descriptor is None, "this lock is taken already"
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        give_up_at = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up_at:
                    os.close(descriptor)
                    return False
                time.sleep(0.05)
            else:
                self._descriptor = descriptor
                return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def sign(self, **facts: Any) -> None:
        """Write down who holds the lock."""
        assert self._descriptor is not None, "only the holder signs"
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps({"pid": os.getpid(), **facts}).encode(), 0)

    def holder(self) -> dict[str, Any]:
        """What the holder wrote; empty when nothing readable stands there."""
        try:
            facts = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}


@contextmanager
def only_one(path: Path, *, wait_seconds: float = 120) -> Iterator[None]:
    """One process at a time past this point."""
    lock = FileLock(path)
    if not lock.take(wait_seconds=wait_seconds):
        raise TimeoutError(f"another process has been starting or stopping servers at {path}")
    try:
        yield
    finally:
        lock.release()
