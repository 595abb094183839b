"""A web server for a trial, and clients light enough not to be what is measured."""

import http
import os
import secrets
import socket
import string
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore

from accounts.models import User
from config import env
from config.embedded import children
from config.embedded.errors import CannotStart

HOST = "127.0.0.1"
LONGEST_WAIT = 20.0


@contextmanager
def serving(module: str, *, threads: int = 8) -> Iterator[int]:
    """Granian serves a module's `application`; the port it does that at."""
    port = _free_port()
    data = env.data_folder()
    server = children.start(
        f"web-{port}",
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", HOST, "--port", str(port)),
            *("--workers", "1", "--blocking-threads", str(threads)),
            *("--log-level", "error", f"{module}:application"),
        ],
        log=data.log / f"web-{port}.log",
        environment=os.environ,
        folder=env.PROJECT,
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.stop()


@dataclass(frozen=True)
class Badge:
    """What makes a request somebody's: the session's cookie and the token against forgery."""

    session: str
    token: str

    @classmethod
    def of(cls, user: User) -> "Badge":
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        letters = string.ascii_letters + string.digits
        token = "".join(secrets.choice(letters) for _ in range(32))
        assert session.session_key is not None, "a session that was made has a key"
        return cls(session.session_key, token)

    def cookies(self) -> str:
        return (
            f"{settings.SESSION_COOKIE_NAME}={self.session}; "
            f"{settings.CSRF_COOKIE_NAME}={self.token}"
        )


class Line:
    """One kept-alive connection to the web server. Any failure closes it and is an OSError."""

    def __init__(self, port: int, badge: Badge | None = None) -> None:
        self.port = port
        self.badge = badge
        self.open: socket.socket | None = None
        cookies = f"Cookie: {badge.cookies()}\r\n" if badge else ""
        self.head = f"Host: {HOST}:{port}\r\nAccept: application/json\r\n{cookies}"

    def post(self, path: str, facts: dict[str, object]) -> tuple[int, bytes]:
        if self.badge:
            facts = {**facts, "csrfmiddlewaretoken": self.badge.token}
        body = urlencode(facts).encode()
        return self._ask(
            f"POST {path} HTTP/1.1\r\n{self.head}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask(f"GET {path} HTTP/1.1\r\n{self.head}\r\n".encode())

    def close(self) -> None:
        if self.open is not None:
            self.open.close()
            self.open = None

    def _ask(self, request: bytes) -> tuple[int, bytes]:
        try:
            if self.open is None:
                self.open = socket.create_connection((HOST, self.port), timeout=LONGEST_WAIT)
                self.open.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.open.sendall(request)
            return self._answer(self.open)
        except OSError:
            self.close()
            raise

    @staticmethod
    def _answer(line: socket.socket) -> tuple[int, bytes]:
        told = b""
        while b"\r\n\r\n" not in told:
            told += _received(line)
        head, body = told.split(b"\r\n\r\n", 1)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (header.partition(b":") for header in head.split(b"\r\n")[1:])
        }
        if headers.get(b"transfer-encoding") == b"chunked":
            while not body.endswith(b"0\r\n\r\n"):  # enough to see its end; nobody reads it
                body += _received(line)
        while len(body) < int(headers.get(b"content-length", 0)):
            body += _received(line)
        return int(head.split(b" ", 2)[1]), body


def warm_up(port: int, badge: Badge | None, request: Callable[[], dict[str, object]]) -> None:
    """Ask until every thread of the server has done everything once."""
    for _ in range(3):
        rate_of(port, badge, request, clients=16, seconds=0.3)


def rate_of(
    port: int,
    badge: Badge | None,
    request: Callable[[], dict[str, object]],
    *,
    clients: int,
    seconds: float,
) -> float:
    """Answers per second to so many clients, each posting again as soon as it is answered."""
    give_up_at = time.monotonic() + seconds

    def client(_: int) -> int:
        line, answered = Line(port, badge), 0
        while time.monotonic() < give_up_at:
            status, body = line.post("/trial/post/", request())
            assert status == http.HTTPStatus.OK, f"{status}: {body[:300]!r}"
            answered += 1
        line.close()
        return answered

    began = time.monotonic()
    with ThreadPoolExecutor(clients) as threads:
        answered = sum(threads.map(client, range(clients)))
    return answered / (time.monotonic() - began)


def _received(line: socket.socket) -> bytes:
    part = line.recv(65536)
    if not part:
        raise ConnectionResetError("the server hung up")
    return part


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: children.Child) -> None:
    give_up_at = time.monotonic() + 60
    while True:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError as trouble:
            if not server.is_alive() or time.monotonic() > give_up_at:
                log = env.data_folder().log / f"web-{port}.log"
                raise CannotStart(
                    zh=f"试验用的网站没有启动：\n{children.last_words(log, 20)}",
                    en=f"The trial's web server did not start:\n{children.last_words(log, 20)}",
                ) from trouble
            time.sleep(0.05)
