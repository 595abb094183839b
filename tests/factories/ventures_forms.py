"""Forms of rounds: a handful of questions of each kind, and their frozen version."""

from typing import Any

from accounts.models import User
from ventures.models import FormVersion, Question, Round, RoundForm
from ventures.services.round_forms import freeze_form

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"kind": "heading", "label": "关于场地", "help": "活动在哪里办，请提前问好。"},
    {"kind": "yes_no", "label": "有没有固定场地", "is_required": True},
    {
        "kind": "short_text",
        "label": "场地在哪里",
        "is_required": True,
        "limit": 30,
        "depends_on": "q2",
        "test": "equals",
        "test_value": "yes",
    },
    {
        "kind": "table",
        "label": "每月安排",
        "columns": [
            {"label": "月份", "kind": "short_text"},
            {"label": "场次", "kind": "number"},
            {"label": "花费", "kind": "money"},
        ],
        "row_limit": 3,
    },
    {"kind": "choices", "label": "谁来帮忙", "choices": ["居民", "学生", "企业"]},
    {
        "kind": "file",
        "label": "场地使用证明",
        "file_kinds": ["pdf"],
        "is_required": True,
        "depends_on": "q5",
        "test": "contains",
        "test_value": "企业",
    },
    {"kind": "money", "label": "自筹多少", "is_for_short": False, "is_required": True},
)


def make_form(
    round: Round,
    officer: User,
    questions: tuple[dict[str, Any], ...] = QUESTIONS,
    **built_in: dict[str, Any],
) -> RoundForm:
    """The rows of a form being drawn up, with q1, q2… for codes."""
    form = RoundForm.objects.create(
        round=round, saved_by=officer, built_in=built_in, codes_given=len(questions)
    )
    Question.objects.bulk_create(
        Question(form=form, code=f"q{number}", position=number, **values)
        for number, values in enumerate(questions, start=1)
    )
    return form


def make_frozen_form(
    round: Round,
    officer: User,
    questions: tuple[dict[str, Any], ...] = QUESTIONS,
    **built_in: dict[str, Any],
) -> FormVersion:
    """The form as it was published; by default so that a one-page form stays within twelve."""
    light = {"short": "optional", "standard": "required", "help": "", "limit": 0}
    terms = {"need_from": light, "schedule": light, "safety": light} | built_in
    make_form(round, officer, questions, **terms)
    return freeze_form(round, acting_user=officer)
