"""The office's list of a large round: as many questions for three thousand as for three, and how
long the database takes. The figures of 3,000 proposals with 10 files each need `-m long`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Attachment, Organisation
from config.demo.cast import Cast, bring_in_cast
from tests.cast import make_places
from tests.factories.ventures import make_proposal, make_round
from ventures.models import Proposal, ProposalFile, ProposalVersion, Round

MOST_MILLISECONDS = 200
# What the office asks for, and how many questions the database is asked for it.
PATHS = {
    "desk/": 15,
    "desk/?state=submitted&kind=service": 15,
    "desk/?q=%E7%83%AD%E8%8C%B6": 15,
    "desk/?look=unsigned": 15,
    "desk/?page=60": 15,
    "proposals.csv": 7,
}
# The places of 500 rows at a time: one question more for every 500.
FOR_THREE_THOUSAND = PATHS | {"proposals.csv": 12}


def fill(round: Round, cast: Cast, count: int, files: int) -> None:
    """So many submitted proposals with so many files each, by rows alone."""
    first = make_proposal(round, cast.organisations["enze"], created_by=cast.en)
    Proposal.objects.filter(pk=first.pk).update(state="submitted", submitted_at=timezone.now())
    first.refresh_from_db()
    bodies = Organisation.objects.bulk_create(
        Organisation(
            name=f"第 {n} 组（演示）",
            kind=Organisation.Kind.FILED,
            host=cast.organisations["shelifang"],
            region=first.applicant.region,
        )
        for n in range(count - 1)
    )
    rows = [f for f in Proposal._meta.concrete_fields if f.name not in ("id", "code", "applicant")]
    same = {field.name: getattr(first, field.name) for field in rows}
    proposals = Proposal.objects.bulk_create(
        Proposal(**same, code=f"{round.number_prefix}-B{n:05d}", applicant=body)
        for n, body in enumerate(bodies)
    )
    proposals.append(first)
    place = first.communities.get()
    Proposal.communities.through.objects.bulk_create(
        Proposal.communities.through(proposal_id=one.pk, region_id=place.pk)
        for one in proposals[:-1]
    )
    ProposalVersion.objects.bulk_create(
        ProposalVersion(
            proposal=one,
            number=1,
            snapshot={"title": one.title},
            sha256="0" * 64,
            submitted_by=cast.en,
            submitted_at=timezone.now(),
        )
        for one in proposals
    )
    attachments = Attachment.objects.bulk_create(
        Attachment(
            kind="pdf",
            name="a.pdf",
            suffix=".pdf",
            sha256="0" * 64,
            size_bytes=9,
            uploaded_by=cast.en,
        )
        for _n in range(count * files)
    )
    ProposalFile.objects.bulk_create(
        ProposalFile(
            proposal=proposals[n // files],
            attachment=attachment,
            kind="signature" if n % files == 0 and n % 3 else "other",
            added_by=cast.en,
        )
        for n, attachment in enumerate(attachments)
    )


@contextmanager
def counted() -> Iterator[dict[str, Any]]:
    """Questions asked, and the milliseconds the database took for them."""
    figures: dict[str, Any] = {}
    spent: list[float] = []

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append(time.perf_counter() - start)

    with CaptureQueriesContext(connection) as asked, connection.execute_wrapper(timed):
        yield figures
    figures |= {"queries": len(asked), "ms": round(sum(spent) * 1000, 1)}


def ask(client: Client, url: str) -> dict[str, Any]:
    """The quickest of three, as the machine may be busy with something else."""
    client.get(url)
    return min((_asked(client, url) for _time in range(3)), key=lambda found: found["ms"])


def _asked(client: Client, url: str) -> dict[str, Any]:
    with counted() as figures:
        answer = client.get(url)
        if answer.streaming:
            figures["bytes"] = sum(len(piece) for piece in answer.streaming_content)
    assert answer.status_code == 200
    return figures


def client_of(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.fan)
    return client


@pytest.mark.django_db(databases=["default", "owner"])
def test_desk_asks_as_much_for_nine_as_for_three(cast: Cast):
    client = client_of(cast)
    small, large = make_round(created_by=cast.fan), make_round(created_by=cast.fan)
    fill(small, cast, 3, 1)
    fill(large, cast, 9, 3)
    client.get(f"/rounds/{small.code}/desk/")  # what a first look leaves behind

    for path, count in PATHS.items():
        asked = [_asked(client, f"/rounds/{one.code}/{path}")["queries"] for one in (small, large)]

        assert asked == [count, count], path


@pytest.mark.long
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_three_thousand_with_ten_files_each(
    transactional_db: None, capsys: pytest.CaptureFixture[str]
):
    make_places()
    cast = bring_in_cast()
    round = make_round(created_by=cast.fan)
    fill(round, cast, 3_000, 10)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    client = client_of(cast)

    figures = {path: ask(client, f"/rounds/{round.code}/{path}") for path in PATHS}

    with capsys.disabled():
        for path, found in figures.items():
            print(f"{path}: {found}")
    assert {path: found["queries"] for path, found in figures.items()} == FOR_THREE_THOUSAND
    assert all(found["ms"] < MOST_MILLISECONDS for found in figures.values()), figures
