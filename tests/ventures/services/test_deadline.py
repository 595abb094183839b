"""At the closing instant, by the database's clock: what was answered before it is in, what began
after it is refused, and in between answer, stored instant and state agree.

And an extension that two tabs use at once is used once.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connections

from accounts.clock import database_now
from accounts.errors import Refusal
from accounts.models import Organisation, Region, Role
from config.demo.cast import Cast, bring_in_cast
from tests.at_once import at_once
from tests.cast import make_places
from tests.factories.ventures import CITY, make_proposal, make_round
from ventures.errors.rounds import RoundClosed
from ventures.errors.timetable import ExtensionUsed
from ventures.models import Extension, Proposal, ProposalVersion, Round
from ventures.services.drafts import begin_proposal
from ventures.services.extensions import give_extension
from ventures.services.proposals import submit_proposal

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@dataclass(frozen=True)
class Answer:
    """One submission as its connection saw it: begun and answered by the database's clock."""

    proposal: int
    began_at: datetime
    answered_at: datetime
    version: ProposalVersion | None
    refusal: Refusal | None


@pytest.fixture
def story(transactional_db: None) -> tuple[Cast, Round]:
    make_places()
    cast = bring_in_cast()
    return cast, make_round(created_by=cast.fan, cap_fen=5_000_000)


@pytest.mark.parametrize("close", ["closes_at", "full_closes_at"])
@pytest.mark.parametrize(
    ("submissions", "connections_at_once", "reach"),
    [
        (32, 4, 1.0),
        pytest.param(200, 8, 1.0, marks=pytest.mark.long),
    ],
)
def test_the_close_holds_to_the_instant(
    story: tuple[Cast, Round], submissions: int, connections_at_once: int, reach: float, close: str
):
    """The only close, and the second of a round in two steps."""
    cast, round = story
    first, *proposals = many_drafts(round, cast, submissions + 1)
    waiting = "draft"
    if close == "full_closes_at":
        waiting = "invited"
        select_all(round)
    submit_proposal(first, acting_user=cast.en)  # the first pays for everything read only once

    closes_at, answers = submit_around(round, close, proposals, cast, reach, connections_at_once)

    assert len(answers) == submissions
    early = [one for one in answers if one.answered_at < closes_at]
    late = [one for one in answers if one.began_at >= closes_at]
    assert min(len(early), len(late)) > 0, "the submissions lie on both sides"
    assert all(one.version is not None for one in early)
    assert all(isinstance(one.refusal, RoundClosed) for one in late)
    stored = dict(ProposalVersion.objects.values_list("proposal", "submitted_at"))
    states = dict(Proposal.objects.values_list("pk", "state"))
    for one in answers:
        if one.version is None:
            assert isinstance(one.refusal, RoundClosed)
            assert one.proposal not in stored
            assert states[one.proposal] == waiting
        else:
            assert stored[one.proposal] == one.version.submitted_at
            assert one.began_at <= stored[one.proposal] < closes_at
            assert states[one.proposal] == "submitted"


def select_all(round: Round) -> None:
    """As after the telling: every concept was selected, full proposals come in."""
    now = database_now()
    Round.objects.filter(pk=round.pk).update(
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=2),
        full_closes_at=now + timedelta(days=2),
        state=Round.State.FULL,
    )
    round.proposals.update(
        state=Proposal.State.INVITED,
        submitted_at=now - timedelta(days=3),
        invited_at=now - timedelta(days=1),
    )


def submit_around(
    round: Round, close: str, proposals: list[Proposal], cast: Cast, reach: float, at_once: int
) -> tuple[datetime, list[Answer]]:
    """Each at its own moment, evenly from `reach` seconds before the close to as many after; the
    close is set when every connection stands."""
    step = 2 * reach / len(proposals)
    closing: list[datetime] = []

    def set_the_close() -> None:
        closing.append(database_now() + timedelta(seconds=reach + 0.2))
        Round.objects.filter(pk=round.pk).update(**{close: closing[0]})

    everybody = threading.Barrier(at_once, action=set_the_close)

    def run(lane: int) -> list[Answer]:
        try:
            found = []
            database_now()
            everybody.wait(30)
            offset = time.monotonic() - database_now().timestamp()
            first = closing[0].timestamp() - reach + offset
            for place in range(lane, len(proposals), at_once):
                time.sleep(max(0.0, first + place * step - time.monotonic()))
                found.append(submit_once(proposals[place], cast))
            return found
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as lanes:
        answers = [answer for lane in lanes.map(run, range(at_once)) for answer in lane]
    return closing[0], answers


def submit_once(proposal: Proposal, cast: Cast) -> Answer:
    began_at = database_now()
    version, refusal = None, None
    try:
        version = submit_proposal(proposal, acting_user=cast.en)
    except Refusal as no:
        refusal = no
    return Answer(proposal.pk, began_at, database_now(), version, refusal)


def many_drafts(round: Round, cast: Cast, number: int) -> list[Proposal]:
    """One draft each of as many groups; 恩老师 belongs to all of them."""
    region = Region.objects.get(code=CITY)
    enze = cast.organisations["enze"]
    bodies = Organisation.objects.bulk_create(
        Organisation(
            name=f"示范邻里队{place}", kind="filed", host=enze, region=region, state="submitted"
        )
        for place in range(number)
    )
    Role.objects.bulk_create(
        Role(user=cast.en, kind=Role.Kind.MEMBER, organisation=body) for body in bodies
    )
    return [make_proposal(round, body, created_by=cast.en) for body in bodies]


def test_two_tabs_use_an_extension_once(story: tuple[Cast, Round]):
    cast, round = story
    now = database_now()
    Round.objects.filter(pk=round.pk).update(closes_at=now - timedelta(seconds=1))
    give_extension(
        round,
        cast.organisations["enze"],
        until=now + timedelta(hours=1),
        reason="停电",
        acting_user=cast.fan,
    )
    late = make_proposal(round, cast.organisations["enze"], created_by=cast.en)

    results = at_once(
        lambda: submit_proposal(late, acting_user=cast.en),
        lambda: submit_proposal(late, acting_user=cast.enxiao),
    )

    assert sorted(type(one).__name__ for one in results) == ["ExtensionUsed", "ProposalVersion"]
    told = next(one for one in results if isinstance(one, ExtensionUsed))
    version = ProposalVersion.objects.get()
    assert told.facts["who"] == version.submitted_by.display_name
    assert Extension.objects.get().used_at == version.submitted_at


def test_two_tabs_begin_one_proposal_after_the_close(story: tuple[Cast, Round]):
    cast, round = story
    now = database_now()
    Round.objects.filter(pk=round.pk).update(closes_at=now - timedelta(seconds=1))
    enze = cast.organisations["enze"]
    give_extension(round, enze, until=now + timedelta(hours=1), reason="停电", acting_user=cast.fan)

    at_once(
        lambda: begin_proposal(round, enze, acting_user=cast.en),
        lambda: begin_proposal(round, enze, acting_user=cast.enxiao),
    )

    assert Proposal.objects.count() == 1
