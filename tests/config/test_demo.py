"""`manage.py demo`: starts, stops, comes back after a crash, and says no in one sentence."""

import http.client
import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.folder import DataFolder
from config.embedded.postgres import OWNER, Cluster
from config.embedded.servers import running
from tests.config.processes import (
    demo_running,
    free_port,
    kill_everything,
    manage,
    own_room,
    processes_of,
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder in which a small demo was prepared once; the gallery loads it whole."""
    with own_room() as room:
        first = manage("demo", "--prepare-only", "--volunteers", "300", folder=room / "data")
        assert first.returncode == 0, first.stderr
        yield room / "data"


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table of the demo's database holds."""
    data = DataFolder(folder)
    with running(data, broker=False), Cluster(data).connect(OWNER, "qicai") as owner:
        tables = owner.execute(
            "SELECT schemaname, relname FROM pg_stat_user_tables ORDER BY 1, 2"
        ).fetchall()
        return {
            table: owner.execute(f'SELECT count(*) FROM "{schema}"."{table}"').fetchone()[0]
            for schema, table in tables
        }


# What a round says of its days, oldest first; a day that is not there is passed over.
DAYS = """
SELECT round.code, days FROM ventures_round round
LEFT JOIN ventures_proposal proposal ON proposal.round_id = round.id
LEFT JOIN ventures_review sheet ON sheet.assignment_id IN
    (SELECT id FROM ventures_assignment WHERE proposal_id = proposal.id)
LEFT JOIN ventures_decision decision ON decision.proposal_id = proposal.id
LEFT JOIN ventures_resolution meeting ON meeting.id = decision.resolution_id
LEFT JOIN ventures_publicnotice notice ON notice.round_id = round.id
LEFT JOIN ventures_announcement announcement ON announcement.notice_id = notice.id
CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
    round.proposed_at::date, round.published_at::date, round.opens_at::date,
    proposal.submitted_at::date, coalesce(round.full_closes_at, round.closes_at)::date,
    sheet.submitted_at::date, meeting.held_on, notice.published_at::date, notice.starts_on,
    coalesce(notice.withdrawn_at::date, notice.last_day), announcement.published_at::date
], NULL) AS days) said
WHERE days <> (SELECT array_agg(day ORDER BY day) FROM unnest(days) day)
OR round.published_at > round.opens_at OR round.full_closes_at < round.closes_at
"""
# Projects and fen of the awards whose result is final, of places that are real.
ANNOUNCED = """
SELECT count(*), sum(award.amount_fen)::bigint FROM ventures_award award
JOIN ventures_decision decision ON decision.id = award.decision_id
JOIN ventures_proposal proposal ON proposal.id = award.proposal_id
JOIN ventures_round round ON round.id = proposal.round_id
JOIN accounts_region region ON region.id = round.region_id
WHERE decision.state = 'final' AND NOT region.is_fictional
"""


def told(folder: Path, *questions: str) -> list[list[tuple]]:
    """What the demo's database answers."""
    data = DataFolder(folder)
    with running(data, broker=False), Cluster(data).connect(OWNER, "qicai") as owner:
        owner.execute("SET TIME ZONE 'Asia/Shanghai'")
        return [owner.execute(question).fetchall() for question in questions]


def ready(port: int) -> dict:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", "/readyz")
    return json.loads(line.getresponse().read())


def is_one_refusal(result) -> bool:
    """One sentence in each language, no traceback, exit code 1."""
    return result.returncode == 1 and "Traceback" not in result.stderr and bool(result.stderr)


def test_second_preparation_loads_nothing_twice(folder):
    before = rows(folder)

    second = manage("demo", "--prepare-only", folder=folder)

    assert second.returncode == 0, second.stderr
    assert rows(folder) == before
    assert before["accounts_user"] > 12
    announced, out_of_order = told(folder, ANNOUNCED, DAYS)
    assert announced == [(308, 257_360_000)]  # what the city published, to the project
    assert out_of_order == []
    assert processes_of(folder) == []


def test_demo_recovers_from_kill_and_stops_everything(folder):
    """A life: served, killed with its children left behind, killed whole, stopped in order."""
    port = free_port()

    with demo_running(folder, port) as first:
        assert ready(port)["ok"]
        other = manage("demo", "--port", str(free_port()), folder=folder)
        assert is_one_refusal(other)
        assert str(first.pid) in other.stderr
        first.kill()
        first.wait()
        assert processes_of(folder)  # orphans: web, worker, beat, broker, database

        with demo_running(folder, port) as second:
            assert ready(port)["ok"]
            assert second.poll() is None
            kill_everything(folder)

            with demo_running(folder, port) as third:
                assert ready(port)["ok"]

                third.send_signal(signal.SIGTERM)
                assert third.wait(90) == 0

                assert processes_of(folder) == []


def test_command_beside_nothing_starts_and_stops_the_servers(folder):
    result = manage("shell", "-v", "0", "-c", "print(6 * 7)", folder=folder)

    assert result.stdout.strip() == "42"
    assert processes_of(folder) == []


def test_demo_keeps_its_compiled_code_where_none_may_lie_beside_the_sources(tmp_path):
    folder = tmp_path / "data"

    said = manage(
        "demo", "--help", folder=folder, PYTHONDONTWRITEBYTECODE="1", PYTHONPYCACHEPREFIX=""
    )

    assert said.returncode == 0, said.stderr
    assert list((folder / "compiled").rglob("settings.*.pyc"))


def test_busy_port_is_one_sentence(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        result = manage("demo", "--port", str(port), folder=folder)

    assert is_one_refusal(result)
    assert str(port) in result.stderr


def test_unwritable_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    result = manage("demo", "--prepare-only", folder=tmp_path / "file" / "data")

    assert is_one_refusal(result)
    assert "QICAI_DATA" in result.stderr


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root@localhost/qicai",
        "postgresql://nobody:wrong@127.0.0.1:1/qicai",
        "postgresql://nobody@host:port/qicai",
        "qicai",
    ],
)
def test_broken_database_url_is_one_sentence(tmp_path, url):
    result = manage("demo", "--prepare-only", folder=tmp_path / "data", DATABASE_URL=url)

    assert is_one_refusal(result)
    assert "DATABASE_URL" in result.stderr


def test_demo_is_refused_in_production(tmp_path):
    result = manage(
        "demo",
        folder=tmp_path / "data",
        QICAI_MODE="production",
        SECRET_KEY="x" * 60,
        DATABASE_URL="postgresql://owner:pw@127.0.0.1:1/qicai",
        BROKER_URL="redis://127.0.0.1:1/0",
        PUBLIC_ADDRESS="https://qicai.example.cn",
        EMAIL_URL="smtp://127.0.0.1:25",
        SMS_ADAPTER="accounts.outbox.OutboxSmsAdapter",
    )

    assert is_one_refusal(result)
    assert "production" in result.stderr


def test_fresh_never_empties_a_database_of_ones_own(tmp_path):
    result = manage(
        "demo",
        "--fresh",
        "--prepare-only",
        folder=tmp_path / "data",
        DATABASE_URL="postgresql://owner:pw@127.0.0.1:1/qicai",
    )

    assert is_one_refusal(result)
    assert "--fresh" in result.stderr
