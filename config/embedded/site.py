"""The site's own processes on one machine: web server, queue worker, clock.

Each is a child in a session of its own with a log file of its own. What they run as — settings,
data folder, address — they read from the environment handed to them.
"""

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from config.embedded import children
from config.embedded.errors import CannotStart
from config.embedded.folder import DataFolder

HOST = "127.0.0.1"


class Site:
    """Web, worker and beat of one data folder. Started together, stopped web first."""

    def __init__(self, data: DataFolder, port: int, project: Path) -> None:
        self.data = data
        self.port = port
        self.project = project
        self.roll = children.Roll(data.run / "children.json")
        self.running: list[children.Child] = []

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def stop_survivors(self) -> list[str]:
        """Stop what a killed start left behind; say what it was."""
        survivors = self.roll.survivors()
        for child in survivors:
            child.stop(signal.SIGTERM)
        self.roll.clear()
        return [child.name for child in survivors]

    def start(self, environment: Mapping[str, str]) -> None:
        """Start all three: the web server first, so that people wait for nothing else."""
        environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
        celery = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
        commands: dict[str, list[str | Path]] = {
            "web": [
                *(sys.executable, "-m", "granian", "--interface", "wsgi"),
                *("--host", HOST, "--port", str(self.port)),
                *("--workers", "1", "--blocking-threads", "8"),
                *("--log-level", "warning", "config.wsgi:application"),
            ],
            "beat": [
                *celery,
                *("beat", "--loglevel", "INFO", "--pidfile", ""),
                *("--schedule", self.data.run / "beat"),
            ],
            "worker": [
                *celery,
                *("worker", "--loglevel", "INFO", "--concurrency", "1"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
        }
        for name, command in commands.items():
            self.running.append(
                children.start(
                    name,
                    command,
                    log=self.data.log / f"{name}.log",
                    environment=environment,
                    folder=self.project,
                )
            )
            self.roll.write(self.running)
            if name == "web":
                self._wait_until_it_serves()

    def serves(self) -> bool:
        line = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            line.close()

    def _wait_until_it_serves(self) -> None:
        give_up_at = time.monotonic() + 120
        while not self.serves():
            self.insist_on_life()
            if time.monotonic() > give_up_at:
                log = self.data.log / "web.log"
                raise CannotStart(
                    zh=f"网站在两分钟内没有应答，日志见 {log}。",
                    en=f"The site did not answer within two minutes; its log is {log}.",
                )
            time.sleep(0.1)

    def insist_on_life(self) -> None:
        """Every process of the site still lives; otherwise say which one died of what."""
        for child in self.running:
            if not child.is_alive():
                log = self.data.log / f"{child.name}.log"
                raise CannotStart(
                    zh=f"进程 {child.name} 意外退出，日志（{log}）的最后几行：\n"
                    f"{children.last_words(log)}",
                    en=f"The process {child.name} ended unexpectedly; "
                    "above are the last lines of its log.",
                )

    def stop(self) -> None:
        """Web, beat, worker, in this order: nobody asks before nobody answers."""
        for child in self.running:
            child.stop(signal.SIGTERM, patience_seconds=20)
        self.running = []
        self.roll.clear()


def insist_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as trouble:
            raise CannotStart(
                zh=f"端口 {port} 无法使用（可能已被占用）：请换一个，例如 --port {port + 1}。",
                en=f"Port {port} cannot be used (is it busy?): take another one, "
                f"for instance --port {port + 1}.",
            ) from trouble
