"""Assigning, stepping aside, scoring, handing in, closing."""

from threading import Thread

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Message, Organisation, Role
from accounts.rules import forget_roles
from accounts.services.roles import end_role, grant_role
from tests.factories.ventures_awards import (
    add_proposal,
    assignment_of,
    choices_for,
    draft,
    filled,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    make_scored_round,
    proposals_of,
)
from tests.plugins.relay import laid_again
from ventures.errors.reviews import (
    CommitmentMissing,
    NotAReviewer,
    PanelClosed,
    ReviewerRecused,
    ReviewHandedIn,
    ReviewIncomplete,
    ReviewNotBegun,
    ReviewsMissing,
)
from ventures.models import (
    Assignment,
    Conflict,
    Decision,
    Panel,
    Recusal,
    Review,
    ReviewVersion,
    Round,
    Score,
)
from ventures.rules.reviews import may_see_scores
from ventures.selectors.sheet_gaps import missing_of
from ventures.services.assignments import (
    PanelTerms,
    assign_reviewer,
    declare_recusal,
    name_reviewers,
    remind_reviewers,
    remove_assignment,
    sign_commitment,
)
from ventures.services.conflicts import lift_conflict
from ventures.services.decisions import prepare_decisions
from ventures.services.reviews import (
    abstain,
    close_panel,
    give_back_review,
    open_sheet,
    reopen_panel,
    save_review,
    submit_review,
)
from ventures.services.sheet_contents import CutContent, ItemContent, SheetContent

pytestmark = pytest.mark.django_db


@pytest.fixture
@laid_again
def round(cast):
    return make_round_in_review(cast.fan, [make_body("甲队"), make_body("乙队")])


@pytest.fixture
def proposal(round):
    return proposals_of(round)[0]


@pytest.fixture
@laid_again
def panel(round, cast):
    return make_panel(round, [cast.ding, cast.shen], officer=cast.fan)


def test_every_reviewer_is_given_the_whole_group_and_told(round, cast):
    panel = make_panel(round, [cast.ding, cast.shen], officer=cast.fan)

    assert Assignment.objects.count() == 4
    assert [m.seat for m in panel.members.order_by("seat")] == [1, 2]
    assert panel.members.get(is_chair=True).reviewer == cast.ding
    told = Message.objects.filter(kind="ventures.reviewer_named")
    assert {message.to_user for message in told} == {cast.ding, cast.shen}


def test_naming_again_seats_only_the_new_and_tells_nobody_twice(round, cast):
    make_panel(round, [cast.ding], officer=cast.fan)

    panel = make_panel(round, [cast.ding, cast.shen], officer=cast.fan)

    assert panel.members.count() == 2
    assert Assignment.objects.count() == 4
    assert Message.objects.filter(kind="ventures.reviewer_named").count() == 2


def test_a_reviewer_of_the_applicant_is_not_assigned_and_cannot_be(round, cast):
    mine = Organisation.objects.get(name="甲队")
    grant_role(cast.ding, Role.Kind.MEMBER, organisation=mine, acting_user=cast.fan)

    panel = make_panel(round, [cast.ding], officer=cast.fan)

    first, second = proposals_of(round)
    assert [a.proposal for a in Assignment.objects.all()] == [second]
    with pytest.raises(ReviewerRecused):
        assign_reviewer(panel.members.get(), first, acting_user=cast.fan)


def test_a_reviewer_of_the_host_is_not_assigned(round, cast):
    host = Organisation.objects.get(name="甲队").host
    grant_role(cast.ding, Role.Kind.MEMBER, organisation=host, acting_user=cast.fan)

    make_panel(round, [cast.ding, cast.shen], officer=cast.fan)

    assert not Assignment.objects.filter(member__reviewer=cast.ding).exists()


def test_who_wrote_the_proposal_for_the_group_does_not_score_it(cast):
    round = make_round_in_review(cast.fan, [])
    coached = add_proposal(round, make_body("甲队"), created_by=cast.ding)

    make_panel(round, [cast.ding, cast.shen], officer=cast.fan)

    assert [a.member.reviewer for a in coached.assignments.all()] == [cast.shen]


