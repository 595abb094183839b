"""A round's form on its pages: drawn up, filled in, and read by the office."""

import csv
import io
import json

import pytest

from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from tests.factories.ventures_forms import make_frozen_form
from tests.ventures.views.test_proposals import as_, save
from ventures.models import Proposal, Question, Round
from ventures.services.answers import AnswersText
from ventures.services.drafts import DraftText, save_draft
from ventures.services.proposals import submit_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def draft(cast: Cast, round: Round) -> Proposal:
    make_frozen_form(round, cast.fan)
    return make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)


def test_officer_draws_a_form_up_on_its_pages(cast: Cast):
    round = make_round(created_by=cast.fan, state=Round.State.DRAFT)
    officer, page = as_(cast.fan), f"/rounds/{round.code}/form/"

    officer.post(f"{page}add/choice/", {"label": "在哪里办", "choices": "室内\n室外：河边"})
    officer.post(f"{page}add/number/", {"label": "几个人", "when": "q1:equals:室外：河边"})
    officer.post(
        f"{page}add/table/",
        {
            "label": "每月安排",
            "row_limit": "６",
            "column_0": "月份",
            "column_kind_0": "short_text",
            "column_1": "场次",
            "column_kind_1": "number",
            "when": "q2:at_least:",
            "threshold": "20",
            "is_required": "on",
            "is_for_short": "on",
        },
    )

    first, second, third = Question.objects.all()
    assert first.choices == ["室内", "室外：河边"]
    assert (second.depends_on, second.test, second.test_value) == ("q1", "equals", "室外：河边")
    assert (third.test, third.test_value, third.row_limit) == ("at_least", "20", 6)
    text = officer.get(page).content.decode()
    assert "仅当“几个人”不少于 20时填写" in text
    assert "一页简表有 13 个必填项" in text
    assert officer.post(f"{page}add/table/", {"label": "空表", "row_limit": 3}).status_code == 422
    assert officer.post(f"{page}add/nonsense/", {"label": "？"}).status_code == 404
    moved = officer.post(f"{page}questions/q3/move/", {"to": "up"})
    assert moved.status_code == 409
    assert "只能排在它后面" in moved.content.decode()
    built_in = {name: "optional" for name in ("safety-short", "safety-standard")}
    fields = officer.get(f"{page}built-in/").context["form"].fields
    sent = {name: field.initial or "" for name, field in fields.items()} | built_in
    assert officer.post(f"{page}built-in/", sent).status_code == 302
    round.form.refresh_from_db()
    assert round.form.built_in.keys() == {"safety"}
    assert "一页简表必填 12 项" in officer.get(page).content.decode()


def test_answers_are_autosaved_and_told_beside_their_question(cast: Cast, draft: Proposal):
    answer = save(
        as_(cast.en),
        draft,
        revision=0,
        fields=["q2", "q3", "q4", "q5"],
        q2="yes",
        q3="太长" * 30,
        q4=["三月", "两场", "50", "", "", ""],
        q5=["学生", "居民"],
    )

    body = json.loads(answer.content)
    assert body["errors"] == {
        "q3": ["最多 30 字，现在 60 字，请精简 30 字。"],
        "q4": ["第 1 行的“场次”：请填写整数，如 60。"],
    }
    (section,) = [one for one in body["sections"] if one["key"] == "questions"]
    assert section["missing"] == ["“场地在哪里”的填写需要更正", "“每月安排”的填写需要更正"]
    draft.refresh_from_db()
    assert draft.answer_sheet.answers == {"q2": True, "q5": ["居民", "学生"]}
    page = as_(cast.en).get(f"/proposals/{draft.code}/edit/").content.decode()
    assert 'value="两场"' in page
    assert "仅当“有没有固定场地”选“是”时填写" in page


def test_office_marks_a_question_and_exports_a_column_for_each(
    cast: Cast, round: Round, draft: Proposal
):
    answers = AnswersText({"q2": True, "q3": "=1+1", "q4": [["三月", 2, 5000]], "q5": ["居民"]})
    save_draft(draft, DraftText(answers=answers), revision=0, acting_user=cast.en)
    submit_proposal(draft, acting_user=cast.en)
    officer = as_(cast.fan)

    table = b"".join(officer.get(f"/rounds/{round.code}/proposals.csv")).decode()
    (row,) = csv.DictReader(io.StringIO(table.lstrip("\ufeff")))

    assert (row["有没有固定场地"], row["场地在哪里"]) == ("是", "'=1+1")
    assert row["每月安排"] == "三月 · 2 · ¥50.00"
    assert "关于场地" not in row
    officer.post(
        f"/proposals/{draft.code}/return/",
        {
            "reason": "写到房间",
            "marked_fields": ["q3"],
            "complete_on": round.closes_at.date().isoformat(),
        },
    )
    page = as_(cast.en).get(f"/proposals/{draft.code}/edit/").content.decode()
    assert page.count("请补正这一项") == 1
    assert "请补正这一项" in page.split('data-question="q3"')[1].split('data-question="q4"')[0]
