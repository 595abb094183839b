"""The embedded servers: adopted, replaced, shared, and closed to strangers."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded.broker import Broker
from config.embedded.folder import LONGEST_SOCKET_PATH, DataFolder
from config.embedded.locks import FileLock
from config.embedded.postgres import OWNER, SUPERUSER, Cluster
from config.embedded.servers import running
from tests.config.processes import PROJECT, own_room


@pytest.fixture
def data() -> Iterator[DataFolder]:
    with own_room() as room:
        yield DataFolder(room / "data")


def test_what_was_committed_survives_kill(data):
    cluster = Cluster(data)
    cluster.start()
    with cluster.connect(OWNER, "qicai") as owner:
        owner.execute("CREATE TABLE kept (word text)")
        owner.execute("INSERT INTO kept VALUES ('海宁')")

    for _time in range(3):
        cluster.kill()
        cluster.start()

    with cluster.connect(OWNER, "qicai") as owner:
        assert owner.execute("SELECT word FROM kept").fetchall() == [("海宁",)]


def test_stale_process_number_of_a_stranger_is_not_believed(data):
    cluster = Cluster(data)
    cluster.start()
    cluster.kill()
    stale = data.postgres / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join(["1", *lines[1:]]) + "\n")

    cluster.start()

    assert cluster.is_answering()


def test_half_made_cluster_is_made_again(data):
    data.make()
    half = data.path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    Cluster(data).start()

    assert Cluster(data).is_answering()
    assert not half.exists()


def test_long_path_moves_the_sockets():
    with own_room() as room:
        data = DataFolder(room.joinpath(*["深" * 20] * 3))

        with running(data):
            assert len(str(data.sockets)) < LONGEST_SOCKET_PATH - 20
            assert Cluster(data).is_answering()
            assert Broker(data).is_answering()
        data.sockets.rmdir()


def test_strangers_are_not_let_in(data):
    cluster = Cluster(data)
    cluster.start()
    right = data.password(SUPERUSER)
    url = cluster.url(SUPERUSER, "postgres")

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(right, "wrong"))

    for file in (data.path / "passwords").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    with cluster.connect() as server:
        assert server.execute("SHOW listen_addresses").fetchone() == ("",)


def test_owner_is_no_superuser_and_search_knows_chinese(data):
    cluster = Cluster(data)
    cluster.start()

    with cluster.connect(OWNER, "qicai") as owner:
        owner.execute("CREATE EXTENSION pg_trgm")

        assert owner.execute("SHOW is_superuser").fetchone() == ("off",)
        assert owner.execute("SELECT cardinality(show_trgm('海宁'))").fetchone()[0] > 0


USER = """
import sys
from pathlib import Path
from config.embedded.folder import DataFolder
from config.embedded.servers import running
with running(DataFolder(Path(sys.argv[1]))):
    print("in", flush=True)
    sys.stdin.readline()
"""


def another_user(data: DataFolder) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data.path)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "in\n"
    return process


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)


def test_last_one_out_stops_the_servers(data):
    first = another_user(data)
    second = another_user(data)

    leave(first)
    still_there = Cluster(data).is_answering() and Broker(data).is_answering()
    leave(second)

    assert still_there
    assert not Cluster(data).is_answering()
    assert not Broker(data).is_answering()


def test_servers_of_a_killed_user_are_adopted(data):
    first = another_user(data)
    with Cluster(data).connect() as server:
        started = server.execute("SELECT pg_postmaster_start_time()").fetchone()
    first.kill()
    first.communicate()

    second = another_user(data)
    with Cluster(data).connect() as server:
        adopted = server.execute("SELECT pg_postmaster_start_time()").fetchone()
    leave(second)

    assert adopted == started
    assert not Cluster(data).is_answering()


def test_broker_keeps_messages_through_kill(data):
    broker = Broker(data)
    broker.start()
    redis = pytest.importorskip("redis")
    line = redis.Redis(unix_socket_path=str(broker.socket))
    line.lpush("queue", "task")
    line.config_set("appendfsync", "always")
    line.lpush("queue", "another")

    broker.kill()
    broker.start()

    assert line.llen("queue") == 2


def test_lock_dies_with_its_holder(tmp_path):
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib; from config.embedded.locks import FileLock;"
            "lock = FileLock(pathlib.Path(sys.argv[1])); lock.take(); lock.sign();"
            "print('taken', flush=True); sys.stdin.readline()",
            str(path),
        ],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "taken\n"
    mine = FileLock(path)
    assert not mine.take()
    assert mine.holder()["pid"] == holder.pid

    holder.kill()
    holder.communicate()

    assert mine.take(wait_seconds=5)
    mine.release()


def test_project_folder_holds_no_secret():
    assert ".data/" in Path(PROJECT / ".gitignore").read_text().splitlines()
