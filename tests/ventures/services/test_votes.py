"""One person, one vote, and nothing that leads from a voter to a ballot: on real transactions."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from accounts.errors import TooManyTries
from accounts.requests import address_of
from config.demo.cast import Cast
from tests.at_once import at_once, said
from tests.factories.ventures_awards import (
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.factories.ventures_defences import (
    make_drawn,
    make_terms,
    make_vote,
    score_in_hall,
    verify,
)
from tests.plugins.relay import laid_again
from ventures.errors.defences import SlotNotOpen
from ventures.errors.votes import (
    BallotsDoNotFit,
    NotOnTheList,
    TooManyChoices,
    VotedAlready,
    VoteNeedsName,
    VoteNotBegun,
    VoteOver,
    VoteRunning,
    VoteStillOpen,
)
from ventures.models import Ballot, DefenceSheet, DefenceSlot, PublicVote, Round, Voter
from ventures.selectors.votes import results_of, vote_of
from ventures.services.defence_scores import hand_in_points, reveal_slot
from ventures.services.votes import MOST_TRIES, cast_vote, count_vote, set_vote

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
VOTERS = ("anan", "zhu", "baijia", "fang", "en", "pan")


def rows(statement: str, *values: object) -> list[tuple]:
    """Asked as the owner, who sees what the web role may not."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@pytest.fixture
@laid_again
def round(cast: Cast) -> Round:
    bodies = [make_body("示范采茶队"), make_body("示范护河队"), make_body("示范皮影队")]
    round = make_round_in_review(cast.fan, bodies)
    make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    make_terms(
        round, paper_percent=70, defence_percent=0, vote_percent=30, defence_rubric=None,
        vote_rule="share", choices=2,
    )  # fmt: skip
    for key in VOTERS:
        verify(getattr(cast, key), cast.chen)
    return round


