"""The list before the meeting, the meeting's word, the fund that is never exceeded."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Change
from tests.at_once import said_at_once
from tests.factories.ventures_awards import (
    choices_for,
    hand_in,
    make_body,
    make_decided_round,
    make_meeting,
    make_panel,
    make_round_in_review,
    make_scored_round,
    proposals_of,
)
from tests.plugins.relay import laid_again
from timebank.doors import FundExceeded, commit_fund, fund_position
from ventures.errors.decisions import (
    AmountOutOfRange,
    AwardsAboveFund,
    DecisionsMissing,
    DecisionUnexplained,
    DeviationUnexplained,
    MeetingInFuture,
    WrongMeeting,
)
from ventures.errors.reviews import PanelStillOpen
from ventures.models import Award, Decision, Resolution, Round
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.reviews import close_panel

Outcome = Decision.Outcome


@pytest.fixture
@laid_again
def round(cast):
    return make_scored_round(
        cast.fan, [cast.ding, cast.shen], [make_body("甲队"), make_body("乙队"), make_body("丙队")]
    )


def nothing_happened(round):
    round.refresh_from_db()
    assert round.state == Round.State.IN_REVIEW
    assert not Award.objects.exists()
    assert not Resolution.objects.exists()
    assert fund_position(round.fund_key).committed_fen == 0


@pytest.mark.django_db
def test_decisions_keep_rank_score_and_suggestion(round, cast):
    decisions = prepare_decisions(round, choices_for(round, 6_000, 5_000), acting_user=cast.fan)

    assert [(d.outcome, d.amount_fen, d.rank, d.score_hundredths) for d in decisions] == [
        ("award", 600_000, 1, 90_00),
        ("award", 500_000, 2, 85_00),
        ("decline", 0, 3, 80_00),
    ]
    assert decisions[0].suggested_fen == 615_000
    assert all(d.state == "prepared" and d.resolution is None for d in decisions)
    nothing_happened(round)


@pytest.mark.django_db
def test_preparing_is_the_officers_and_after_the_panel(cast):
    round = make_scored_round(cast.fan, [cast.ding], [make_body("甲队")], closed=False)

    with pytest.raises(PanelStillOpen):
        prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    for person in (cast.ding, cast.xu, cast.ou, cast.shu):
        with pytest.raises(NotAllowed):
            prepare_decisions(round, choices_for(round, 5_000), acting_user=person)


@pytest.mark.django_db
def test_passing_over_a_better_rank_needs_a_reason(round, cast):
    first, second, third = proposals_of(round)
    choices = [
        Choice(first.pk, Outcome.RESERVE, 0),
        Choice(second.pk, Outcome.AWARD, 500_000),
        Choice(third.pk, Outcome.DECLINE, 0, "内容重复"),
    ]

    with pytest.raises(DeviationUnexplained) as refusal:
        prepare_decisions(round, choices, acting_user=cast.fan)
    assert refusal.value.facts == {"codes": [first.code]}
    choices[0] = Choice(first.pk, Outcome.RESERVE, 0, "与另一项目合并实施")
    prepared = prepare_decisions(round, choices, acting_user=cast.fan)

    assert [d.deviates for d in prepared] == [True, False, False]


@pytest.mark.django_db
def test_awarding_below_the_pass_mark_needs_a_reason(cast):
    round = make_round_in_review(cast.fan, [make_body("甲队")])
    panel = make_panel(round, [cast.ding], officer=cast.fan)
    (proposal,) = proposals_of(round)
    hand_in(cast.ding, proposal, 59.5)
    close_panel(panel, acting_user=cast.fan)

    with pytest.raises(DeviationUnexplained):
        prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)

    choice = Choice(proposal.pk, Outcome.AWARD, 500_000, "山区唯一项目")
    assert prepare_decisions(round, [choice], acting_user=cast.fan)[0].deviates


@pytest.mark.django_db
def test_a_decline_owes_its_reason(round, cast):
    choices = choices_for(round, 5_000, 5_000)
    choices[2] = Choice(choices[2].proposal_id, Outcome.DECLINE, 0, "  ")

    with pytest.raises(DecisionUnexplained):
        prepare_decisions(round, choices, acting_user=cast.fan)


@pytest.mark.django_db
@pytest.mark.parametrize("yuan", [0, 6_151])
def test_amounts_are_above_nothing_and_within_what_was_asked(round, cast, yuan):
    with pytest.raises(AmountOutOfRange):
        prepare_decisions(round, choices_for(round, yuan), acting_user=cast.fan)

    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_a_list_above_the_fund_is_refused_with_both_sums(cast):
    bodies = [make_body("甲队"), make_body("乙队")]
    round = make_scored_round(cast.fan, [cast.ding], bodies, fund_fen=1_000_000)

    with pytest.raises(AwardsAboveFund) as refusal:
        prepare_decisions(round, choices_for(round, 6_000, 4_001), acting_user=cast.fan)

    assert refusal.value.facts == {"needed_fen": 1_000_100, "free_fen": 1_000_000}


@pytest.mark.django_db
def test_the_meeting_decides_and_the_money_is_set_aside(round, cast):
    prepare_decisions(round, choices_for(round, 6_000, 5_000), acting_user=cast.fan)

    resolution = record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)

    round.refresh_from_db()
    assert round.state == Round.State.DECIDED
    assert sorted(a.amount_fen for a in resolution.awards.all()) == [500_000, 600_000]
    assert {d.state for d in Decision.objects.all()} == {"resolved"}
    position = fund_position(round.fund_key)
    assert (position.committed_fen, position.free_fen) == (1_100_000, 58_900_000)
    assert {p.state for p in proposals_of(round)} == {"under_review"}


@pytest.mark.django_db
def test_every_proposal_needs_its_decision(round, cast):
    prepare_decisions(round, choices_for(round, 6_000)[:2], acting_user=cast.fan)

    with pytest.raises(DecisionsMissing) as refusal:
        record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)

    assert refusal.value.facts == {"codes": [proposals_of(round)[2].code]}
    nothing_happened(round)


@pytest.mark.django_db
def test_meeting_must_have_been_held_and_be_the_right_kind(round, cast):
    prepare_decisions(round, choices_for(round, 6_000), acting_user=cast.fan)
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(MeetingInFuture):
        record_resolution(
            round, meeting=make_meeting(cast.fan, held_on=tomorrow), acting_user=cast.fan
        )
    with pytest.raises(WrongMeeting):
        record_resolution(round, meeting=make_meeting(cast.fan, kind="town"), acting_user=cast.fan)
    for person in (cast.ding, cast.ou, cast.xu, cast.jin, cast.shu):
        with pytest.raises(NotAllowed):
            record_resolution(round, meeting=make_meeting(cast.fan), acting_user=person)

    nothing_happened(round)


@pytest.mark.django_db
def test_a_fund_that_shrank_meanwhile_stops_the_whole_act(cast):
    bodies = [make_body("甲队"), make_body("乙队")]
    round = make_scored_round(cast.fan, [cast.ding], bodies, fund_fen=1_000_000)
    prepare_decisions(round, choices_for(round, 6_000, 4_000), acting_user=cast.fan)
    commit_fund(
        round.fund_key, amount_fen=1, source="x", key="x", reason="别处", acting_user=cast.fan
    )
    changes = Change.objects.count()

    with pytest.raises(FundExceeded):
        record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)

    round.refresh_from_db()
    assert round.state == Round.State.IN_REVIEW
    assert not Award.objects.exists()
    assert fund_position(round.fund_key).committed_fen == 1
    assert Change.objects.count() == changes


@pytest.mark.django_db
def test_a_second_resolution_is_out_of_turn(cast):
    round = make_decided_round(cast.fan, [cast.ding], [make_body("甲队")])

    with pytest.raises(OutOfTurn):
        record_resolution(
            round, meeting=make_meeting(cast.fan, number="另一号"), acting_user=cast.fan
        )

    assert Award.objects.count() == 1


@pytest.mark.django_db
def test_an_award_without_a_resolution_does_not_exist(round, cast):
    (decision, *_rest) = prepare_decisions(round, choices_for(round, 6_000), acting_user=cast.fan)

    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(
            decision=decision, proposal=decision.proposal, amount_fen=1, transfer_id=1
        )
    with pytest.raises(IntegrityError, match="decided_only_by_a_meeting"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state="resolved")


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Award, Resolution])
def test_awards_and_resolutions_are_written_once(cast, model):
    make_decided_round(cast.fan, [cast.ding], [make_body("甲队")])

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.update(**{model._meta.pk.name: 1})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_officers_recording_at_once_award_once(cast):
    bodies = [make_body("甲队"), make_body("乙队")]
    round = make_scored_round(cast.fan, [cast.ding], bodies, fund_fen=2_000_000)
    prepare_decisions(round, choices_for(round, 6_000, 5_000), acting_user=cast.fan)
    meetings = [make_meeting(cast.fan, number=f"{n} 号") for n in (1, 2)]

    words = said_at_once(
        *(
            partial(record_resolution, round, meeting=meeting, acting_user=cast.fan)
            for meeting in meetings
        )
    )

    assert words == ["done", "out_of_turn"]
    assert Award.objects.count() == 2
    assert Resolution.objects.count() == 1
    assert fund_position(round.fund_key).committed_fen == 1_100_000
    assert date(2026, 1, 5) == Resolution.objects.get().held_on
