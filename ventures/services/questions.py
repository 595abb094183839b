"""Ask about a call, and answer so that everybody reads it."""

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Organisation, User
from accounts.services.changes import record_change
from ventures.errors.timetable import MayNotAsk, NoQuestionsHere, QuestionsClosed
from ventures.models import CallAnswer, CallQuestion, Round
from ventures.rules import timetable as rules
from ventures.services.round_news import tell_answered


def require_may_ask(user: User, round: Round) -> None:
    """Say why not and whom to phone, before a form is shown and again when it is done."""
    if not rules.asks_for(user, round):
        raise MayNotAsk(phone=round.contact_phone)
    now = database_now()
    if rules.is_taking_questions(round, now):
        return
    stage = rules.questions_of(round)
    if stage is not None and stage.ends_at <= now:
        raise QuestionsClosed(
            closed_at=stage.ends_at, who=round.contact_name, phone=round.contact_phone
        )
    raise NoQuestionsHere(who=round.contact_name, phone=round.contact_phone)


@transaction.atomic
def ask_question(
    round: Round, organisation: Organisation, text: str, *, acting_user: User
) -> CallQuestion:
    """Ask for an organisation. The same words again are the same question.

    Refused to people who act for none (`MayNotAsk`), and outside the stage of questions
    (`QuestionsClosed`, `NoQuestionsHere`), with the phone number that still helps.
    """
    Round.objects.select_for_update().only("pk").get(pk=round.pk)
    round = Round.objects.prefetch_related("stages").get(pk=round.pk)
    require_may_ask(acting_user, round)
    if organisation.pk not in rules.asks_for(acting_user, round):
        raise MayNotAsk(phone=round.contact_phone)
    question, _is_new = CallQuestion.objects.get_or_create(
        round=round,
        organisation=organisation,
        text=text,
        defaults={"asked_by": acting_user, "asked_at": database_now()},
    )
    return question


@transaction.atomic
def answer_question(
    question: CallQuestion, *, asked: str, text: str, acting_user: User
) -> CallAnswer:
    """Publish an answer under the question as the office words it; a later one corrects it.

    Whoever asked is told; nobody is named. The same answer again is the same answer. Refused to
    others than the round's officers and operator.
    """
    CallQuestion.objects.select_for_update().only("pk").get(pk=question.pk)
    question = CallQuestion.objects.select_related("round__region", "asked_by").get(pk=question.pk)
    if not rules.may_answer(acting_user, question.round):
        raise NotAllowed()
    last = question.answers.order_by("-id").first()
    if last is not None and (last.asked, last.text) == (asked, text):
        return last
    answer = CallAnswer.objects.create(
        question=question, asked=asked, text=text, answered_by=acting_user
    )
    record_change(
        question,
        "correct_answer" if last else "answer",
        facts={"answer": answer.pk},
        acting_user=acting_user,
    )
    tell_answered(answer)
    return answer
