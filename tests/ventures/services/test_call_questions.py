"""Questions about a call: asked in time by members, answered to all, nobody named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Message, Organisation
from config.demo.cast import Cast
from ventures.errors.timetable import MayNotAsk, NoQuestionsHere, QuestionsClosed
from ventures.models import CallQuestion, Round, Stage
from ventures.selectors.questions import answered_of, matching
from ventures.services.questions import answer_question, ask_question

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def asking(round: Round) -> Round:
    now = timezone.now()
    round.operator = Organisation.objects.get(is_operator=True)
    round.save(update_fields=["operator"])
    Stage.objects.create(
        round=round,
        kind=Stage.Kind.QUESTIONS,
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    return round


def ask(round: Round, cast: Cast, text: str = "备案组织能报吗？", body: str = "enze", by="en"):
    return ask_question(round, cast.organisations[body], text, acting_user=cast.people[by])


def test_asked_once_answered_to_all_and_corrected_with_the_asker_told(cast: Cast, asking: Round):
    first = ask(asking, cast, "我们恩泽社是备案的，能报吗？")
    assert ask(asking, cast, "我们恩泽社是备案的，能报吗？") == first
    assert CallQuestion.objects.visible_to(cast.pan).count() == 0
    assert list(CallQuestion.objects.visible_to(cast.enxiao)) == [first]

    answer = answer_question(
        first, asked="备案的组织能报吗？", text="能，由代管单位收款。", acting_user=cast.ou
    )
    again = answer_question(first, asked=answer.asked, text=answer.text, acting_user=cast.ou)
    answer_question(first, asked=answer.asked, text="能，至多三万元。", acting_user=cast.fan)

    assert again == answer
    (shown,) = answered_of(asking)
    assert (shown.asked, shown.text) == ("备案的组织能报吗？", "能，至多三万元。")
    assert shown.is_corrected
    assert "恩泽" not in str(shown)
    assert matching([shown], "备案 三万") == [shown]
    assert matching([shown], "彩票") == []
    assert CallQuestion.objects.visible_to(cast.pan).count() == 1
    told = Message.objects.filter(kind="question_answered")
    assert {one.to_user for one in told} == {cast.en}
    assert told.count() == 2


def test_who_may_not_ask_or_answer_is_told_why_and_whom_to_phone(cast: Cast, asking: Round):
    with pytest.raises(MayNotAsk):
        ask(asking, cast, by="anan")
    with pytest.raises(MayNotAsk):  # another body's member
        ask(asking, cast, body="banrixian")
    question = ask(asking, cast)
    with pytest.raises(NotAllowed):
        answer_question(question, asked="问", text="答", acting_user=cast.en)

    asking.stages.update(ends_at=timezone.now())
    with pytest.raises(QuestionsClosed) as late:
        ask(asking, cast, "来得及吗？")
    assert asking.contact_phone in late.value.sentence % late.value.shown_facts()
    answer_question(question, asked="备案组织能报吗？", text="能。", acting_user=cast.fan)
    asking.stages.all().delete()
    with pytest.raises(NoQuestionsHere):
        ask(asking, cast, "来得及吗？")
