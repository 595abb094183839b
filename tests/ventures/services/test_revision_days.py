"""Until when a revised budget is awaited: set with the final list, reminded of, made longer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Message, Region
from accounts.working_days import add_working_days
from tests.factories.ventures_awards import make_body, make_meeting, make_scored_round, proposals_of
from tests.plugins.relay import laid_again
from ventures.errors.objections import RevisionDayNotLater, RevisionNotAsked, RevisionStanding
from ventures.errors.promotions import AwardGone
from ventures.models import Award, Decision, Proposal, RevisionDay, StepLimit
from ventures.selectors.notices import usual_terms_of
from ventures.selectors.revisions import first_day
from ventures.services.award_withdrawals import give_up_award
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.letters import decide_revision, hand_in_revision
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.revision_days import extend_revision, remind_revisions
from ventures.views.home_notices import waiting_for_answer, waiting_for_grantee

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Outcome = Decision.Outcome


@pytest.fixture
@laid_again
def announced(cast):
    """恩泽社 is to revise its budget, 乙队 is awarded as it is; the list is final."""
    bodies = [cast.organisations["enze"], make_body("乙队")]
    round = make_scored_round(cast.fan, [cast.lu, cast.qian], bodies)
    first, second = proposals_of(round)
    prepare_decisions(
        round,
        [
            Choice(first.pk, Outcome.AWARD, 500_000, needs_revision=True),
            Choice(second.pk, Outcome.AWARD, 500_000),
        ],
        acting_user=cast.fan,
    )
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    round.refresh_from_db()
    return publish_notice(
        round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan
    )


@pytest.fixture
def award(announced, cast, monkeypatch):
    def later():
        return timezone.now() + 60 * DAY

    with monkeypatch.context() as patch:
        patch.setattr("ventures.services.notices.database_now", later)
        conclude_notice(announced, acting_user=cast.fan)
    return Award.objects.get(decision__needs_revision=True)


def due(award):
    return award.revision_days.first().due_on


def asked(cast):
    return waiting_for_grantee(cast.organisations["enze"])


def let_pass(award, monkeypatch, days):
    """Today is so many days after the day."""
    at = timezone.now() + (due(award) - timezone.localdate() + days * DAY)
    for place in ("services.revision_days", "views.home_notices", "views.letters"):
        monkeypatch.setattr(f"ventures.{place}.database_now", lambda: at)


def late_words(cast, region):
    return [str(one.label) for one in waiting_for_answer(cast.fan, region) if "过期" in one.label]


def test_the_final_list_sets_a_day_and_tells_it(award, cast, client):
    assert due(award) == add_working_days(timezone.localdate(), 10)
    assert RevisionDay.objects.count() == 1
    told = Message.objects.get(to_user=cast.en, title__startswith="请交修改稿")
    assert str(due(award).day) in told.body
    assert timezone.localdate(asked(cast)[0].due_at) == due(award)
    assert "期限" in str(asked(cast)[0].hint)
    client.force_login(cast.en)
    page = client.get(reverse("ventures:proposal-revision", args=[award.proposal.code]))
    assert "交修改稿的期限" in page.content.decode()


def test_a_place_may_set_its_own_number_of_days(cast):
    today = timezone.localdate()
    region = Region.objects.get(pk=cast.fan.roles.get(kind="officer").region_id)
    StepLimit.objects.create(
        region=region, verb="hand_in_revision", working_days=3, valid_from=today,
        basis="清单", set_by=cast.fan,
    )  # fmt: skip

    assert first_day(region, today) == add_working_days(today, 3)


def test_who_is_near_the_day_is_reminded_once(award, cast, monkeypatch):
    assert remind_revisions() == 0
    let_pass(award, monkeypatch, -2)

    assert remind_revisions() == 1
    remind_revisions()

    assert Message.objects.filter(to_user=cast.en, title__startswith="修改稿快到期").count() == 1


def test_late_is_no_loss_the_office_is_told_and_gives_more_time(award, cast, client, monkeypatch):
    region = award.proposal.round.region
    page = reverse("ventures:proposal-revision", args=[award.proposal.code])
    extend = reverse("ventures:proposal-revision-day", args=[award.proposal.code])
    assert late_words(cast, region) == []
    let_pass(award, monkeypatch, -3)
    near = [str(one.label) for one in waiting_for_answer(cast.fan, region)]
    assert "修改稿三天内到期，还没交" in near
    let_pass(award, monkeypatch, 1)
    assert late_words(cast, region) == ["修改稿过期还没交，请催办或延长"]
    client.force_login(cast.fan)
    assert "立项不会自动取消" in client.get(page).content.decode()

    soon = client.post(extend, {"due_on": due(award).isoformat(), "reason": "台风"})
    silent = client.post(extend, {"due_on": (due(award) + 9 * DAY).isoformat()})
    later = client.post(
        extend, {"due_on": (due(award) + 9 * DAY).isoformat(), "reason": "台风停工三天"}
    )

    assert (soon.status_code, silent.status_code, later.status_code) == (422, 422, 302)
    assert late_words(cast, region) == []
    assert [one.number for one in award.revision_days.all()] == [2, 1]
    assert Message.objects.filter(to_user=cast.en, body__contains="台风停工三天").exists()
    client.force_login(cast.en)
    assert "台风停工三天" in client.get(page).content.decode()
    assert client.get(extend).status_code == 403


def test_only_what_is_awaited_is_given_more_time(award, cast):
    until = due(award) + 9 * DAY
    for person in (cast.en, cast.ding, cast.shu):
        with pytest.raises(NotAllowed):
            extend_revision(award, until, reason="忙", acting_user=person)
    with pytest.raises(ReasonMissing):
        extend_revision(award, until, reason=" ", acting_user=cast.fan)
    with pytest.raises(RevisionDayNotLater):
        extend_revision(award, due(award), reason="忙", acting_user=cast.fan)
    other = Award.objects.get(decision__needs_revision=False)
    with pytest.raises(RevisionNotAsked):
        extend_revision(other, until, reason="忙", acting_user=cast.fan)
    lines = [{"position": 1, "purpose": "茶", "requested_fen": 500_000, "revised_fen": 400_000}]
    revision = hand_in_revision(award, lines, note="减场次", acting_user=cast.en)
    assert asked(cast) == []
    with pytest.raises(RevisionStanding):
        extend_revision(award, until, reason="忙", acting_user=cast.fan)
    decide_revision(revision, "return_", reason="再减", acting_user=cast.fan)
    assert len(asked(cast)) == 1

    assert extend_revision(award, until, reason="忙", acting_user=cast.fan).number == 2


def test_days_are_written_once(award):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RevisionDay.objects.update(due_on=timezone.localdate())
    with pytest.raises(IntegrityError, match="later_revision_day_says_why"), transaction.atomic():
        RevisionDay.objects.create(
            award=award, number=2, due_on=timezone.localdate(), set_by=award.decision.prepared_by
        )


def test_no_more_time_for_an_award_that_was_given_up(award, cast):
    proposal = Proposal.objects.get(pk=award.proposal_id)
    give_up_award(proposal, reason="不办了", publishes_reason=False, acting_user=cast.en)

    with pytest.raises(AwardGone):
        extend_revision(award, due(award) + 7 * DAY, reason="等章程", acting_user=cast.fan)

    assert award.revision_days.count() == 1


def test_everybody_is_reminded_however_many_a_page_shows(award, monkeypatch):
    monkeypatch.setattr("ventures.selectors.revisions.MOST", 0)
    monkeypatch.setattr(
        "ventures.services.revision_days.database_now",
        lambda: timezone.now() + (due(award) - timezone.localdate()),
    )

    assert remind_revisions() == 1
