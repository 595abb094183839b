"""A line to the database that can be cut at any statement, on either side of it.

Between Django and PostgreSQL stands a proxy that understands just enough of the protocol to see
where a statement ends. Cut `BEFORE` a statement, the server never hears of it; cut `AFTER`, the
server has carried it out and its answer is lost. Around COMMIT that is the difference between
nothing and everything, and the client cannot tell which.
"""

import shutil
import socket
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from django.db import connections

BEFORE, AFTER = "before", "after"
QUERY, PARSE, SYNC, TERMINATE, READY = b"Q", b"P", b"S", b"X", b"Z"


@dataclass(frozen=True, order=True)
class Cut:
    """Where to cut: the number of the statement, from 1, and the side."""

    statement: int
    side: str


class Gone(Exception):
    """One of the two ends has hung up."""


@dataclass
class Line:
    """What went over the line since `listen`, and where it is to be cut."""

    statements: list[str] = field(default_factory=list)
    cut: Cut | None = None
    was_cut: bool = False

    def listen(self, cut: Cut | None = None) -> None:
        self.statements, self.cut, self.was_cut = [], cut, False

    def is_cut(self, side: str) -> bool:
        if self.cut == Cut(len(self.statements), side) and not self.was_cut:
            self.was_cut = True
            return True
        return False


@contextmanager
def line_to_database() -> Iterator[Line]:
    """Within this block the web role's connection of this thread runs over a line of ours."""
    web = connections["default"]
    there = dict(web.settings_dict)
    folder = Path(tempfile.mkdtemp(prefix="qicai-line-"))
    goal = (there["HOST"], int(there["PORT"] or 5432))
    line = Line()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(folder / ".s.PGSQL.5432"))
        door.listen()
        Thread(target=_take_calls, args=(door, goal, line), daemon=True).start()
        web.close()
        web.settings_dict |= {"HOST": str(folder), "PORT": "5432"}
        try:
            yield line
        finally:
            web.close()
            web.settings_dict |= {"HOST": there["HOST"], "PORT": there["PORT"]}
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
    shutil.rmtree(folder, ignore_errors=True)


def _take_calls(door: socket.socket, goal: tuple[str, int], line: Line) -> None:
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            return
        Thread(target=_carry, args=(client, _call(goal), line), daemon=True).start()


def _call(goal: tuple[str, int]) -> socket.socket:
    host, port = goal
    if not host.startswith("/"):
        return socket.create_connection(goal)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.connect(f"{host}/.s.PGSQL.{port}")
    return server


def _carry(client: socket.socket, server: socket.socket, line: Line) -> None:
    """Statement by statement: all of the question, then all of the answer."""
    with client, server, suppress(OSError, Gone):
        server.sendall(_plain(client))  # who calls; what follows until the first READY is greeting
        while True:
            kind, answer = _message(server)
            client.sendall(answer)
            if kind == READY:
                break
            if kind == b"R" and struct.unpack("!i", answer[5:9])[0] in (3, 5, 10, 11):
                server.sendall(_message(client)[1])  # the password, in one or more steps
        while True:
            question, text = _question(client)
            line.statements.append(text)
            if line.is_cut(BEFORE):
                return
            server.sendall(question)
            answer = _whole_answer(server)
            if line.is_cut(AFTER):
                return
            client.sendall(answer)


def _question(client: socket.socket) -> tuple[bytes, str]:
    told, text = b"", ""
    while True:
        kind, message = _message(client)
        told += message
        if kind == TERMINATE:
            raise Gone
        if kind == QUERY:
            return told, _text(message[5:])
        if kind == PARSE:
            text = _text(message[5:].split(b"\0", 1)[1])
        if kind == SYNC:
            return told, text or "(prepared)"


def _text(part: bytes) -> str:
    return part.split(b"\0", 1)[0].decode(errors="replace")


def _whole_answer(server: socket.socket) -> bytes:
    told = b""
    while True:
        kind, message = _message(server)
        told += message
        if kind == READY:
            return told


def _message(end: socket.socket) -> tuple[bytes, bytes]:
    kind = _exactly(end, 1)
    return kind, kind + _plain(end)


def _plain(end: socket.socket) -> bytes:
    length = _exactly(end, 4)
    return length + _exactly(end, struct.unpack("!i", length)[0] - 4)


def _exactly(end: socket.socket, size: int) -> bytes:
    told = b""
    while len(told) < size:
        part = end.recv(size - len(told))
        if not part:
            raise Gone
        told += part
    return told
