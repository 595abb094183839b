"""Child processes: started in sessions of their own, found again after a crash, stopped for sure.

A child of ours never dies of the Ctrl-C meant for its parent: the parent stops it, in its turn.
Process numbers are reused, so a process is known by its number together with its start time.
"""

import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Child:
    """A process we started, now or before a crash."""

    name: str
    pid: int
    started_at: float

    @classmethod
    def of(cls, name: str, pid: int) -> "Child | None":
        """The living process of this number, or None."""
        try:
            return cls(name, pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def process(self) -> psutil.Process | None:
        """The process itself, if it is still the same one and alive."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.started_at) > 1:
                return None
            if process.status() == psutil.STATUS_ZOMBIE:
                process.wait(0)  # reap it, if it is ours
                return None
        except (psutil.NoSuchProcess, psutil.TimeoutExpired):
            return None
        return process

    def is_alive(self) -> bool:
        return self.process() is not None

    def stop(self, *signals: signal.Signals, patience_seconds: float = 10) -> None:
        """Send each signal in turn until the process is gone, SIGKILL to its whole session last."""
        for how in (*(signals or (signal.SIGTERM,)), signal.SIGKILL):
            process = self.process()
            if process is None:
                return
            try:
                if how is signal.SIGKILL:
                    os.killpg(self.pid, how)
                else:
                    process.send_signal(how)
            except (psutil.NoSuchProcess, ProcessLookupError):
                return
            give_up_at = time.monotonic() + patience_seconds
            while self.is_alive() and time.monotonic() < give_up_at:
                time.sleep(0.02)


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    run_as: str | None = None,
    folder: Path | None = None,
) -> Child:
    """Start a process in its own session, its output appended to a log file."""
    account = pwd.getpwnam(run_as) if run_as else None
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=None if environment is None else dict(environment),
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,
        )
    process.returncode = 0  # reaped through psutil in Child; Popen shall not warn about it
    child = Child.of(name, process.pid)
    return child or Child(name, process.pid, 0)


class Roll:
    """The list of children kept on disk, so that the next start finds those a crash left behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, children: Sequence[Child]) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps([asdict(child) for child in children]))
        draft.replace(self.path)

    def survivors(self) -> list[Child]:
        try:
            listed = [Child(**facts) for facts in json.loads(self.path.read_text())]
        except (OSError, ValueError, TypeError):
            return []
        return [child for child in listed if child.is_alive()]

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)


def last_words(log: Path, lines: int = 5) -> str:
    """The end of a log file, for the sentence that says why a start failed."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
