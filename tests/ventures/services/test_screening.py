"""形式审查: the three answers, and how a round goes on to review."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Message, User
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round, publish
from tests.ventures.conftest import close
from timebank.doors import fund_position
from ventures.errors.proposals import CompletionTooShort
from ventures.errors.rounds import (
    NothingToReview,
    RoundClosed,
    RoundIncomplete,
    RoundStillOpen,
    ScreeningUnfinished,
)
from ventures.models import Proposal, Round, Screening
from ventures.services.proposals import submit_proposal
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import begin_review, extend_round
from ventures.services.screening import accept_proposal, refuse_proposal, return_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("to_user__display_name", flat=True))


def test_accepting_records_the_version_and_tells_the_applicant(cast: Cast, submitted: Proposal):
    screening = accept_proposal(submitted, acting_user=cast.fan)

    submitted.refresh_from_db()
    assert submitted.state == Proposal.State.SCREENED
    assert screening.version == submitted.versions.get()
    assert told("proposal_screened") == {"恩老师", "恩晓"}


def test_returning_says_why_what_and_until_when(cast: Cast, submitted: Proposal):
    until = in_days(5)

    screening = return_proposal(
        submitted,
        reason="缺社区意见",
        marked_fields=["files", "safety"],
        complete_by=until,
        acting_user=cast.fan,
    )

    submitted.refresh_from_db()
    assert (submitted.state, submitted.complete_by) == (Proposal.State.RETURNED, until)
    assert screening.marked_fields == ["safety", "files"]
    message = Message.objects.filter(kind="proposal_returned").first()
    assert message is not None
    assert "缺社区意见" in message.body
    assert "安全与保险、附件材料" in message.body


def test_each_reads_of_it_in_their_own_language(cast: Cast, submitted: Proposal):
    """Whatever the officer reads, and whoever of the organisation is told beside."""
    User.objects.filter(pk=cast.enxiao.pk).update(language="en")
    with override("en"):
        return_proposal(
            submitted,
            reason="缺社区意见",
            marked_fields=["files", "safety"],
            complete_by=in_days(5),
            acting_user=cast.fan,
        )

    said = dict(
        Message.objects.filter(kind="proposal_returned").values_list("to_user__language", "body")
    )
    assert "安全与保险、附件材料" in said["zh-hans"]
    assert "需要修改" not in said["en"]
    assert "安全与保险" not in said["en"]


def test_refusing_needs_a_reason_and_says_whom_to_ask(cast: Cast, submitted: Proposal):
    with pytest.raises(ReasonMissing):
        refuse_proposal(submitted, reason="  ", acting_user=cast.fan)
    assert not Screening.objects.exists()

    refuse_proposal(submitted, reason="不在征集范围", acting_user=cast.fan)

    submitted.refresh_from_db()
    assert submitted.state == Proposal.State.REFUSED
    message = Message.objects.filter(kind="proposal_refused").first()
    assert message is not None
    assert "不在征集范围" in message.body
    assert submitted.round.contact_phone in message.body


def test_a_return_without_reason_or_time_is_refused(cast: Cast, submitted: Proposal):
    with pytest.raises(ReasonMissing):
        return_proposal(
            submitted, reason="", marked_fields=[], complete_by=in_days(1), acting_user=cast.fan
        )
    with pytest.raises(CompletionTooShort):
        return_proposal(
            submitted, reason="缺", marked_fields=[], complete_by=in_days(-1), acting_user=cast.fan
        )

    submitted.refresh_from_db()
    assert submitted.state == Proposal.State.SUBMITTED


@pytest.mark.parametrize("key", ["en", "xu", "jin", "shu", "pan", "ding"])
def test_others_screen_nothing(cast: Cast, submitted: Proposal, key: str):
    with pytest.raises(NotAllowed):
        accept_proposal(submitted, acting_user=getattr(cast, key))
    with pytest.raises(NotAllowed):
        refuse_proposal(submitted, reason="", acting_user=getattr(cast, key))

    assert not Screening.objects.exists()


def test_screened_once_only(cast: Cast, submitted: Proposal):
    accept_proposal(submitted, acting_user=cast.fan)

    with pytest.raises(OutOfTurn):
        refuse_proposal(submitted, reason="改主意", acting_user=cast.fan)

    assert Screening.objects.count() == 1


def test_review_begins_when_everything_is_screened(cast: Cast, round: Round, submitted: Proposal):
    with pytest.raises(RoundStillOpen):
        begin_review(round, acting_user=cast.fan)
    close(round)
    with pytest.raises(ScreeningUnfinished):
        begin_review(round, acting_user=cast.fan)
    accept_proposal(submitted, acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        begin_review(round, acting_user=cast.ou)

    begin_review(round, acting_user=cast.fan)

    round.refresh_from_db()
    submitted.refresh_from_db()
    assert round.state == Round.State.IN_REVIEW
    assert submitted.state == Proposal.State.UNDER_REVIEW


def test_review_waits_for_completion_in_time(cast: Cast, round: Round, submitted: Proposal):
    make_proposal(round, cast.organisations["banrixian"], created_by=cast.pan, state="screened")
    return_proposal(
        submitted, reason="缺", marked_fields=[], complete_by=in_days(2), acting_user=cast.fan
    )
    close(round)
    with pytest.raises(ScreeningUnfinished):
        begin_review(round, acting_user=cast.fan)

    Proposal.objects.filter(pk=submitted.pk).update(complete_by=in_days(-1))
    begin_review(round, acting_user=cast.fan)

    submitted.refresh_from_db()
    assert submitted.state == Proposal.State.LAPSED


def test_review_of_nothing_does_not_begin(cast: Cast, round: Round):
    close(round)

    with pytest.raises(NothingToReview):
        begin_review(round, acting_user=cast.fan)


# The round itself -------------------------------------------------------------------


def test_publishing_needs_everything_an_applicant_must_know(cast: Cast):
    round = make_round(
        created_by=cast.fan, state=Round.State.DRAFT, rubric=None, supervision_phone="", kinds=[]
    )

    with pytest.raises(RoundIncomplete) as refused:
        propose_round(round, acting_user=cast.fan)

    for words in ("监督电话", "评分标准", "项目类型", "谁可以申报"):
        assert words in str(refused.value)
    assert fund_position(round.fund_key).total_fen == 0


def test_publishing_twice_funds_once(cast: Cast):
    round = make_round(
        created_by=cast.fan, state=Round.State.DRAFT, eligibility="登记或备案的社会组织"
    )
    colleague = publish(round).published_by
    assert colleague is not None

    with pytest.raises(OutOfTurn):
        publish_round(round, acting_user=colleague)

    assert fund_position(round.fund_key).total_fen == round.fund_fen


def test_closing_time_is_only_put_later(cast: Cast, round: Round):
    with pytest.raises(RoundClosed):
        extend_round(round, closes_at=in_days(1), reason="早点结束", acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        extend_round(round, closes_at=in_days(20), reason="台风", acting_user=cast.ou)

    extend_round(round, closes_at=in_days(20), reason="台风", acting_user=cast.fan)

    round.refresh_from_db()
    assert round.closes_at > in_days(19)


def test_extension_reopens_a_close_that_has_passed(cast: Cast, round: Round, draft: Proposal):
    close(round)
    extend_round(round, closes_at=in_days(1), reason="平台停电", acting_user=cast.fan)

    assert submit_proposal(draft, acting_user=cast.en).number == 1
