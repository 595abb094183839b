"""What a form asks, when, and what answers it: pure, so tried with many forms."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from ventures.rules.form_contents import (
    FormContent,
    Terms,
    content_as_written,
    content_from,
    digest_of_form,
    empty_tables,
    is_asked,
    required_in_short,
    required_names,
)
from ventures.rules.round_forms import (
    TESTS,
    Asked,
    Column,
    answers_that_count,
    as_typed,
    is_answered,
    moved,
    out_of_order,
    read_answer,
    shown_questions,
    unanswered,
)

KINDS = ["short_text", "number", "yes_no", "choice", "choices", "table", "heading"]
CHOICES = ("丙", "乙", "甲")  # in the order of their code points


def value_for(kind: str) -> st.SearchStrategy:
    return {
        "short_text": st.sampled_from([None, "写了"]),
        "number": st.one_of(st.none(), st.integers(0, 9)),
        "yes_no": st.sampled_from([None, True, False]),
        "choice": st.sampled_from([None, *CHOICES]),
        "choices": st.lists(st.sampled_from(CHOICES), unique=True).map(sorted),
        "table": st.sampled_from([[], [["一", 2]]]),
        "heading": st.none(),
    }[kind]


@st.composite
def forms_with_answers(draw):
    questions: list[Asked] = []
    answers = {}
    for number in range(1, draw(st.integers(1, 8)) + 1):
        kind = draw(st.sampled_from(KINDS))
        condition = {}
        parents = [one for one in questions if TESTS[one.kind]]
        if parents and draw(st.booleans()):
            parent = draw(st.sampled_from(parents))
            test = draw(st.sampled_from(TESTS[parent.kind]))
            value = {"yes_no": ["yes", "no"], "number": ["0", "5", "9"]}.get(parent.kind, CHOICES)
            condition = {
                "depends_on": parent.code,
                "test": str(test),
                "test_value": "" if test == "answered" else draw(st.sampled_from(list(value))),
            }
        questions.append(
            Asked(
                f"q{number}",
                kind,
                f"第 {number} 问",
                is_required=kind != "heading" and draw(st.booleans()),
                is_for_short=draw(st.booleans()),
                limit=20,
                choices=CHOICES if "choice" in kind else (),
                columns=(Column("名称", "short_text"), Column("数", "number"))
                if kind == "table"
                else (),
                row_limit=3,
                **condition,
            )
        )
        answers[f"q{number}"] = draw(value_for(kind))
    return questions, answers, draw(st.booleans())


@settings(max_examples=300, deadline=None)
@given(forms_with_answers())
def test_no_required_answer_is_ever_waited_for_where_nobody_is_asked(case):
    questions, answers, is_short = case

    shown = {one.code for one in shown_questions(questions, answers, is_short=is_short)}
    waiting = unanswered(questions, answers, is_short=is_short)
    kept = answers_that_count(questions, answers, is_short=is_short)

    assert {one.code for one in waiting} <= shown
    assert all(one.is_required and not is_answered(answers[one.code]) for one in waiting)
    assert kept.keys() <= shown
    for one in questions:
        if one.depends_on and one.code in shown:
            assert one.depends_on in shown
            assert is_answered(answers[one.depends_on])
    # What is hidden plays no part: with only the kept answers the same is asked and waited for.
    again = shown_questions(questions, kept, is_short=is_short)
    assert [one.code for one in again] == [
        one.code for one in shown_questions(questions, answers, is_short=is_short)
    ]
    assert out_of_order(questions) == []


@settings(max_examples=60, deadline=None)
@given(forms_with_answers())
def test_form_and_answers_survive_being_written_down(case):
    questions, answers, _is_short = case
    content = FormContent({"plan": Terms("off", "required", "写具体", 200)}, tuple(questions))

    read = content_from(content_as_written(content))

    assert read == content
    assert digest_of_form(content_as_written(read)) == digest_of_form(content_as_written(content))
    for one in questions:
        if one.kind != "heading":
            value = read_answer(one, as_typed(one, answers[one.code]))
            assert (value or None) == (answers[one.code] or None) or value == answers[one.code]


@pytest.mark.parametrize(
    ("asked", "typed", "value"),
    [
        (Asked("q1", "short_text", "", limit=4), " 四个字啊 ", "四个字啊"),
        (Asked("q1", "long_text", "", limit=9), "一\r\n二", "一\n二"),
        (Asked("q1", "number", ""), "060", 60),
        (Asked("q1", "money", ""), "1600.5", 160050),
        (Asked("q1", "date", ""), "2027-03-05", "2027-03-05"),
        (Asked("q1", "yes_no", ""), "no", False),
        (Asked("q1", "choices", "", choices=CHOICES), ["甲", "丙", ""], ["丙", "甲"]),
        (Asked("q1", "choice", "", choices=CHOICES), "", None),
    ],
)
def test_what_is_typed_is_read(asked, typed, value):
    assert read_answer(asked, typed) == value


TABLE = Asked(
    "q1",
    "table",
    "",
    columns=(Column("月份", "short_text"), Column("场次", "number"), Column("花费", "money")),
    row_limit=2,
)


def test_table_is_read_row_by_row_and_says_where_it_is_wrong():
    cells = ["三月", "2", "30.50", "", "", "", "四月", "1", "0"]

    assert read_answer(TABLE, cells) == [["三月", 2, 3050], ["四月", 1, 0]]
    assert as_typed(TABLE, [["三月", 2, 3050]]) == ["三月", "2", "30.50"]
    with pytest.raises(ValidationError, match="第 2 行的“场次”：请填写整数"):
        read_answer(TABLE, ["三月", "2", "3", "四月", "两场", "3"])
    with pytest.raises(ValidationError, match="第 1 行的“花费”还没有填"):
        read_answer(TABLE, ["三月", "2", ""])
    with pytest.raises(ValidationError, match="最多 2 行，现在 3 行"):
        read_answer(TABLE, ["三月", "2", "3"] * 3)


@pytest.mark.parametrize(
    ("asked", "typed", "sentence"),
    [
        (Asked("q1", "short_text", "", limit=2), "三个字", "最多 2 字，现在 3 字，请精简 1 字"),
        (Asked("q1", "number", ""), "六十", "请填写整数"),
        (Asked("q1", "number", ""), "9" * 13, "数字太大了"),
        (Asked("q1", "money", ""), "1.005", "最多两位小数"),
        (Asked("q1", "money", ""), "1e99", "数字太大了"),
        (Asked("q1", "money", ""), "NaN", "最多两位小数"),
        (Asked("q1", "date", ""), "明天", "请填写日期"),
        (Asked("q1", "date", ""), "0001-01-01", "请核对年份"),
        (Asked("q1", "choice", "", choices=CHOICES), "丁", "请从列出的选项里选"),
        (Asked("q1", "yes_no", ""), "也许", "请选择“是”或“否”"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(asked, typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        read_answer(asked, typed)


def test_order_and_circles():
    first = Asked("q1", "choice", "一", choices=CHOICES)
    second = Asked("q2", "yes_no", "二", depends_on="q1", test="equals", test_value="甲")
    later = Asked("q3", "number", "三", depends_on="q4", test="equals", test_value="yes")
    circle = Asked("q4", "yes_no", "四", depends_on="q3", test="at_least", test_value="3")
    gone = Asked("q5", "number", "五", depends_on="q1", test="equals", test_value="丁")

    assert out_of_order([first, second]) == []
    assert out_of_order(moved([first, second], "q2", is_up=True)) == [second]
    assert moved([first, second], "q1", is_up=True) == [first, second]
    assert out_of_order([later, circle]) == [later]
    assert out_of_order([first, gone]) == [gone]


def test_built_in_questions_are_asked_as_the_round_says():
    usual = ("title", "plan", "safety")
    content = FormContent(
        {
            "title": Terms("off", "off"),
            "plan": Terms("optional", "required"),
            "team": Terms("required", "required"),
            "safety": Terms("off", "required"),
        },
        (Asked("q1", "number", "", is_required=True), Asked("q2", "choice", "", choices=("甲",))),
    )

    assert required_names(content, usual, is_short=True) == ("title", "team")
    assert required_names(content, usual, is_short=False) == ("title", "plan", "safety", "team")
    assert not is_asked(content, "safety", usual=True, is_short=True)
    assert is_asked(content, "title", usual=True, is_short=True)
    assert required_in_short(content, usual) == 3
    assert [one.code for one in empty_tables(content.questions)] == ["q2"]
