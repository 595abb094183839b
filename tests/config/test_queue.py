"""The queue with a real worker: a message waits for it, through a crash of the broker."""

import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connections

from accounts.models import Delivery, Message, OutboxItem
from config import env
from config.celery import app as celery_app
from config.embedded.broker import Broker
from tests.config.processes import PROJECT, environment, own_room

QUEUE = "tests"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.filterwarnings("ignore:task_always_eager")
@pytest.mark.skipif(not env.uses_embedded_broker(), reason="the broker is not ours to kill")
def test_message_waits_for_its_worker_through_a_crash(cast):
    message = Message.objects.create(
        to_user=cast.anan, kind="news", title="明天有活动", body="下午两点", key="tests:queue"
    )
    delivery = Delivery.objects.create(message=message, channel=Delivery.Channel.MAIL)
    celery_app.send_task("accounts.tasks.deliver", [delivery.pk], queue=QUEUE)
    broker = Broker(env.data_folder())

    broker.kill()
    broker.start()
    with own_room() as room, (room / "log").open("w+") as log:
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--app", "config", "worker"),
                *("--queues", QUEUE, "--pool", "solo", "--without-mingle", "--without-gossip"),
            ],
            cwd=PROJECT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(
                room / "data",
                QICAI_MODE="demo",
                DATABASE_URL=env.url_of(connections["default"].settings_dict),
                DATABASE_OWNER_URL="none",
                BROKER_URL=settings.CELERY_BROKER_URL,
                CACHE_URL=settings.CACHES["default"]["LOCATION"],
            ),
        )
        try:
            give_up_at = time.monotonic() + 120
            while not OutboxItem.objects.exists():
                assert worker.poll() is None, (room / "log").read_text()
                assert time.monotonic() < give_up_at, (room / "log").read_text()
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait(60)

    delivery.refresh_from_db()
    assert delivery.sent_at is not None
    assert OutboxItem.objects.get().subject


def test_a_web_process_knows_every_task_by_its_name():
    """It queues by name, after a commit; who does not know the name, queues nothing."""
    program = (
        "import config.wsgi\n"
        "from celery import current_app\n"
        "from django.conf import settings\n"
        "named = {entry['task'] for entry in settings.CELERY_BEAT_SCHEDULE.values()}\n"
        "named |= {'timebank.tasks.settle_crossing_later', 'timebank.tasks.make_export_later'}\n"
        "print(sorted(named - set(current_app.tasks)))\n"
    )
    with own_room() as room:
        told = subprocess.run(
            [sys.executable, "-c", program],
            cwd=PROJECT,
            env=environment(room / "data", QICAI_MODE="demo"),
            capture_output=True,
            text=True,
            check=True,
        )

    assert told.stdout.strip() == "[]"
