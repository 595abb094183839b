"""The reviewer's pages: what is hidden is as if it were not there; nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.rules import forget_roles
from accounts.services.roles import grant_role
from tests.factories.ventures_awards import (
    add_proposal,
    assignment_of,
    draft,
    filled,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.plugins.relay import laid_again
from ventures.errors.discussions import WordsNameJudge
from ventures.models import Review, Score
from ventures.services.assignments import declare_recusal
from ventures.services.reviews import close_panel, save_review, submit_review

pytestmark = pytest.mark.django_db

PAGES = ["review-sheet", "review-save", "review-recuse", "review-abstain", "review-pdf"]


@pytest.fixture
@laid_again
def round(cast):
    return make_round_in_review(cast.fan, [make_body("甲队"), make_body("乙队")])


@pytest.fixture
@laid_again
def panel(round, cast):
    return make_panel(round, [cast.ding, cast.shen], officer=cast.fan)


@pytest.fixture
def proposal(panel, round):
    return proposals_of(round)[0]


def sheet_data(proposal, points=80, **fields):
    data = {"comment": "清楚可行", "suggested": "6000", "recommendation": "approve"}
    for item in filled(proposal, points).items:
        data[f"score_{item.criterion_id}"] = str(item.half_points / 2)
        data[f"why_{item.criterion_id}"] = item.comment
    return data | fields


def answers_of(client, pk):
    """Every page of one assignment, GET and POST: status, and the whole page where hidden."""
    found = []
    for name in PAGES:
        url = reverse(f"ventures:{name}", args=[pk])
        for answer in (client.get(url), client.post(url)):
            found.append((name, answer.status_code, words_of(answer, pk)))
    return found


def words_of(answer, pk):
    """The page without what differs from request to request: its own address and tokens."""
    text = re.sub(r'"[A-Za-z0-9]{64}"', "", answer.content.decode())
    return re.sub(rf"/{pk}(?=[/.])", "", text) if answer.status_code == 404 else ""


def test_hidden_and_absent_sheets_answer_alike(client, panel, proposal, cast):
    others = assignment_of(cast.shen, proposal)
    client.force_login(cast.ding)

    assert answers_of(client, others.pk) == answers_of(client, 999_999)


def test_a_reviewer_of_the_applicant_finds_nothing(client, panel, proposal, cast):
    assignment = assignment_of(cast.ding, proposal)
    draft(cast.ding, proposal, 80)
    grant_role(cast.ding, Role.Kind.MEMBER, organisation=proposal.applicant, acting_user=cast.fan)
    client.force_login(cast.ding)

    assert answers_of(client, assignment.pk) == answers_of(client, 999_999)
    assert proposal.code not in client.get(reverse("ventures:review-queue")).content.decode()


def test_a_recused_reviewer_finds_nothing(client, panel, proposal, cast):
    assignment = assignment_of(cast.ding, proposal)
    declare_recusal(assignment, ground="interest", acting_user=cast.ding)
    client.force_login(cast.ding)

    assert answers_of(client, assignment.pk) == answers_of(client, 999_999)


@pytest.mark.parametrize("person", ["fan", "shu", "ou", "en", "anan", "guo"])
def test_nobody_else_opens_a_sheet(client, panel, proposal, cast, person):
    client.force_login(cast.people[person])

    answer = client.get(
        reverse("ventures:review-sheet", args=[assignment_of(cast.ding, proposal).pk])
    )

    assert answer.status_code == 404


def test_before_the_commitment_the_sheet_is_closed_and_recusal_open(client, round, cast):
    make_panel(round, [cast.ding], officer=cast.fan, committed=False)
    assignment = assignment_of(cast.ding, proposals_of(round)[0])
    client.force_login(cast.ding)

    assert client.get(reverse("ventures:review-sheet", args=[assignment.pk])).status_code == 409
    assert client.get(reverse("ventures:review-recuse", args=[assignment.pk])).status_code == 200
    assert not Review.objects.exists()


def test_looking_writes_nothing(client, panel, proposal, cast):
    client.force_login(cast.ding)

    client.get(reverse("ventures:review-sheet", args=[assignment_of(cast.ding, proposal).pk]))

    assert not Review.objects.exists()


def test_handing_in_goes_on_to_the_next(client, panel, round, proposal, cast):
    client.force_login(cast.ding)
    url = reverse("ventures:review-sheet", args=[assignment_of(cast.ding, proposal).pk])

    answer = client.post(url, sheet_data(proposal) | {"intent": "submit"})

    following = assignment_of(cast.ding, proposals_of(round)[1])
    assert answer.status_code == 302
    assert answer.url == reverse("ventures:review-sheet", args=[following.pk])
    assert Review.objects.get().state == "submitted"


def test_words_that_name_a_judge_stay_on_the_page_and_are_not_handed_in(
    client, panel, proposal, cast
):
    client.force_login(cast.ding)
    url = reverse("ventures:review-sheet", args=[assignment_of(cast.ding, proposal).pk])
    words = f"同意{cast.shen.display_name}的看法"

    answer = client.post(url, sheet_data(proposal, comment=words) | {"intent": "submit"})

    assert answer.status_code == 422
    assert "申报方不知道评委是谁，请不要写：沈" in answer.content.decode()
    review = Review.objects.get()
    assert (review.state, review.comment) == (Review.State.DRAFT, words)
    with pytest.raises(WordsNameJudge):
        submit_review(review, acting_user=cast.ding)


def test_an_incomplete_sheet_is_answered_422_with_everything_kept(client, panel, proposal, cast):
    client.force_login(cast.ding)
    url = reverse("ventures:review-sheet", args=[assignment_of(cast.ding, proposal).pk])

    answer = client.post(url, {"comment": "写到一半", "intent": "submit"})

    assert answer.status_code == 422
    assert "写到一半" in answer.content.decode()
    assert "“大家需要”还没有打分" in answer.content.decode()
    assert Review.objects.get().comment == "写到一半"


@pytest.mark.parametrize(
    ("typed", "half_points"), [("17.5", 35), ("１７．５", 35), ("18分", 36), (" 0 ", 0), ("30", 60)]
)
def test_points_are_read_as_people_write_them(client, panel, proposal, cast, typed, half_points):
    client.force_login(cast.ding)
    criterion = proposal.round.rubric.criteria.first()
    url = reverse("ventures:review-save", args=[assignment_of(cast.ding, proposal).pk])

    answer = client.post(url, {f"score_{criterion.pk}": typed})

    assert answer.json()["errors"] == {}
    assert Score.objects.get(criterion=criterion).half_points == half_points


@pytest.mark.parametrize("typed", ["30.5", "-1", "17.3", "abc", "1e5", "NaN", "Infinity", "17.25"])
def test_points_that_cannot_be_are_told_and_keep_what_was_there(
    client, panel, proposal, cast, typed
):
    review = draft(cast.ding, proposal, 80)
    first = proposal.round.rubric.criteria.first()
    before = review.scores.get(criterion=first).half_points
    client.force_login(cast.ding)
    url = reverse("ventures:review-save", args=[review.assignment.pk])

    answer = client.post(
        url, sheet_data(proposal) | {f"score_{first.pk}": typed, "notes": "记一笔"}
    )

    assert list(answer.json()["errors"]) == [f"score_{first.pk}"]
    review.refresh_from_db()
    assert review.notes == "记一笔"
    assert review.scores.get(criterion=first).half_points == before


def test_whole_point_rubrics_take_no_halves(client, cast):
    round = make_round_in_review(cast.fan, [make_body("甲队")])
    round.rubric.step_half_points = 2
    round.rubric.save()
    make_panel(round, [cast.ding], officer=cast.fan)
    (proposal,) = proposals_of(round)
    client.force_login(cast.ding)
    url = reverse("ventures:review-save", args=[assignment_of(cast.ding, proposal).pk])
    criterion = round.rubric.criteria.first()

    answer = client.post(url, {f"score_{criterion.pk}": "17.5"})

    assert answer.json()["errors"] == {f"score_{criterion.pk}": ["每 1 分一档"]}


def test_autosave_is_refused_when_handed_in_or_closed(client, panel, round, proposal, cast):
    review = hand_in(cast.ding, proposal, 80)
    client.force_login(cast.ding)
    url = reverse("ventures:review-save", args=[review.assignment.pk])

    answer = client.post(url, sheet_data(proposal, 90), headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (409, "review_handed_in")
    assert sum(s.half_points for s in review.scores.all()) == 160


def test_a_cut_is_read_and_kept(client, panel, proposal, cast):
    client.force_login(cast.ding)
    url = reverse("ventures:review-save", args=[assignment_of(cast.ding, proposal).pk])

    client.post(url, {"cut_1": "1,000", "cut_why_1": "单价偏高", "suggested": "5150"})

    review = Review.objects.get()
    assert [(c.line_number, c.cut_fen, c.reason) for c in review.cuts.all()] == [
        (1, 100_000, "单价偏高")
    ]
    assert review.suggested_fen == 515_000


def test_others_scores_appear_only_when_the_panel_has_closed(client, panel, round, cast):
    for proposal in proposals_of(round):
        hand_in(cast.shen, proposal, 77.5, comment="沈的意见")
        hand_in(cast.ding, proposal, 80)
    proposal = proposals_of(round)[0]
    client.force_login(cast.ding)
    url = reverse("ventures:review-sheet", args=[assignment_of(cast.ding, proposal).pk])

    before = client.get(url).content.decode()
    close_panel(panel, acting_user=cast.fan)
    after = client.get(url).content.decode()

    assert "沈的意见" not in before
    assert "沈的意见" in after


def test_scores_are_hidden_from_the_panel_in_page_list_and_export(client, panel, round, cast):
    for proposal in proposals_of(round):
        for reviewer in (cast.ding, cast.shen):
            hand_in(reviewer, proposal, 80)
    grant_role(cast.ding, Role.Kind.OFFICER, region=round.region, acting_user=cast.fan)
    forget_roles(cast.ding)
    client.force_login(cast.ding)
    code, number = round.code, proposals_of(round)[0].code
    urls = [
        reverse("ventures:round-ranking", args=[code]),
        reverse("ventures:ranking-print", args=[code]),
        reverse("ventures:ranking-pdf", args=[code]),
        reverse("ventures:ranking-csv", args=[code]),
        reverse("ventures:proposal-sheets", args=[code, number]),
    ]

    assert [client.get(url).status_code for url in urls] == [403] * 5
    close_panel(panel, acting_user=cast.fan)
    assert [client.get(url).status_code for url in urls] == [200] * 5


def test_notes_stay_her_own(client, panel, round, cast):
    for proposal in proposals_of(round):
        for reviewer in (cast.ding, cast.shen):
            review = draft(reviewer, proposal, 80)
            save_review(review, filled(proposal, 80, notes="只有我知道"), acting_user=reviewer)
            client.force_login(reviewer)
            client.post(
                reverse("ventures:review-sheet", args=[review.assignment.pk]),
                sheet_data(proposal, notes="只有我知道", intent="submit"),
            )
    close_panel(panel, acting_user=cast.fan)
    client.force_login(cast.fan)

    url = reverse("ventures:proposal-sheets", args=[round.code, proposals_of(round)[0].code])

    assert "只有我知道" not in client.get(url).content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_queue_asks_the_same_questions_for_one_and_three(
    client, cast, size, django_assert_num_queries
):
    round = make_round_in_review(cast.fan, [make_body(f"第 {n} 队") for n in range(size)])
    make_panel(round, [cast.ding], officer=cast.fan)
    for proposal in proposals_of(round):
        draft(cast.ding, proposal, 80)
    client.force_login(cast.ding)

    with django_assert_num_queries(QUEUE_QUERIES):
        client.get(reverse("ventures:review-queue"))


QUEUE_QUERIES = 12


def test_printed_sheet_is_a_pdf_of_her_own(client, panel, proposal, cast):
    review = hand_in(cast.ding, proposal, 80)
    client.force_login(cast.ding)

    answer = client.get(reverse("ventures:review-pdf", args=[review.assignment.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_foreign_file_numbers_are_not_found(client, panel, proposal, cast):
    other = add_proposal(make_round_in_review(cast.fan, []), make_body("别队"))
    client.force_login(cast.ding)
    assignment = assignment_of(cast.ding, proposal)

    url = reverse("ventures:review-file", args=[assignment.pk, other.pk])

    assert client.get(url).status_code == 404
