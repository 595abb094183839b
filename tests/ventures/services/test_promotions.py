"""A second meeting and a third: what it records once, and what nobody reads of it too early."""

from functools import partial

import pytest
from django.utils.translation import override

from accounts.errors import Overtaken
from config.demo.cast import Cast
from tests.factories.ventures_awards import make_meeting, proposals_of
from tests.factories.ventures_on_notice import (
    cancel,
    let_pass,
    make_notice,
    move_up,
    publish_again,
)
from ventures.errors.meetings import MeetingRecorded
from ventures.forms.meetings import ResolutionForm
from ventures.models import Decision, Proposal, PublicNotice
from ventures.selectors.outcomes import outcome_of
from ventures.selectors.promotions import promotable_in
from ventures.services.decisions import Choice
from ventures.services.notices import conclude_notice
from ventures.services.promotions import record_promotion

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome


@pytest.fixture
def later(monkeypatch):
    return partial(let_pass, monkeypatch)


@pytest.fixture
def fallen(cast: Cast, later) -> PublicNotice:
    """Announced; the first award is cancelled since, and 乙队 may move up."""
    notice = make_notice(cast)
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    cancel(proposals_of(notice.round)[0], cast.fan)
    return notice


def test_who_moved_up_reads_nothing_of_it_before_her_notice(cast: Cast, fallen, later):
    third = proposals_of(fallen.round)[2]
    before = outcome_of(Proposal.objects.get(pk=third.pk))

    move_up(fallen.round, cast.fan, 500_000)

    told = outcome_of(Proposal.objects.get(pk=third.pk))
    assert (told.label, told.why, told.basis, told.sources) == (
        before.label,
        before.why,
        before.basis,
        "",
    )
    assert before.why
    publish_again(fallen.round, cast.fan, 60)
    assert "福彩公益金" in outcome_of(Proposal.objects.get(pk=third.pk)).sources


def test_every_meeting_of_a_supplement_stands_on_it(cast: Cast, later):
    notice = make_notice(cast, names=("甲队", "乙队", "丙队"))
    first, second, third, fourth = proposals_of(notice.round)
    Decision.objects.filter(proposal=fourth).update(outcome=Outcome.RESERVE, reason="资金不够")
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    for fallen, moved, number in ((first, third, "演 19 号"), (second, fourth, "演 20 号")):
        cancel(fallen, cast.fan)
        record_promotion(
            notice.round,
            [Choice(moved.pk, Outcome.AWARD, 500_000)],
            meeting=make_meeting(cast.fan, number=number),
            acting_user=cast.fan,
        )

    said = "".join(publish_again(notice.round, cast.fan, 60).snapshot["how_decided"])

    assert "演 19 号" in said
    assert "演 20 号" in said
    assert "演 18 号" not in said


def test_the_same_minutes_are_recorded_once(cast: Cast, fallen, client):
    there = promotable_in(fallen.round)
    choices = [Choice(there[0].proposal.pk, Outcome.AWARD, 500_000)]
    meeting = make_meeting(cast.fan)

    with pytest.raises(MeetingRecorded):
        record_promotion(fallen.round, choices, meeting=meeting, acting_user=cast.fan)

    form = ResolutionForm({"number": meeting.number}, round=fallen.round)
    assert meeting.number in form.errors["number"][0]
    assert [one.proposal for one in promotable_in(fallen.round)] == [one.proposal for one in there]


def test_the_second_of_two_officers_is_told_that_the_first_was_faster(cast: Cast, fallen):
    chosen = promotable_in(fallen.round)[0].proposal
    reserve = proposals_of(fallen.round)[3]
    Decision.objects.filter(proposal=reserve).update(outcome=Outcome.RESERVE, reason="资金不够")
    move_up(fallen.round, cast.fan, 100_000)

    with pytest.raises(Overtaken):
        record_promotion(
            fallen.round,
            [Choice(chosen.pk, Outcome.AWARD, 100_000)],
            meeting=make_meeting(cast.fan, number="演 20 号"),
            acting_user=cast.fan,
        )


def test_what_is_kept_is_chinese_whatever_the_officer_reads(cast: Cast, fallen):
    third = proposals_of(fallen.round)[2]

    with override("en"):
        move_up(fallen.round, cast.fan, 500_000)

    reason = Decision.objects.get(proposal=third).reason
    assert reason
    assert not reason.isascii()
