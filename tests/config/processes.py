"""Run manage.py as a person would: in a process of its own, on a data folder of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from config.embedded.folder import DataFolder
from config.embedded.site import Site

PROJECT = Path(__file__).resolve().parent.parent.parent
OURS = ("QICAI_", "DATABASE_", "BROKER_", "CACHE_", "PUBLIC_", "DJANGO_SETTINGS", "LANG", "LC_")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment that says nothing about us but the data folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**clean, "QICAI_DATA": str(folder), "LC_ALL": "C.UTF-8", **more}


def manage(
    *words: str, folder: Path, seconds: float = 1200, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@contextmanager
def own_room() -> Iterator[Path]:
    """A folder for servers. Not pytest's own: that is closed to the user PostgreSQL runs as."""
    room = Path(tempfile.mkdtemp(prefix="qicai-test-"))
    try:
        yield room
    finally:
        kill_everything(room)
        shutil.rmtree(room, ignore_errors=True)


@contextmanager
def demo_running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A demo that answers; killed with everything it started if the block leaves it running."""
    with (folder.parent / f"demo-{time.monotonic_ns()}.out").open("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=PROJECT,
            env=environment(folder),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            wait_for_answer(process, folder, port, output.name)
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            kill_everything(folder)


def wait_for_answer(process: subprocess.Popen[str], folder: Path, port: int, output: str) -> None:
    site = Site(DataFolder(folder), port, PROJECT)
    give_up_at = time.monotonic() + 240
    while "http://" not in Path(output).read_text() or not site.serves():
        assert process.poll() is None, Path(output).read_text()
        assert time.monotonic() < give_up_at, Path(output).read_text()
        time.sleep(0.1)


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every living process that belongs to a data folder, whoever its parent is."""
    found = []
    for process in psutil.process_iter():
        try:
            places = (process.environ().get("QICAI_DATA", "/"), process.cwd())
            belongs = any(Path(place).is_relative_to(folder) for place in places)
            if belongs and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def kill_everything(folder: Path) -> None:
    """`kill -9` on all of it at once."""
    for process in processes_of(folder):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    give_up_at = time.monotonic() + 10
    while processes_of(folder) and time.monotonic() < give_up_at:
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