def test_a_tie_that_appears_later_hides_the_proposal_and_locks_the_sheet(panel, proposal, cast):
    review = draft(cast.ding, proposal, 80)

    grant_role(cast.ding, Role.Kind.MEMBER, organisation=proposal.applicant, acting_user=cast.fan)

    assert proposal not in [a.proposal for a in Assignment.objects.visible_to(cast.ding)]
    assert not Review.objects.visible_to(cast.ding).exists()
    with pytest.raises(NotAllowed):
        save_review(review, filled(proposal, 90), acting_user=cast.ding)
    with pytest.raises(NotAllowed):
        submit_review(review, acting_user=cast.ding)


def test_naming_is_for_the_round_in_review_its_officer_and_real_reviewers(cast):
    round = make_round_in_review(cast.fan, [make_body("甲队")], state=Round.State.OPEN)
    with pytest.raises(NotAllowed):
        name_reviewers(round, [cast.ding], terms=PanelTerms(), acting_user=cast.ding)
    Round.objects.filter(pk=round.pk).update(state="open")
    with pytest.raises(ReviewNotBegun):
        name_reviewers(round, [cast.ding], terms=PanelTerms(), acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(state="in_review")

    with pytest.raises(NotAReviewer) as refusal:
        name_reviewers(round, [cast.ding, cast.anan], terms=PanelTerms(), acting_user=cast.fan)

    assert refusal.value.facts == {"names": ["安安"]}
    assert not Assignment.objects.exists()


def test_nothing_is_opened_before_the_commitment(round, cast):
    panel = make_panel(round, [cast.ding], officer=cast.fan, committed=False)
    assignment = Assignment.objects.first()

    with pytest.raises(CommitmentMissing):
        open_sheet(assignment, acting_user=cast.ding)

    with pytest.raises(NotAllowed):
        sign_commitment(panel.members.get(), acting_user=cast.shen)
    first = sign_commitment(panel.members.get(), acting_user=cast.ding).committed_at
    assert sign_commitment(panel.members.get(), acting_user=cast.ding).committed_at == first


def test_recusal_takes_the_proposal_out_of_the_queue(panel, proposal, cast):
    assignment = assignment_of(cast.ding, proposal)
    review = draft(cast.ding, proposal, 80)

    with pytest.raises(ReasonMissing):
        declare_recusal(assignment, ground=Recusal.Ground.OTHER, acting_user=cast.ding)
    with pytest.raises(NotAllowed):
        declare_recusal(assignment, ground=Recusal.Ground.INTEREST, acting_user=cast.shen)
    declare_recusal(assignment, ground=Recusal.Ground.INTEREST, acting_user=cast.ding)

    assert assignment not in Assignment.objects.visible_to(cast.ding)
    with pytest.raises(ReviewerRecused):
        assign_reviewer(assignment.member, proposal, acting_user=cast.fan)
    with pytest.raises(OutOfTurn):
        declare_recusal(assignment, ground=Recusal.Ground.INTEREST, acting_user=cast.ding)

    # It was another of that name: the organiser lifts it, and she goes on where she was.
    mistaken = Conflict.objects.get(person=cast.ding)
    lift_conflict(mistaken, reason="同名，弄错人了", acting_user=cast.fan)
    again = assign_reviewer(assignment.member, proposal, acting_user=cast.fan)
    assert again == assignment
    assert Review.objects.visible_to(cast.ding).get() == review
    assert review.scores.filter(half_points__gt=0).exists()
    declare_recusal(again, ground=Recusal.Ground.INTEREST, acting_user=cast.ding)
    assert again not in Assignment.objects.visible_to(cast.ding)


def test_recusal_after_handing_in_is_refused(panel, proposal, cast):
    hand_in(cast.ding, proposal, 80)

    with pytest.raises(ReviewHandedIn):
        declare_recusal(
            assignment_of(cast.ding, proposal), ground="interest", acting_user=cast.ding
        )


def test_removed_assignment_can_be_given_back(panel, proposal, cast):
    assignment = assignment_of(cast.ding, proposal)

    with pytest.raises(ReasonMissing):
        remove_assignment(assignment, reason=" ", acting_user=cast.fan)
    remove_assignment(assignment, reason="分给他人", acting_user=cast.fan)

    assert not Assignment.objects.visible_to(cast.ding).filter(pk=assignment.pk).exists()
    assign_reviewer(assignment.member, proposal, acting_user=cast.fan)
    assert Assignment.objects.visible_to(cast.ding).filter(pk=assignment.pk).exists()


def test_a_sheet_of_a_removed_assignment_is_neither_saved_nor_handed_in(panel, proposal, cast):
    review = draft(cast.ding, proposal, 80)
    remove_assignment(assignment_of(cast.ding, proposal), reason="分给他人", acting_user=cast.fan)

    for act in (
        lambda: save_review(review, filled(proposal, 90), acting_user=cast.ding),
        lambda: submit_review(review, acting_user=cast.ding),
        lambda: abstain(review, reason="不评了", acting_user=cast.ding),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_reminders_go_to_those_with_unfinished_sheets_once_a_day(panel, round, cast):
    for proposal in proposals_of(round):
        hand_in(cast.ding, proposal, 80)

    assert remind_reviewers(panel, acting_user=cast.fan) == 1
    remind_reviewers(panel, acting_user=cast.fan)

    (message,) = Message.objects.filter(kind="ventures.review_reminder")
    assert message.to_user == cast.shen
    assert "2" in message.title
    # A day here begins at midnight in the office, not in Greenwich.
    assert message.key.endswith(f":remind:{timezone.localdate().isoformat()}")


def test_half_points_are_kept_and_sum_up(panel, proposal, cast):
    review = hand_in(cast.ding, proposal, 82.5)

    assert sum(score.half_points for score in review.scores.all()) == 165
    version = review.versions.get()
    assert version.total_hundredths == 82_50
    assert version.content["recommendation"] == "approve"


def test_no_score_is_above_its_maximum_even_for_the_database(panel, proposal, cast):
    review = open_sheet(assignment_of(cast.ding, proposal), acting_user=cast.ding)
    criterion = proposal.round.rubric.criteria.first()

    with pytest.raises(IntegrityError, match="own maximum"), transaction.atomic():
        Score.objects.create(review=review, criterion=criterion, half_points=61)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(review=review, criterion=criterion, half_points=-1)
    Score.objects.create(review=review, criterion=criterion, half_points=60)


def test_a_sheet_that_was_handed_in_is_locked(panel, proposal, cast):
    review = hand_in(cast.ding, proposal, 80)

    with pytest.raises(ReviewHandedIn):
        save_review(review, filled(proposal, 90), acting_user=cast.ding)
    with pytest.raises(OutOfTurn):
        submit_review(review, acting_user=cast.ding)
    with pytest.raises(IntegrityError, match="keeps its scores"), transaction.atomic():
        review.scores.update(half_points=0)
    with pytest.raises(IntegrityError, match="keeps its scores"), transaction.atomic():
        review.scores.all().delete()


def test_an_empty_sheet_says_everything_it_lacks(panel, proposal, cast):
    review = open_sheet(assignment_of(cast.ding, proposal), acting_user=cast.ding)

    with pytest.raises(ReviewIncomplete) as refusal:
        submit_review(review, acting_user=cast.ding)

    assert refusal.value.facts["missing"] == [
        "“大家需要”还没有打分",
        "“办得成”还没有打分",
        "“人靠得住”还没有打分",
        "“钱用得明白”还没有打分",
        "总分低于 60 分，请写明不予立项的意见",
        "请填写建议资助金额（可以为 0）",
        "请选择立项建议：同意、修改后同意或不同意",
    ]
    assert not ReviewVersion.objects.exists()


def items(proposal, *half_points, comment=""):
    criteria = proposal.round.rubric.criteria.all()
    return tuple(
        ItemContent(criterion.pk, points, comment)
        for criterion, points in zip(criteria, half_points, strict=True)
    )


def test_a_score_below_sixty_percent_of_its_item_needs_a_reason(panel, proposal, cast):
    # 大家需要 has 30 points: 18 is 60 %, 17.5 is below.
    review = draft(cast.ding, proposal, 80, items=items(proposal, 36, 60, 40, 40))
    assert missing_of(review) == []

    save_review(
        review,
        filled(proposal, 80, items=items(proposal, 35, 60, 40, 40)),
        acting_user=cast.ding,
    )

    assert missing_of(review) == ["“大家需要”得 17.5 分，低于满分的 60%，请写理由"]


def test_suggesting_more_than_was_asked_is_refused(panel, proposal, cast):
    review = draft(cast.ding, proposal, 80, suggested_fen=proposal.requested_fen + 1)

    assert missing_of(review) == ["建议资助金额不能超过申请的 ¥6,150.00"]


def test_zero_is_a_score_and_nothing_is_none(panel, proposal, cast):
    review = draft(
        cast.ding, proposal, 80, items=items(proposal, 0, 60, None, 40, comment="没有佐证")
    )

    assert missing_of(review) == [
        "“人靠得住”还没有打分",
    ]


def test_abstaining_says_why_and_is_no_score(panel, proposal, cast):
    review = open_sheet(assignment_of(cast.ding, proposal), acting_user=cast.ding)

    with pytest.raises(ReasonMissing):
        abstain(review, reason="", acting_user=cast.ding)
    abstain(review, reason="临时有事，未能读完", acting_user=cast.ding)

    assert not Review.objects.handed_in().exists()
    assert not Score.objects.exists()


def test_given_back_sheet_is_handed_in_again_and_both_versions_are_kept(panel, proposal, cast):
    review = hand_in(cast.ding, proposal, 80)
    with pytest.raises(ReasonMissing):
        give_back_review(review, reason="", acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        give_back_review(review, reason="改", acting_user=cast.ding)

    give_back_review(review, reason="第二项写错一行", acting_user=cast.fan)
    save_review(review, filled(proposal, 70), acting_user=cast.ding)
    submit_review(review, acting_user=cast.ding)

    totals = [(v.number, v.total_hundredths) for v in review.versions.all()]
    assert totals == [(1, 80_00), (2, 70_00)]
    assert Message.objects.filter(kind="ventures.review_given_back").count() == 1


def test_cuts_are_kept_with_their_reasons(panel, proposal, cast):
    cut = CutContent(line_number=2, line_name="志愿者保险", cut_fen=5_000, reason="单价偏高")

    review = hand_in(cast.ding, proposal, 80, cuts=(cut,))

    assert review.versions.get().content["cuts"] == [
        {"line": 2, "name": "志愿者保险", "fen": 5_000, "why": "单价偏高"}
    ]


def test_panel_closes_when_all_is_in_and_locks_everything(panel, round, cast):
    for proposal in proposals_of(round):
        for reviewer in (cast.ding, cast.shen):
            hand_in(reviewer, proposal, 80)

    closed = close_panel(panel, acting_user=cast.fan)

    assert closed.state == "closed"
    review = Review.objects.first()
    with pytest.raises(PanelClosed):
        give_back_review(review, reason="改", acting_user=cast.fan)
    with pytest.raises(PanelClosed):
        name_reviewers(round, [cast.lu], terms=PanelTerms(), acting_user=cast.fan)
    with pytest.raises(PanelClosed):
        remind_reviewers(closed, acting_user=cast.fan)


def test_panel_with_sheets_out_closes_only_with_a_reason_and_one_sheet_each(panel, round, cast):
    first, second = proposals_of(round)
    hand_in(cast.ding, first, 80)

    with pytest.raises(ReviewsMissing) as refusal:
        close_panel(panel, reason="沈会计师生病", acting_user=cast.fan)
    assert refusal.value.facts == {"waiting": 3, "unscored": 1}
    hand_in(cast.ding, second, 80)
    with pytest.raises(ReviewsMissing):
        close_panel(panel, acting_user=cast.fan)
    close_panel(panel, reason="沈会计师生病", acting_user=cast.fan)

    panel.refresh_from_db()
    assert panel.state == "closed"
    with pytest.raises(PanelClosed):
        open_sheet(assignment_of(cast.shen, first), acting_user=cast.shen)


def test_panel_reopens_before_the_meeting_only(panel, round, cast):
    for proposal in proposals_of(round):
        for reviewer in (cast.ding, cast.shen):
            hand_in(reviewer, proposal, 80)
    panel = close_panel(panel, acting_user=cast.fan)
    with pytest.raises(ReasonMissing):
        reopen_panel(panel, reason="", acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(state="decided")
    with pytest.raises(PanelClosed):
        reopen_panel(panel, reason="补一份", acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(state="in_review")

    reopen_panel(panel, reason="补一份", acting_user=cast.fan)

    assert panel.state == "open"
    assert panel.closed_at is None


def test_only_her_own_sheet(panel, proposal, cast):
    review = draft(cast.ding, proposal, 80)

    for person in (cast.shen, cast.fan):
        with pytest.raises(NotAllowed):
            save_review(review, SheetContent(), acting_user=person)
        with pytest.raises(NotAllowed):
            submit_review(review, acting_user=person)
        with pytest.raises(NotAllowed):
            open_sheet(review.assignment, acting_user=person)


def test_reopening_puts_the_prepared_list_aside(cast):
    round = make_scored_round(cast.fan, [cast.ding], [make_body("甲队")])
    prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)

    reopen_panel(round.panel, reason="补一份", acting_user=cast.fan)

    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_sheet_handed_in_while_the_panel_closes_is_counted_or_refused(cast):
    round = make_round_in_review(cast.fan, [make_body("甲队")])
    panel = make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    (proposal,) = proposals_of(round)
    hand_in(cast.shen, proposal, 70)
    review = draft(cast.ding, proposal, 80)
    answers = []

    def close():
        try:
            close_panel(panel, acting_user=cast.fan)
            answers.append("closed")
        except ReviewsMissing:
            answers.append("missing")
        finally:
            connections.close_all()

    thread = Thread(target=close)
    with transaction.atomic():
        submit_review(review, acting_user=cast.ding)
        thread.start()
        thread.join(timeout=1)
        assert answers == []  # waits for the sheet that is being handed in
    thread.join()

    assert answers == ["closed"]
    assert Review.objects.handed_in().count() == 2
    with pytest.raises(PanelClosed):
        give_back_review(review, reason="改", acting_user=cast.fan)


def test_who_is_no_reviewer_any_more_sees_and_changes_nothing(panel, proposal, cast):
    review = draft(cast.ding, proposal, 80)

    end_role(cast.ding.roles.get(), reason="换届", acting_user=cast.guo)
    forget_roles(cast.ding)

    assert not Assignment.objects.visible_to(cast.ding).exists()
    with pytest.raises(NotAllowed):
        submit_review(review, acting_user=cast.ding)


def test_a_reviewer_of_an_applicant_sees_no_ranking_before_the_notice_nor_after(cast):
    bodies = [cast.organisations["enze"], cast.organisations["banrixian"]]
    round = make_scored_round(cast.fan, [cast.ding, cast.shen], bodies)
    panel = Panel.objects.select_related("round__region").get(round=round)
    assert may_see_scores(cast.ding, panel)

    grant_role(cast.ding, Role.Kind.MEMBER, organisation=bodies[0], acting_user=cast.fan)

    assert not may_see_scores(cast.ding, panel)
    panel.round.state = Round.State.NOTICED
    assert not may_see_scores(cast.ding, panel), "what is public of them is on the notice"
