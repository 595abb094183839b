"""What a form looks like before anybody has filled it in: with made-up answers."""

from typing import Any

from django.utils.translation import gettext as _

from ventures.models import Question
from ventures.rules.form_contents import FormContent
from ventures.rules.round_forms import Asked, Column, answers_that_count
from ventures.selectors.answer_readings import Answered, answered_in

Kind = Question.Kind


def sample_answers(content: FormContent) -> list[Answered]:
    """Every own question answered with a word that shows its place, for the reviewer's eyes."""
    answers = {one.code: _sample(one) for one in content.questions if not one.is_heading}
    counted = answers_that_count(content.questions, answers, is_short=False)
    snapshot = {
        "answers": [
            {
                "code": one.code,
                "kind": one.kind,
                "label": one.label,
                "columns": [{"label": c.label, "kind": c.kind} for c in one.columns],
                "value": counted[one.code],
            }
            for one in content.questions
            if one.code in counted
        ]
    }
    return answered_in(snapshot)


def _sample(asked: Asked) -> Any:
    if asked.kind == Kind.YES_NO:
        return True
    if asked.kind == Kind.CHOICE:
        return asked.choices[0]
    if asked.kind == Kind.CHOICES:
        return list(asked.choices[:2])
    if asked.kind == Kind.FILE:
        return [{"name": _("示例.pdf"), "sha256": ""}]
    if asked.kind == Kind.TABLE:
        return [[_sample_cell(column) for column in asked.columns] for _row in range(2)]
    return _sample_cell(Column(asked.label, asked.kind))


def _sample_cell(column: Column) -> str | int:
    if column.kind == Kind.NUMBER:
        return 12
    if column.kind == Kind.MONEY:
        return 80000
    if column.kind == Kind.DATE:
        return "2027-03-05"
    return _("（申报方填写的内容）")