def test_ballots_lead_to_nobody_and_are_counted_after_the_close(cast: Cast, round: Round):
    first, second, third = proposals_of(round)
    vote = make_vote(round, set_by=cast.fan)
    people = [getattr(cast, key) for key in VOTERS]
    wishes = [[first], [first, second], [second], [first], [third, first], [first]]

    def vote_for(user, chosen) -> None:
        cast_vote(vote, chosen, address="::1", acting_user=user)

    with pytest.raises(VoteNeedsName):
        vote_for(cast.ding, [first])
    with pytest.raises(TooManyChoices):
        vote_for(cast.anan, [first, second, third])
    other = make_round_in_review(cast.fan, [make_body("别处的队")], name="别处的一届")
    with pytest.raises(NotOnTheList):
        vote_for(cast.anan, proposals_of(other))
    for user, chosen in zip(people, wishes, strict=True):
        vote_for(user, chosen)
    with pytest.raises(VotedAlready):
        vote_for(cast.anan, [second])

    columns = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
    assert set(rows(columns, "ventures_voter")) == {
        ("id", "uuid"), ("vote_id", "bigint"), ("user_id", "bigint"),
    }  # fmt: skip
    assert set(rows(columns, "ventures_ballot")) == {
        ("id", "uuid"), ("vote_id", "bigint"), ("proposal_id", "bigint"),
    }  # fmt: skip
    # The database knows which act wrote a row, and in which order rows lie. Every ballot was
    # mixed with the last one, so that all of them bear the same act.
    acts_of_voters = [xmin for (xmin,) in rows("SELECT xmin::text FROM ventures_voter")]
    acts_of_ballots = {xmin for (xmin,) in rows("SELECT xmin::text FROM ventures_ballot")}
    assert len(set(acts_of_voters)) == 6
    assert len(acts_of_ballots) == 1
    marks = "SELECT xmax::text FROM ventures_proposal WHERE round_id = %s"
    assert not {xmax for (xmax,) in rows(marks, round.pk)} & set(acts_of_voters)
    # Nobody counts while it is open: not the office, not the web role by itself.
    for ask in (Ballot.objects.count, Ballot.objects.all().delete):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ask()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic("owner"):
        Voter.objects.using("owner").update(user=cast.fan)
    with pytest.raises(VoteStillOpen):
        count_vote(vote, acting_user=cast.fan)
    with (
        pytest.raises(DatabaseError, match="still open"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM ventures_count_ballots(%s)", [vote.pk])
    assert results_of(vote_of(round)) == []

    PublicVote.objects.update(closes_at=timezone.now())
    with pytest.raises(VoteOver):
        vote_for(verify(cast.ding, cast.chen), [first])
    vote = count_vote(vote, acting_user=cast.fan)

    assert (vote.turnout, vote.counts) == (6, {first.code: 5, second.code: 2, third.code: 1})
    assert count_vote(vote, acting_user=cast.fan).counted_at == vote.counted_at
    results = results_of(vote_of(round))
    assert [(one.proposal, one.votes, one.percent, one.place) for one in results] == [
        (first, 5, "83.3", 1), (second, 2, "33.3", 2), (third, 1, "16.7", 3),
    ]  # fmt: skip
    acts_of_ballots = {xmin for (xmin,) in rows("SELECT xmin::text FROM ventures_ballot")}
    assert len(acts_of_ballots) == 1
    assert not acts_of_ballots & set(acts_of_voters)


def test_votes_have_their_days_and_a_pace(cast: Cast, round: Round):
    first = proposals_of(round)[0]
    soon = timezone.now() + timedelta(hours=1)
    later = soon + timedelta(days=1)
    vote = set_vote(round, opens_at=soon, closes_at=later, words="", acting_user=cast.fan)
    with pytest.raises(VoteNotBegun):
        cast_vote(vote, [first], address="::1", acting_user=cast.anan)
    PublicVote.objects.update(opens_at=timezone.now())
    with pytest.raises(VoteRunning):
        set_vote(round, opens_at=soon, closes_at=later, words="", acting_user=cast.fan)
    for _again in range(MOST_TRIES):
        with pytest.raises(VoteNeedsName):
            cast_vote(vote, [first], address="::1", acting_user=cast.ding)
    with pytest.raises(TooManyTries):
        cast_vote(vote, [first], address="::1", acting_user=cast.ding)
    with connections["owner"].cursor() as cursor:  # a box somebody stuffed
        cursor.execute(
            "INSERT INTO ventures_ballot VALUES (gen_random_uuid(), %s, %s)", [vote.pk, first.pk]
        )
    PublicVote.objects.update(closes_at=timezone.now())
    with pytest.raises(BallotsDoNotFit):
        count_vote(vote, acting_user=cast.fan)
    assert PublicVote.objects.get().state == PublicVote.State.SET


@pytest.mark.parametrize(("proxies", "told"), [(1, "192.0.2.7"), (0, "10.0.0.1")])
def test_who_votes_is_counted_by_her_own_address_not_the_proxys(rf, settings, proxies, told):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    asked = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.9, 192.0.2.7")

    assert address_of(asked) == told


def test_two_votes_of_one_person_at_once_are_one(cast: Cast, round: Round):
    first, second, _third = proposals_of(round)
    vote = make_vote(round, set_by=cast.fan)

    answers = at_once(
        lambda: cast_vote(vote, [first], address="::1", acting_user=cast.anan),
        lambda: cast_vote(vote, [second], address="::1", acting_user=cast.anan),
    )

    assert said(answers) == ["done", "voted_already"]
    assert rows("SELECT count(*) FROM ventures_ballot") == [(1,)]
    assert Voter.objects.count() == 1


def test_points_that_come_with_the_reveal_count_or_are_refused(cast: Cast, round: Round):
    round.composite_terms.delete()
    make_terms(round, least_judges=1)
    session = make_drawn(round, acting_user=cast.fan)
    slot = session.slots.order_by("position")[0]
    score_in_hall(slot, {cast.ding: (100, 60)}, cast.fan)

    late, shown = at_once(
        lambda: hand_in_points(slot, (120, 80), acting_user=cast.shen),
        lambda: reveal_slot(slot, reason="不等了", acting_user=cast.fan),
    )

    assert isinstance(shown, DefenceSlot)
    sheets = DefenceSheet.objects.revealed().filter(slot=slot).count()
    assert sheets == (1 if isinstance(late, SlotNotOpen) else 2)
    with pytest.raises(SlotNotOpen):
        hand_in_points(slot, (1, 1), acting_user=cast.ding)
