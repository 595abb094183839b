"""Discussion while a round is judged, and the applicant's answer before the decision."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Message, Role
from accounts.rules import forget_roles
from accounts.services.roles import grant_role
from tests.factories.ventures_awards import (
    assignment_of,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.plugins.relay import laid_again
from ventures.errors.discussions import AnsweredAlready, OwnSheetFirst, WordsNameJudge
from ventures.errors.review_phases import AnswerNotOpen, DiscussionNotOpen
from ventures.models import ApplicantAnswer, Remark, ReviewPhase
from ventures.rules.review_rights import rights_in
from ventures.selectors.discussions import answer_page_of, discussion_of
from ventures.services.applicant_answers import answer_reviewers, tell_answers_open
from ventures.services.discussions import (
    mute_discussion,
    put_right,
    require_own_sheet,
    say,
    take_back,
)

pytestmark = pytest.mark.django_db

A = Remark.Audience


@pytest.fixture
@laid_again
def round(cast):
    bodies = [cast.organisations["enze"], make_body("乙队")]
    return make_round_in_review(cast.fan, bodies)


@pytest.fixture
@laid_again
def proposal(round, cast):
    make_panel(round, [cast.ding, cast.shen, cast.lu], officer=cast.fan)
    return proposals_of(round)[0]


def phase(round, **rights):
    """One that runs now."""
    now = timezone.now()
    ReviewPhase.objects.filter(round=round).delete()
    return ReviewPhase.objects.create(
        round=round,
        name="讨论",
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        **rights,
    )


def texts_for(user, proposal):
    return [one.text for one in discussion_of(proposal, user).remarks]


def test_a_discussion_has_three_audiences_that_never_change(round, proposal, cast):
    with pytest.raises(DiscussionNotOpen):
        say(proposal, audience=A.REVIEWERS, text="太早", acting_user=cast.ding)
    phase(round, discussion_open=True)
    mute_discussion(proposal, is_muted=True, acting_user=cast.shen)

    among = say(proposal, audience=A.REVIEWERS, text="预算偏高", acting_user=cast.ding)
    assert say(proposal, audience=A.REVIEWERS, text="预算偏高", acting_user=cast.ding) == among
    say(proposal, audience=A.OFFICE, text="材料里有涂改", acting_user=cast.ding)
    with pytest.raises(WordsNameJudge):
        say(proposal, audience=A.APPLICANT, text="陆总干事和我都想问", acting_user=cast.ding)
    say(proposal, audience=A.APPLICANT, text="保险怎么买？", acting_user=cast.ding)
    say(proposal, audience=A.REVIEWERS, text="请看第 2 行", acting_user=cast.fan)

    everything = ["预算偏高", "材料里有涂改", "保险怎么买？", "请看第 2 行"]
    assert texts_for(cast.fan, proposal) == everything
    assert texts_for(cast.ding, proposal) == everything
    assert texts_for(cast.lu, proposal) == ["预算偏高", "保险怎么买？", "请看第 2 行"]
    assert texts_for(cast.en, proposal) == ["保险怎么买？"]
    assert texts_for(cast.anan, proposal) == []
    assert {one.who for one in discussion_of(proposal, cast.lu).remarks} == {"评委 1", "经办人"}
    told = Message.objects.filter(kind="ventures.remark")
    assert {one.to_user for one in told} == {cast.lu, cast.fan, cast.ding}
    assert told.filter(to_user=cast.fan).count() == 3  # not of her own words

    put_right(among, text="第 2 行预算偏高", acting_user=cast.ding)
    with pytest.raises(NotAllowed):
        put_right(among, text="无所谓", acting_user=cast.lu)
    with pytest.raises(IntegrityError, match="keeps its audience"), transaction.atomic():
        Remark.objects.filter(pk=among.pk).update(audience=A.APPLICANT)
    assert texts_for(cast.lu, proposal)[0] == "第 2 行预算偏高"
    assert [one.text for one in among.texts.all()] == ["预算偏高", "第 2 行预算偏高"]
    take_back(among, acting_user=cast.ding)
    assert "第 2 行预算偏高" not in texts_for(cast.lu, proposal)

    # Who turns out to be tied is out of it, whatever else she is.
    grant_role(cast.lu, Role.Kind.MEMBER, organisation=proposal.applicant, acting_user=cast.fan)
    forget_roles(cast.lu)
    with pytest.raises(NotAllowed):
        say(proposal, audience=A.REVIEWERS, text="我也说", acting_user=cast.lu)
    assert texts_for(cast.lu, proposal) == ["保险怎么买？"]  # as its applicant now


def test_others_words_come_after_ones_own_sheet_where_the_phase_says_so(round, proposal, cast):
    phase(round, discussion_open=True, scoring_open=True, others_scores="after_own")
    rights = rights_in(round)
    closed = replace(rights, others_scores="never", may_discuss=False)

    for now in (rights, closed):
        with pytest.raises(OwnSheetFirst):
            require_own_sheet(assignment_of(cast.ding, proposal), now)
    require_own_sheet(assignment_of(cast.ding, proposal), replace(rights, others_scores="always"))
    hand_in(cast.ding, proposal, 80)
    require_own_sheet(assignment_of(cast.ding, proposal), rights)


def test_the_applicant_answers_once_and_sees_neither_names_nor_scores(
    round, proposal, cast, client
):
    hand_in(cast.ding, proposal, 61.5, comment="走访不够")
    hand_in(cast.shen, proposal, 77, comment="账目清楚")
    url = reverse("ventures:proposal-answer", args=[proposal.code])
    client.force_login(cast.en)
    assert client.get(url).status_code == 404
    with pytest.raises(AnswerNotOpen):
        answer_reviewers(proposal, text="还没开", acting_user=cast.en)
    phase(round, answer_open=True)
    assert tell_answers_open() == 2
    tell_answers_open()
    told = Message.objects.filter(kind="answer_open", to_user=cast.en)
    assert told.count() == 1

    page = client.get(url).content.decode()
    assert "我们的申报" in page  # framed like every page

    assert "走访不够" in page
    assert "账目清楚" in page
    for hidden in ("丁老师", "沈会计师", "61.5", "评委 1"):
        assert hidden not in page
    assert client.post(url, {"text": "补走访名单 30 户"}).status_code == 302
    answer_reviewers(proposal, text="补走访名单 30 户", acting_user=cast.en)
    with pytest.raises(AnsweredAlready):
        answer_reviewers(proposal, text="再补一句", acting_user=cast.en)
    with pytest.raises(NotAllowed):
        answer_reviewers(proposal, text="代答", acting_user=cast.ding)
    assert ApplicantAnswer.objects.get().text == "补走访名单 30 户"
    assert Message.objects.filter(kind="ventures.applicant_answered").count() == 4

    # Reviewers and the meeting read it; the words stay when the term is over.
    client.force_login(cast.shen)
    sheet = reverse("ventures:review-sheet", args=[assignment_of(cast.shen, proposal).pk])
    assert "补走访名单 30 户" in client.get(sheet).content.decode()
    client.force_login(cast.fan)
    sheets = reverse("ventures:proposal-sheets", args=[round.code, proposal.code])
    assert "补走访名单 30 户" in client.get(sheets).content.decode()
    ReviewPhase.objects.update(
        begins_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    assert answer_page_of(proposal).until is None
