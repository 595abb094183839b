"""Sheets on paper: typed by two people who agree, or not counted at all."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.errors import NotAllowed, Overtaken
from accounts.models import Change, Message
from tests.factories.ventures_awards import (
    PDF,
    assignment_of,
    draft,
    filled,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from ventures.errors.discussions import WordsNameJudge
from ventures.errors.paper_sheets import PaperDiffers, SecondPersonNeeded
from ventures.errors.reviews import (
    CommitmentMissing,
    PanelClosed,
    ReviewerRecused,
    ReviewHandedIn,
    ReviewIncomplete,
)
from ventures.models import PanelMember, PaperScoreSheet, Review
from ventures.selectors.paper_sheets import papers_of, papers_to_check
from ventures.selectors.papers import ranking_paper
from ventures.selectors.rankings import ranking_of
from ventures.services.assignments import declare_recusal
from ventures.services.paper_sheets import check_paper_sheet, enter_paper_sheet, entry_of
from ventures.services.reviews import close_panel, give_back_review
from ventures.services.sheet_contents import SheetContent

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(cast):
    round = make_round_in_review(cast.fan, [cast.organisations["enze"], make_body("纸上的队")])
    make_panel(round, [cast.ding, cast.shen], officer=cast.fan, committed=False)
    return round


def test_two_people_type_alike_and_the_sheet_is_in(cast, round):
    first, second = proposals_of(round)
    assignment = assignment_of(cast.shen, first)
    sheet = filled(first, 82.5, comment="纸上写的意见")
    scan = SimpleUploadedFile("评分表.pdf", PDF, "application/pdf")

    with pytest.raises(CommitmentMissing):
        enter_paper_sheet(assignment, sheet, acting_user=cast.fan)
    paper = enter_paper_sheet(assignment, sheet, has_signed=True, scan=scan, acting_user=cast.fan)
    assert not Review.objects.exists(), "one person alone counts for nothing"
    assert papers_to_check(cast.fan, round.programme.rounds.all()).count() == 0
    assert papers_to_check(cast.guan, round.programme.rounds.all()).get() == paper
    with pytest.raises(SecondPersonNeeded):
        check_paper_sheet(paper, sheet, acting_user=cast.fan)
    wrong = replace(sheet, items=(replace(sheet.items[0], half_points=1), *sheet.items[1:]))
    with pytest.raises(PaperDiffers) as refused:
        check_paper_sheet(paper, replace(wrong, suggested_fen=1), acting_user=cast.guan)
    assert refused.value.facts["fields"] == ["大家需要", "建议资助金额"]
    shown = entry_of(paper)
    paper = enter_paper_sheet(assignment, sheet, has_signed=True, acting_user=cast.fan)
    with pytest.raises(Overtaken):  # its words may be others than those she has before her
        check_paper_sheet(paper, sheet, seen=shown, acting_user=cast.guan)
    # Words are typed once: the second person reads them.
    review = check_paper_sheet(paper, replace(sheet, comment=""), acting_user=cast.guan)

    review.refresh_from_db()
    assert (review.state, review.comment) == (Review.State.SUBMITTED, "纸上写的意见")
    assert sum(score.half_points for score in review.scores.all()) == 165
    assert review.versions.get().total_hundredths == 8250
    paper.refresh_from_db()
    assert (paper.entered_by, paper.checked_by) == (cast.fan, cast.guan)
    assert paper.scan.name == "评分表.pdf"
    member = PanelMember.objects.get(reviewer=cast.shen)
    assert member.committed_at is not None
    change = Change.objects.get(verb="submit_paper")
    assert (change.acting_user, change.on_behalf_of) == (cast.guan, cast.shen)
    assert Message.objects.filter(to_user=cast.shen, kind="ventures.paper_sheet_taken_in").exists()
    with pytest.raises(ReviewHandedIn):
        enter_paper_sheet(assignment, sheet, acting_user=cast.fan)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperScoreSheet.objects.update(checked_by=cast.fan)

    # Given back, it is typed by two again.
    give_back_review(review, reason="看错一行", acting_user=cast.fan)
    again = enter_paper_sheet(assignment, filled(first, 80), acting_user=cast.guan)
    check_paper_sheet(again, filled(first, 80), acting_user=cast.fan)
    assert [one.total_hundredths for one in review.versions.all()] == [8250, 8000]

    # 弃权 on paper is typed by two as well: no score, and never a zero.
    shen, ding = (assignment_of(one, second) for one in (cast.shen, cast.ding))
    why = SheetContent(comment="没看懂预算")
    with pytest.raises(ReviewIncomplete):
        enter_paper_sheet(shen, SheetContent(), is_abstention=True, acting_user=cast.fan)
    paper = enter_paper_sheet(
        shen, replace(filled(second, 40), comment="没看懂预算"), is_abstention=True,
        acting_user=cast.fan,
    )  # fmt: skip
    with pytest.raises(PaperDiffers) as refused:
        check_paper_sheet(paper, filled(second, 40), acting_user=cast.guan)
    assert refused.value.facts["fields"] == ["弃权"]
    abstained = check_paper_sheet(paper, why, is_abstention=True, acting_user=cast.guan)
    paper = enter_paper_sheet(ding, filled(second, 70), has_signed=True, acting_user=cast.fan)
    check_paper_sheet(paper, filled(second, 70), acting_user=cast.guan)

    assert (abstained.state, abstained.comment) == (Review.State.ABSTAINED, "没看懂预算")
    assert not abstained.scores.exists()
    table = ranking_paper(ranking_of(round), sees_prepared=False)
    row = next(row for row in table["rows"] if row["code"] == second.code)
    assert [cell["words"] for cell in row["cells"]] == ["70", "弃权"]
    assert row["score"] == "70.00"
    assert "弃权 1 份：不计分，也不算零分；平均分只按交了的评分表算。" in table["notes"]


def test_what_is_typed_adds_up_and_names_no_judge(cast, round, client):
    assignment = assignment_of(cast.shen, proposals_of(round)[0])
    sheet = filled(assignment.proposal, 82.5, comment=f"{cast.ding.display_name}说得对")
    url = reverse("ventures:paper-sheet", args=[round.code, assignment.pk])
    client.force_login(cast.fan)
    typed = {f"score_{one.criterion_id}": str(one.half_points / 2) for one in sheet.items}

    blank, typed = client.get(url), client.post(url, typed)
    with pytest.raises(WordsNameJudge):
        enter_paper_sheet(assignment, sheet, has_signed=True, acting_user=cast.fan)

    assert "data-total-bar hidden>" in blank.content.decode()  # a script shows it
    assert (typed.status_code, "<strong data-total>82.5</strong>" in typed.content.decode()) == (
        422,
        True,
    )
    assert not PaperScoreSheet.objects.exists()


def test_whose_paper_is_typed_and_who_types(cast, round):
    first, second = proposals_of(round)
    ding, shen = (assignment_of(one, first) for one in (cast.ding, cast.shen))
    sheet = filled(first, 70)

    for stranger in (cast.ding, cast.xu, cast.shu, cast.anan):
        with pytest.raises(NotAllowed):
            enter_paper_sheet(shen, sheet, has_signed=True, acting_user=stranger)
    with pytest.raises(ReviewIncomplete):
        enter_paper_sheet(
            shen, replace(sheet, recommendation=""), has_signed=True, acting_user=cast.fan
        )
    paper = enter_paper_sheet(shen, sheet, has_signed=True, acting_user=cast.fan)
    # The second says the first was wrong: hers takes its place, and the first checks.
    mended = enter_paper_sheet(shen, filled(first, 71), acting_user=cast.guan)
    assert mended.pk == paper.pk
    with pytest.raises(SecondPersonNeeded):
        check_paper_sheet(mended, filled(first, 71), acting_user=cast.guan)
    # What she began herself stays in her sheet's history; what she hands in herself counts.
    draft(cast.shen, first, 60)
    review = check_paper_sheet(mended, filled(first, 71), acting_user=cast.fan)
    assert [one.total_hundredths for one in review.versions.all()][-1] == 7100

    waiting = enter_paper_sheet(ding, sheet, has_signed=True, acting_user=cast.fan)
    hand_in(cast.ding, first, 66)
    with pytest.raises(ReviewHandedIn):
        check_paper_sheet(waiting, sheet, acting_user=cast.guan)
    declare_recusal(assignment_of(cast.ding, second), ground="interest", acting_user=cast.ding)
    with pytest.raises(ReviewerRecused):
        enter_paper_sheet(assignment_of(cast.ding, second), sheet, acting_user=cast.fan)

    seats = papers_of(round.panel, cast.guan)
    assert [[str(line.label) for line in seat.lines] for seat in seats] == [
        ["网上已交"],
        ["纸质，已录入", "没有录"],
    ]
    hand_in(cast.shen, second, 75)
    close_panel(round.panel, acting_user=cast.fan)
    with pytest.raises(PanelClosed):
        enter_paper_sheet(shen, sheet, acting_user=cast.fan)
