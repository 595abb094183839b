"""Bring 七彩 up on this machine: servers, migrations, demo content, web, worker, clock.

Ctrl-C and SIGTERM stop everything it started, in order: web, beat, worker, broker, database. A
second start loads nothing twice; after `kill -9` the next start stops what survived and goes on.
"""

import os
import shutil
import signal
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg import sql
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from config import env
from config.demo import load
from config.demo.volunteers import FEWEST, VOLUNTEERS
from config.embedded.broker import Broker
from config.embedded.errors import CannotStart
from config.embedded.folder import DataFolder
from config.embedded.locks import FileLock
from config.embedded.postgres import Cluster
from config.embedded.servers import running
from config.embedded.site import Site, insist_port_is_free
from timebank.services.ledger_installation import LedgerTablesDiffer, install_ledger


class Command(BaseCommand):
    help = "在本机启动演示站 / Run the demo on this machine"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="8000")
        parser.add_argument(
            "--prepare-only",
            action="store_true",
            help="只建库、装载数据，然后退出 / set up, load, exit",
        )
        parser.add_argument(
            "--fresh",
            action="store_true",
            help="清空演示数据重新装载 / empty the data folder first",
        )
        parser.add_argument(
            "--volunteers",
            type=_number_of_volunteers,
            default=VOLUNTEERS,
            help="虚构志愿者人数 / how many invented volunteers (2000)",
        )

    def handle(
        self,
        *args: Any,
        port: int,
        prepare_only: bool,
        fresh: bool,
        volunteers: int,
        **options: Any,
    ) -> None:
        if env.mode() != "demo":
            raise CannotStart(
                zh="演示只在 QICAI_MODE=demo 时运行，现在是 production。",
                en="The demo runs with QICAI_MODE=demo only, not in production.",
            )
        self.console = Console()
        self.began = time.monotonic()
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        data = env.data_folder()
        site = Site(data, port, env.PROJECT)
        with translation.override(_language_of_terminal()), _held(data, port):
            for name in site.stop_survivors():  # they may hold the port
                self.say(_("已停止上次遗留的进程：%(name)s") % {"name": name})
            if not prepare_only:
                insist_port_is_free(port)
            if fresh:
                _empty(data)
            if not env.uses_embedded_database():
                _insist_on_database(settings.DATABASES["owner"])
            with running(
                data,
                database=env.uses_embedded_database(),
                broker=env.uses_embedded_broker(),
                leave_nothing=True,
            ):
                self.prepare(volunteers)
                if not prepare_only:
                    self.serve(site)

    def prepare(self, volunteers: int) -> None:
        """The database holds every table and the demo's content, each made once."""
        executor = MigrationExecutor(connections["owner"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say(_("正在建立数据表……"))
            call_command("migrate", database="owner", verbosity=0)
        if _bring_ledger_up_to_date():
            self.say(_("账本的程序已换成这一版。"))
        if not load.demo_is_loaded():
            with Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=self.console,
            ) as progress:
                load.load_demo(progress, volunteers=volunteers)
            # Only the owner may; without figures the planner walks the ledger row by row.
            with connections["owner"].cursor() as cursor:
                cursor.execute("ANALYZE")
        connections.close_all()
        self.say(_("数据已就绪（%(seconds).1f 秒）。") % {"seconds": self.seconds()})

    def serve(self, site: Site) -> None:
        """Web, worker and beat, until Ctrl-C, SIGTERM or the death of one of them."""
        try:
            site.start({"QICAI_MODE": "demo", "PUBLIC_ADDRESS": site.address})
            self.introduce(site)
            while True:
                time.sleep(0.5)
                site.insist_on_life()
        except KeyboardInterrupt:
            self.say(_("正在停止……"))
        finally:
            # From here on nothing interrupts: what was started is stopped, in order.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            site.stop()

    def introduce(self, site: Site) -> None:
        table = Table(title=_("可登录的演示人物（验证码见演示发件箱）"))
        for heading in (_("姓名"), _("是谁"), _("手机号")):
            table.add_column(heading)
        for person in load.people_to_sign_in():
            table.add_row(person.name, person.line, person.phone)
        connections.close_all()
        self.console.print(table)
        self.say(
            _("七彩已启动（%(seconds).1f 秒）：%(address)s　按 Ctrl-C 停止。")
            % {"seconds": self.seconds(), "address": site.address}
        )

    def say(self, sentence: str) -> None:
        self.console.print(sentence, highlight=False, soft_wrap=True)

    def seconds(self) -> float:
        return time.monotonic() - self.began


def _number_of_volunteers(text: str) -> int:
    number = int(text)
    if not FEWEST <= number <= VOLUNTEERS:
        raise ArgumentTypeError(f"{FEWEST}–{VOLUNTEERS}")
    return number


@contextmanager
def _held(data: DataFolder, port: int) -> Iterator[None]:
    """One demo per data folder."""
    data.make()
    lock = FileLock(data.run / "demo.lock")
    if not lock.take():
        holder = lock.holder()
        pid, address = holder.get("pid", "?"), holder.get("address", "")
        raise CannotStart(
            zh=f"数据文件夹 {data.path} 已有演示站在运行（进程 {pid}，{address}）："
            "请先停止它，或用 QICAI_DATA 换一个文件夹。",
            en=f"A demo (pid {pid}, {address}) already runs on {data.path}: "
            "stop it first, or name another folder in QICAI_DATA.",
        )
    lock.sign(address=f"http://127.0.0.1:{port}")
    try:
        yield
    finally:
        lock.release()


def _empty(data: DataFolder) -> None:
    """Throw away what a demo keeps; passwords and keys stay."""
    if not env.uses_embedded_database():
        raise CannotStart(
            zh="--fresh 只清空内置数据库；DATABASE_URL 指向的数据库请自行处理。",
            en="--fresh empties the embedded database only, never the one DATABASE_URL names.",
        )
    Broker(data).stop()
    Cluster(data).stop()
    for kept in (data.postgres, data.broker, data.path / "media", data.path / "static"):
        shutil.rmtree(kept, ignore_errors=True)
    for schedule in data.run.glob("beat*"):
        schedule.unlink()


def _bring_ledger_up_to_date() -> bool:
    """The ledger's functions are those of this version; whether they had to be put in place."""
    try:
        return install_ledger(connections["owner"]).is_new
    except LedgerTablesDiffer as problem:
        raise CannotStart(
            zh="这份演示数据是由较早的版本建立的。请加 --fresh 重新开始（原有演示数据会清空）。",
            en="This demo's data was made by an earlier version: run with --fresh to begin anew "
            "(the demo's data is emptied).",
        ) from problem


def _insist_on_database(owner: dict[str, Any]) -> None:
    """The database named by the environment answers its owner; it is made if it is missing."""
    login = {
        "host": owner["HOST"],
        "port": owner["PORT"],
        "user": owner["USER"],
        "password": owner["PASSWORD"],
        "connect_timeout": 10,
        **owner["OPTIONS"],
    }
    name = owner["NAME"]
    try:
        psycopg.connect(dbname=name, **login).close()
    except psycopg.OperationalError as trouble:
        try:
            with psycopg.connect(dbname="postgres", autocommit=True, **login) as server:
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.Error:
            reason = str(trouble).strip().splitlines()[-1]
            raise CannotStart(
                zh=f"无法连接 DATABASE_URL 指向的数据库：{reason}",
                en="The database named by DATABASE_URL cannot be reached.",
            ) from trouble


def _language_of_terminal() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if spoken.startswith("en") else settings.LANGUAGE_CODE


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
