"""Two connections at the closing instant, at the one place of an organisation, at one draft."""

import threading
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from accounts.errors import Overtaken, Refusal
from config.demo.cast import Cast, bring_in_cast
from tests.at_once import at_once
from tests.cast import make_places
from tests.factories.ventures import make_proposal, make_round
from ventures.errors.proposals import AlreadyFiled, DraftOvertaken
from ventures.errors.rounds import RoundClosed
from ventures.models import Proposal, ProposalVersion, Round
from ventures.services.drafts import DraftText, begin_proposal, save_draft
from ventures.services.proposals import submit_proposal
from ventures.services.screening import accept_proposal

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def story(transactional_db: None) -> tuple[Cast, Round]:
    make_places()
    cast = bring_in_cast()
    return cast, make_round(created_by=cast.fan)


def test_submission_that_waits_past_the_close_is_refused(story: tuple[Cast, Round]):
    """It began in time and waited for the row; the clock after the lock decides."""
    cast, round = story
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en)
    has_lock, may_go = threading.Event(), threading.Event()
    refusals: list[Refusal] = []

    def hold_the_round() -> None:
        with transaction.atomic():
            locked = Round.objects.select_for_update().get(pk=round.pk)
            has_lock.set()
            may_go.wait(10)
            locked.closes_at = timezone.now()
            locked.save(update_fields=["closes_at"])
        connections.close_all()

    def submit() -> None:
        try:
            submit_proposal(proposal, acting_user=cast.en)
        except Refusal as refusal:
            refusals.append(refusal)
        connections.close_all()

    holder, submitter = threading.Thread(target=hold_the_round), threading.Thread(target=submit)
    holder.start()
    has_lock.wait(10)
    submitter.start()
    wait_until_somebody_waits_for_a_lock()
    may_go.set()
    holder.join(10)
    submitter.join(10)

    assert [type(refusal) for refusal in refusals] == [RoundClosed]
    assert not ProposalVersion.objects.exists()
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DRAFT


def wait_until_somebody_waits_for_a_lock() -> None:
    pause = threading.Event()
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0]:
                return
        pause.wait(0.05)
    raise AssertionError("nobody waited")


def test_the_closing_instant_itself_is_too_late(story: tuple[Cast, Round]):
    cast, round = story
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ventures_round SET closes_at = clock_timestamp() WHERE id = %s", [round.pk]
        )

    with pytest.raises(RoundClosed):
        submit_proposal(proposal, acting_user=cast.en)


def test_submitted_twice_at_once_is_submitted_once(story: tuple[Cast, Round]):
    cast, round = story
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en)

    results = at_once(
        lambda: submit_proposal(proposal, acting_user=cast.en),
        lambda: submit_proposal(proposal, acting_user=cast.enxiao),
    )

    assert sorted(type(result).__name__ for result in results) == ["OutOfTurn", "ProposalVersion"]
    assert ProposalVersion.objects.count() == 1


def test_two_members_begin_one_proposal(story: tuple[Cast, Round]):
    cast, round = story
    enze = cast.organisations["enze"]

    results = at_once(
        lambda: begin_proposal(round, enze, acting_user=cast.en),
        lambda: begin_proposal(round, enze, acting_user=cast.enxiao),
    )

    assert sum(isinstance(result, Proposal) for result in results) == 1
    assert sum(isinstance(result, AlreadyFiled) for result in results) == 1
    assert Proposal.objects.count() == 1


def test_two_devices_save_at_once_and_one_is_told(story: tuple[Cast, Round]):
    cast, round = story
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en)

    results = at_once(
        lambda: save_draft(
            proposal, DraftText(values={"title": "手机"}), revision=0, acting_user=cast.en
        ),
        lambda: save_draft(
            proposal, DraftText(values={"title": "电脑"}), revision=0, acting_user=cast.enxiao
        ),
    )

    assert sum(isinstance(result, DraftOvertaken) for result in results) == 1
    kept = next(result for result in results if isinstance(result, Proposal))
    proposal.refresh_from_db()
    assert (proposal.title, proposal.revision) == (kept.title, 1)


def test_numbers_are_given_once(story: tuple[Cast, Round]):
    cast, round = story

    results = at_once(
        lambda: begin_proposal(round, cast.organisations["enze"], acting_user=cast.en),
        lambda: begin_proposal(round, cast.organisations["banrixian"], acting_user=cast.pan),
    )

    assert sorted(one.code[-4:] for one in results) == ["0001", "0002"]
    assert Overtaken not in map(type, results)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_not_even_the_owner_rewrites_a_version(story: tuple[Cast, Round], statement: str):
    cast, round = story
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en)
    submit_proposal(proposal, acting_user=cast.en)
    accept_proposal(proposal, acting_user=cast.fan)
    cursor = connections["owner"].cursor()

    for table in ("ventures_proposalversion", "ventures_screening"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic("owner"):
            cursor.execute(statement.format(table))


def test_two_clicks_of_one_key_file_one_version(story: tuple[Cast, Round]):
    """A double click, or the browser's repeated POST: both are answered with the same receipt."""
    cast, round = story
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en)
    key = uuid4()

    answers = at_once(
        *[lambda: submit_proposal(proposal, acting_user=cast.en, key=key) for _ in "12"]
    )

    assert [type(answer) for answer in answers] == [ProposalVersion, ProposalVersion]
    assert answers[0] == answers[1] == ProposalVersion.objects.get()
