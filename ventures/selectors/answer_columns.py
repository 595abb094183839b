"""Answers to a round's own questions as columns of the office's table: one a question.

As everywhere in the office, what was handed in last is read, never what is being rewritten.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform

from ventures.models import Proposal, ProposalVersion, Question, Round
from ventures.rules.round_forms import Asked, as_typed
from ventures.selectors.answer_readings import answer_in_words
from ventures.selectors.round_forms import content_of

# What a spreadsheet adds up or sorts by stands there as it is typed.
PLAIN = (Question.Kind.NUMBER, Question.Kind.MONEY, Question.Kind.DATE)


def columns_of(round: Round) -> list[Asked]:
    """The questions that get a column, in the order of the form."""
    return [asked for asked in content_of(round).questions if not asked.is_heading]


def with_answers(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With the answers of the last version handed in."""
    last = ProposalVersion.objects.filter(proposal=OuterRef("pk")).order_by("-number")
    answers = last.values(found=KeyTransform("answers", "snapshot"))[:1]
    return proposals.annotate(handed_answers=Subquery(answers, output_field=JSONField()))


def cells_of(proposal: Proposal, columns: Sequence[Asked]) -> list[str]:
    """Its answer to each question; empty where it was not asked or not answered."""
    answers: list[dict[str, Any]] = getattr(proposal, "handed_answers", None) or []
    by_code = {one["code"]: one for one in answers}
    return [_cell(asked, by_code.get(asked.code)) for asked in columns]


def _cell(asked: Asked, answer: dict[str, Any] | None) -> str:
    if answer is None:
        return ""
    if asked.kind in PLAIN:
        return str(as_typed(asked, answer["value"]))
    return answer_in_words(answer["kind"], answer["value"], answer["columns"])
