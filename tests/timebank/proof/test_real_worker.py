"""A real worker at the queue makes a long file, and one that is killed between the two halves of a
clearing leaves nothing stuck."""

import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import batched
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from accounts.models import Message
from config import env
from config.celery import app as celery_app
from tests.config.processes import PROJECT, environment
from tests.factories.timebank import make_bank
from tests.factories.timebank_clearing import make_agreement, make_neighbour
from tests.factories.timebank_ledger import make_account
from tests.factories.timebank_orders import give_hours
from timebank.models import BookExport, Crossing, Transfer
from timebank.models.ledger import Leg
from timebank.selectors.audit import differences_in
from timebank.selectors.clearing import clearing_balance
from timebank.selectors.statements import Narrowing, balance_of
from timebank.services.banks import account_of, issuance_of
from timebank.services.clearing import send_hours, settle_waiting
from timebank.services.exports import ask_for_export
from timebank.services.ledger import Posting, post_batch

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.filterwarnings("ignore:task_always_eager"),
    pytest.mark.skipif(not env.uses_embedded_broker(), reason="the broker is not ours"),
]
QUEUE = "proof"
PATIENCE = 120
MOVEMENTS = 2_100  # more than a request would write


@contextmanager
def worker_at_the_queue(log_path):
    """A worker in a process of its own, on the test database; killed if it still runs."""
    with log_path.open("w+") as log:
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--app", "config", "worker"),
                *("--queues", QUEUE, "--pool", "solo", "--without-mingle", "--without-gossip"),
            ],
            cwd=PROJECT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(
                env.data_folder().path,
                QICAI_MODE="demo",
                DATABASE_URL=env.url_of(connections["default"].settings_dict),
                DATABASE_OWNER_URL="none",
                BROKER_URL=settings.CELERY_BROKER_URL,
                CACHE_URL=settings.CACHES["default"]["LOCATION"],
            ),
        )
        try:
            yield worker
        finally:
            worker.kill()
            worker.wait(60)


def wait_for(what, worker, log_path):
    give_up_at = time.monotonic() + PATIENCE
    while not what():
        assert worker.poll() is None, log_path.read_text()[-3000:]
        assert time.monotonic() < give_up_at, log_path.read_text()[-3000:]
        time.sleep(0.05)


def asked(task: str, number: int) -> None:
    celery_app.send_task(f"timebank.tasks.{task}", [number], queue=QUEUE)


@contextmanager
def message_lost():
    """What is queued on commit within the block is not: the test queues it for the worker."""
    with transaction.atomic():
        yield
        connection.run_on_commit.clear()


def somebody_waits_for_a_lock() -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@contextmanager
def held_up(statement: str, *arguments: object):
    """Whoever needs what this statement locks waits until the block ends."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(statement, arguments)
        yield


def test_worker_makes_the_file_and_its_death_leaves_no_crossing_stuck(cast, tmp_path):
    bank, neighbour = make_bank(), make_neighbour()
    make_agreement(bank, neighbour)
    anan = account_of(cast.anan, bank)
    rows = [
        Posting(
            legs=Leg.pair(from_account=issuance_of(bank), to_account=anan, amount=1),
            kind="reward", reason=f"第{number}次", source=f"s:{number}", key=f"k:{number}",
        )
        for number in range(MOVEMENTS)
    ]  # fmt: skip
    for some in batched(rows, 1_000, strict=False):
        post_batch(bank.book, some, acting_user=cast.chen)
    aunt = make_account(neighbour.book, "桐乡阿姨")
    log = tmp_path / "worker.log"

    with message_lost():
        export = ask_for_export(
            bank.book, format="csv", narrowing=Narrowing(), acting_user=cast.fan
        )
        first = _sent(cast, anan, aunt, 60)
    with worker_at_the_queue(log) as worker:
        asked("make_export_later", export.pk)
        wait_for(lambda: BookExport.objects.get(pk=export.pk).state == "ready", worker, log)
        with held_up("SELECT 1 FROM ledger.account WHERE id = %s FOR UPDATE", aunt.pk):
            asked("settle_crossing_later", first.pk)
            wait_for(somebody_waits_for_a_lock, worker, log)
            worker.kill()
            worker.wait(60)

    export.refresh_from_db()
    lines = export.file.read().decode("utf-8-sig").splitlines()
    assert export.done == export.total == 2 * MOVEMENTS + 2  # what was sent is a movement too
    assert sum("第" in line for line in lines) == 2 * MOVEMENTS
    assert Message.objects.filter(to_user=cast.fan, kind="export_ready").count() == 1
    _nothing_half_done(first, bank, neighbour, aunt, sent=60, had=0)
    _swept(first, bank, neighbour, aunt, expected=60)
    export.file.delete(save=False)


@pytest.mark.long
def test_worker_killed_after_the_credit_and_before_its_commit(cast, tmp_path):
    bank, neighbour = make_bank(), make_neighbour()
    make_agreement(bank, neighbour)
    give_hours(cast.anan, 90, station=cast.stations["nanguanxiang"])
    anan, aunt = account_of(cast.anan, bank), make_account(neighbour.book, "桐乡阿姨")
    log = tmp_path / "worker.log"
    with message_lost():
        crossing = _sent(cast, anan, aunt, 60)

    with (
        worker_at_the_queue(log) as worker,
        held_up("LOCK TABLE accounts_change IN SHARE MODE"),  # the move's own row waits
    ):
        asked("settle_crossing_later", crossing.pk)
        wait_for(somebody_waits_for_a_lock, worker, log)
        worker.kill()
        worker.wait(60)

    _nothing_half_done(crossing, bank, neighbour, aunt, sent=60, had=0)
    _swept(crossing, bank, neighbour, aunt, expected=60)


def _sent(cast, anan, aunt, minutes) -> Crossing:
    return send_hours(
        anan, to_account=aunt, minutes=minutes, reason="给阿姨", request_key=uuid4(),
        acting_user=cast.anan,
    )  # fmt: skip


def _nothing_half_done(crossing, bank, neighbour, aunt, *, sent, had) -> None:
    """The dead worker's transaction is gone; the minutes are on their way, and nowhere else."""
    crossing.refresh_from_db()
    assert crossing.state == Crossing.State.SENT
    assert balance_of(aunt).posted == had
    assert (clearing_balance(bank), clearing_balance(neighbour)) == (sent, 0)
    assert differences_in(bank.book) == differences_in(neighbour.book) == []


def _swept(crossing, bank, neighbour, aunt, *, expected) -> None:
    assert settle_waiting() == 1
    assert settle_waiting() == 0
    crossing.refresh_from_db()
    assert crossing.state == Crossing.State.CREDITED
    assert balance_of(aunt).posted == expected
    assert Transfer.objects.filter(book_id=neighbour.book_id, kind="inward").count() == 1
    assert differences_in(bank.book) == differences_in(neighbour.book) == []
