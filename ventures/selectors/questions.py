"""Questions about a call with their answers, as everybody or the office reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.rules import organisations_of
from ventures.models import CallAnswer, CallQuestion, Round
from ventures.models.rounds import FILING


@dataclass(frozen=True)
class Answered:
    """One published answer; who asked is not in it."""

    number: int
    asked: str
    text: str
    answered_at: datetime
    is_corrected: bool


def answered_of(round: Round) -> list[Answered]:
    """The published ones, latest first, each with its last answer."""
    answers = CallAnswer.objects.filter(question__round=round).order_by("id")
    found: dict[int, Answered] = {}
    for answer in answers:
        found[answer.question_id] = Answered(
            answer.question_id,
            answer.asked,
            answer.text,
            answer.answered_at,
            is_corrected=answer.question_id in found,
        )
    return sorted(found.values(), key=lambda one: one.answered_at, reverse=True)


def matching(answered: Sequence[Answered], words: str) -> list[Answered]:
    """Those that hold every word looked for; all where nothing is looked for."""
    wanted = words.casefold().split()
    return [
        one
        for one in answered
        if all(word in f"{one.asked} {one.text}".casefold() for word in wanted)
    ]


def waiting_questions(round: Round) -> QuerySet[CallQuestion]:
    """What the office has not answered yet, oldest first."""
    return round.call_questions.waiting().select_related("organisation")


def own_waiting(user: User, round: Round) -> QuerySet[CallQuestion]:
    """What the person's organisations asked and nobody has answered yet."""
    return waiting_questions(round).filter(organisation__in=organisations_of(user))


def unanswered_in(rounds: QuerySet[Round]) -> QuerySet[CallQuestion]:
    """What waits in the rounds of an office, oldest first."""
    return (
        CallQuestion.objects.waiting()
        .filter(round__in=rounds.values("pk"), round__state__in=FILING)
        .select_related("round")
    )
