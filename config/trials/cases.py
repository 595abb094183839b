"""What `bench_ledger` measures: every case runs for some seconds and answers a rate per second."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from threading import Thread

import psycopg
from django.db import connection, connections

from config.embedded.postgres import OWNER, SUPERUSER, WEB, Cluster
from config.trials import pgbench, plain
from config.trials.ground import Ground
from timebank.models.ledger import TransferKind
from timebank.services.ledger import post_transfer
from timebank.services.sealing import seal_book

SQL = Path(__file__).parent / "sql"
BATCH = 1000
REASON = "cleaning a cooker hood"  # about as long as what people write
CLIENTS = (1, 4, 8)
PER_SECOND = "per second"
BETWEEN_SEALS = 1.0  # the schedule's interval is thirty times as long
numbers = count(1)


@dataclass(frozen=True)
class Case:
    """A name, and how to run it for some seconds."""

    name: str
    run: Callable[[float], float]


class Bench:
    """The servers, the ground, and every case on them."""

    def __init__(self, cluster: Cluster, ground: Ground, *, seed: int = 1) -> None:
        self.cluster = cluster
        self.ground = ground
        self.chance = Random(seed)  # noqa: S311 - picks accounts, keeps no secret
        self.first = ground.accounts[0].pk
        assert ground.accounts[-1].pk - self.first == len(ground.accounts) - 1, (
            "a script picks an account by its number"
        )
        self.facts = {
            "book": ground.book.pk,
            "user": ground.officer.pk,
            "first": self.first,
            "striped": ground.striped.pk,
            "accounts": len(ground.accounts),
        }

    def set_up(self) -> None:
        """The yardsticks' own tables, TPC-B's database, and the ledger without enforced keys."""
        with connections["owner"].cursor() as cursor:
            for name in ("bare", "plain"):
                cursor.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))
            cursor.execute(
                "INSERT INTO bare.account SELECT id, posted FROM ledger.account WHERE is_counted"
            )
            cursor.execute(
                "INSERT INTO plain.account SELECT id, posted, 0, 0"
                " FROM ledger.account WHERE is_counted"
            )
        connections.close_all()
        pgbench.make_tpcb(self.cluster)
        self._make_unenforced()

    def durable_cases(self) -> list[Case]:
        scripts = [
            *((f"bare {n}", "bare", n) for n in CLIENTS),
            *((f"post {n}", "post_uniform", n) for n in CLIENTS),
            ("bare with the same facts 8", "bare_told", 8),
            ("post hot 8", "post_hot", 8),
            ("post striped 8", "post_striped", 8),
        ]
        return [
            *(Case(f"tpcb {n}", partial(self._tpcb, n)) for n in CLIENTS),
            *(Case(name, partial(self._script, script, n)) for name, script, n in scripts),
            Case("batch bare", partial(self._batch, "bare_rows")),
            Case("batch bare in sets", partial(self._batch, "bare_sets")),
            Case("batch uniform", partial(self._batch, "uniform")),
            Case("batch hot", partial(self._batch, "hot")),
            Case("batch not enforced", partial(self._batch, "unenforced")),
            Case("sealed transfers", self._seal),
        ]

    def processor_cases(self) -> list[Case]:
        """With nothing waiting for the disk, so that the code's own cost shows."""
        return [
            Case("cpu bare 8", partial(self._script, "bare", 8)),
            Case("cpu bare with the same facts 8", partial(self._script, "bare_told", 8)),
            Case("cpu post 8", partial(self._script, "post_uniform", 8)),
            Case("cpu raw psycopg 1", self._raw),
            Case("cpu service 1", self._service),
            Case("cpu plain orm 1", self._orm),
        ]

    @contextmanager
    def waiting_for_no_disk(self) -> Iterator[None]:
        self._set(fsync="off", full_page_writes="off", synchronous_commit="off")
        try:
            yield
        finally:
            self._set(fsync="on", full_page_writes="on", synchronous_commit="on")

    def checkpoint(self) -> None:
        with self.cluster.connect() as superuser:
            superuser.execute("CHECKPOINT")

    def pair(self) -> tuple[int, int]:
        payer, payee = self.chance.sample(range(len(self.ground.accounts)), 2)
        return self.first + payer, self.first + payee

    # The cases ------------------------------------------------------------------------

    def _tpcb(self, clients: int, seconds: float) -> float:
        return pgbench.tpcb(self.cluster, clients=clients, seconds=seconds)

    def _script(self, name: str, clients: int, seconds: float) -> float:
        return pgbench.script(self.cluster, name, self.facts, clients=clients, seconds=seconds)

    def _batch(self, which: str, seconds: float) -> float:
        """Transfers per second in calls of a thousand; making the request is not counted."""
        is_bare = which.startswith("bare")
        name = which if is_bare else "post_batch"
        database = pgbench.UNENFORCED if which == "unenforced" else "qicai"
        statement = (SQL / f"{name}.sql").read_bytes()
        posted, spent = 0, 0.0
        with psycopg.connect(
            self.cluster.url(WEB, database), autocommit=True, prepare_threshold=0
        ) as line:
            while spent < seconds:
                rows = self._rows(hot=which == "hot")
                facts = [self.ground.book.pk, rows, self.ground.officer.pk]
                began = time.perf_counter()
                line.execute(statement, [rows] if is_bare else facts)
                spent += time.perf_counter() - began
                posted += BATCH
        return posted / spent

    def _rows(self, *, hot: bool) -> str:
        batch, rows = uuid.uuid4().hex, []
        for n in range(BATCH):
            payer, payee = self.pair()
            if hot:
                payer, payee = max(payer, self.first + 1), self.first
            rows.append(
                {
                    "key": f"b:{batch}:{n}",
                    "accounts": [payer, payee],
                    "amounts": [-1, 1],
                    "kind": "use",
                    "reason": REASON,
                    "source": f"batch:{batch}",
                    "policy_version": "",
                    "happened_at": None,
                    "on_behalf_of": None,
                }
            )
        return json.dumps(rows)

    def _seal(self, seconds: float) -> float:
        """Transfers sealed per second, of those that the other cases have left; all in the end."""
        began = time.perf_counter()
        sealed = seal_book(self.ground.book)
        rate = sealed / (time.perf_counter() - began)
        connections.close_all()
        return rate

    def lag_of_sealing(self, seconds: float) -> float:
        """How old, in seconds, the oldest transfer gets that no block holds yet, right after each
        seal, while eight clients post and books are sealed again and again.
        """
        lags: list[float] = []
        posting = Thread(target=self._script, args=("post_uniform", 8, seconds))
        posting.start()
        while posting.is_alive():
            seal_book(self.ground.book)
            with connection.cursor() as cursor:
                cursor.execute((SQL / "oldest_unsealed.sql").read_text(), [self.ground.book.pk])
                lags += [float(age) for (age,) in cursor.fetchall() if age is not None]
            time.sleep(BETWEEN_SEALS)
        posting.join()
        connections.close_all()
        return max(lags, default=0.0)

    def _raw(self, seconds: float) -> float:
        statement = (SQL / "post.sql").read_bytes()
        book, user = self.ground.book.pk, self.ground.officer.pk
        with psycopg.connect(self.cluster.url(WEB), autocommit=True, prepare_threshold=0) as line:

            def post() -> None:
                payer, payee = self.pair()
                key = f"raw:{next(numbers)}"
                line.execute(
                    statement,
                    [book, key, [payer, payee], [-1, 1], "use", REASON, key, "", None, user,
                     None],
                ).fetchone()  # fmt: skip

            return _rate(post, seconds)

    def _service(self, seconds: float) -> float:
        by_id = {account.pk: account for account in self.ground.accounts}

        def post() -> None:
            payer, payee = self.pair()
            key = f"service:{next(numbers)}"
            post_transfer(
                book=self.ground.book,
                from_account=by_id[payer],
                to_account=by_id[payee],
                amount=1,
                kind=TransferKind.USE,
                reason=REASON,
                source=key,
                key=key,
                acting_user=self.ground.officer,
            )

        connection.ensure_connection()
        rate = _rate(post, seconds)
        connections.close_all()
        return rate

    def _orm(self, seconds: float) -> float:
        def post() -> None:
            payer, payee = self.pair()
            key = f"orm:{next(numbers)}"
            plain.post(
                payer=payer,
                payee=payee,
                amount=1,
                key=key,
                kind="use",
                reason=REASON,
                source=key,
                user=self.ground.officer.pk,
            )

        connection.ensure_connection()
        rate = _rate(post, seconds)
        connections.close_all()
        return rate

    # Their servers --------------------------------------------------------------------

    def _make_unenforced(self) -> None:
        """A copy of the database whose foreign keys are declared and not checked."""
        with self.cluster.connect() as superuser:
            superuser.execute(
                f"CREATE DATABASE {pgbench.UNENFORCED} TEMPLATE qicai OWNER {OWNER}".encode()
            )
        with self.cluster.connect(SUPERUSER, pgbench.UNENFORCED) as superuser:
            keys = superuser.execute(
                "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint"
                " WHERE contype = 'f' AND connamespace = 'ledger'::regnamespace"
                " AND conparentid = 0"
            ).fetchall()
            for table, name in keys:
                superuser.execute(
                    f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT ENFORCED".encode()
                )

    def _set(self, **settings: str) -> None:
        with self.cluster.connect() as superuser:
            for name, value in settings.items():
                superuser.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
            superuser.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)  # the server reads its settings when it gets to it


def _rate(act: Callable[[], None], seconds: float) -> float:
    began = time.perf_counter()
    for done in count(1):
        act()
        spent = time.perf_counter() - began
        if spent >= seconds:
            return done / spent
    raise AssertionError("counting does not end")
