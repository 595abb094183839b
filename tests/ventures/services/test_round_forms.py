"""A round's form: drawn up, frozen at publishing, its words corrected; and what is answered."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.errors import FileRefused, NotAllowed, ReasonMissing
from accounts.models import Message
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round, publish
from tests.factories.ventures_forms import QUESTIONS, make_form, make_frozen_form
from tests.scene.calls import MINIMAL_PDF
from ventures.errors.proposals import DraftOvertaken, ProposalIncomplete
from ventures.errors.round_forms import (
    FormFrozen,
    FormNotFrozen,
    FormUnsound,
    NothingCorrected,
    QuestionBeforeItsReason,
    QuestionLookedAt,
    TooManyRequired,
)
from ventures.models import FormVersion, Proposal, Question, Round
from ventures.rules.form_contents import Terms
from ventures.selectors.form_builder import condition_in_words
from ventures.selectors.proposals import whole_proposals
from ventures.selectors.round_forms import content_drawn_up, content_of, missing_answers
from ventures.selectors.version_changes import changes_between
from ventures.services.answers import AnswersText, add_answer_file
from ventures.services.drafts import DraftText, save_draft
from ventures.services.proposals import submit_proposal
from ventures.services.round_copying import copy_round
from ventures.services.round_forms import (
    add_question,
    copy_form,
    correct_words,
    edit_question,
    move_question,
    remove_question,
    set_built_in,
)
from ventures.services.screening import return_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def prepared(cast: Cast) -> Round:
    return make_round(
        created_by=cast.fan, state=Round.State.DRAFT, eligibility="本地登记或备案的社会组织。"
    )


@pytest.fixture
def asked(cast: Cast, round: Round) -> FormVersion:
    """The open round asks seven things of its own."""
    return make_frozen_form(round, cast.fan)


@pytest.fixture
def draft(cast: Cast, round: Round, asked: FormVersion) -> Proposal:
    return make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)


def pdf(name: str = "证明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, MINIMAL_PDF, content_type="application/pdf")


def codes(round: Round) -> list[str]:
    return [one.code for one in content_drawn_up(Round.objects.get(pk=round.pk)).questions]


def answered(draft: Proposal, user, values=None, typed=None) -> Proposal:
    draft.refresh_from_db()
    text = DraftText(answers=AnswersText(values or {}, typed or {}))
    return save_draft(draft, text, revision=draft.revision, acting_user=user)


# Drawing it up ----------------------------------------------------------------------------


def test_questions_keep_their_order_and_what_they_wait_for(cast: Cast, prepared: Round):
    yes_no = add_question(prepared, {"kind": "yes_no", "label": "有没有场地"}, acting_user=cast.fan)
    where = add_question(
        prepared,
        {
            "kind": "short_text",
            "label": "在哪里",
            "limit": 30,
            "depends_on": "q1",
            "test": "equals",
            "test_value": "yes",
        },
        acting_user=cast.fan,
    )

    with pytest.raises(QuestionBeforeItsReason, match="只能排在它后面"):
        move_question(where, is_up=True, acting_user=cast.fan)
    with pytest.raises(QuestionLookedAt, match="“在哪里”"):
        remove_question(yes_no, acting_user=cast.fan)
    with pytest.raises(QuestionLookedAt, match="“有没有场地”不能移除、改题型"):
        edit_question(yes_no, {"kind": "date"}, acting_user=cast.fan)
    third = add_question(prepared, {"kind": "date", "label": "何时开始"}, acting_user=cast.fan)
    move_question(third, is_up=True, acting_user=cast.fan)
    assert codes(prepared) == ["q1", "q3", "q2"]
    remove_question(third, acting_user=cast.fan)
    add_question(prepared, {"kind": "heading", "label": "说明"}, acting_user=cast.fan)
    assert codes(prepared) == ["q1", "q2", "q4"]  # a code is never given twice
    with pytest.raises(NotAllowed):
        add_question(prepared, {"kind": "date", "label": "？"}, acting_user=cast.xu)


def test_publishing_freezes_the_form_once_and_refuses_what_nobody_could_fill_in(
    cast: Cast, prepared: Round
):
    add_question(
        prepared,
        {"kind": "choice", "label": "选哪种", "choices": ["只有一个"]},
        acting_user=cast.fan,
    )
    with pytest.raises(FormUnsound, match="选哪种"):
        publish(prepared)
    question = Question.objects.get()
    edit_question(question, {"choices": ["甲", "乙"], "is_required": True}, acting_user=cast.fan)
    with pytest.raises(TooManyRequired, match="13 个必填项，最多 12 个。请把其中 1 个"):
        publish(prepared)
    set_built_in(prepared, {"safety": Terms("optional", "required")}, acting_user=cast.fan)

    publish(prepared)

    version = FormVersion.objects.get(round=prepared)
    assert (version.number, version.reason) == (1, "")
    with pytest.raises(FormFrozen, match="已随征集公告定稿"):
        edit_question(question, {"label": "改了"}, acting_user=cast.fan)
    with pytest.raises(FormFrozen):
        set_built_in(prepared, {}, acting_user=cast.fan)
    with pytest.raises(DatabaseError), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).update(reason="悄悄改")


def test_form_is_copied_with_its_round_and_from_another(cast: Cast, prepared: Round, round: Round):
    make_frozen_form(round, cast.fan)

    copy_form(prepared, round, acting_user=cast.fan)

    copied, source = content_drawn_up(prepared), content_of(round)
    assert (copied.questions, copied.built_in) == (source.questions, source.built_in)
    added = add_question(prepared, {"kind": "date", "label": "新的"}, acting_user=cast.fan)
    assert added.code == "q8"
    assert codes(copy_round(round, acting_user=cast.fan)) == [f"q{n}" for n in range(1, 8)]


def test_only_words_are_corrected_and_whoever_writes_is_told(
    cast: Cast, draft: Proposal, round: Round, prepared: Round
):
    words = {"label": "场地具体在哪里", "help": "写到门牌号"}

    with pytest.raises(ReasonMissing):
        correct_words(round, code="q3", **words, reason=" ", acting_user=cast.fan)
    with pytest.raises(FormNotFrozen):
        correct_words(prepared, code="q3", **words, reason="写清", acting_user=cast.fan)
    why = "大家问到哪一级"
    version = correct_words(round, code="q3", **words, reason=why, acting_user=cast.fan)

    assert version.number == 2
    old, new = content_of(round), content_of(Round.objects.get(pk=round.pk))
    assert [one.code for one in new.questions] == [one.code for one in old.questions]
    assert new.question("q3").label == "场地具体在哪里"
    told = Message.objects.filter(kind="form_corrected")
    assert {one.to_user.display_name for one in told} == {"恩老师", "恩晓"}
    assert why in told[0].body
    with pytest.raises(NothingCorrected):
        correct_words(round, code="q3", **words, reason="再来一次", acting_user=cast.fan)


# Answering --------------------------------------------------------------------------------


def test_answers_are_kept_with_the_draft_and_hidden_ones_do_not_count(cast: Cast, draft: Proposal):
    with pytest.raises(ProposalIncomplete, match="回答“有没有固定场地”"):
        submit_proposal(draft, acting_user=cast.en)
    answered(
        draft,
        cast.en,
        {"q2": True, "q4": [["三月", 2, 5000]], "q5": ["企业"]},
        {"q3": "太长" * 30},
    )
    with pytest.raises(ProposalIncomplete) as refused:
        submit_proposal(draft, acting_user=cast.en)
    assert refused.value.facts["missing"] == [
        "“场地在哪里”的填写需要更正",
        "为“场地使用证明”上传文件",
    ]
    with pytest.raises(FileRefused, match="这一题只收PDF"):
        add_answer_file(draft, "q6", pdf("照片.jpg"), acting_user=cast.en)
    add_answer_file(draft, "q6", pdf(), acting_user=cast.en)
    answered(draft, cast.en, {"q3": "南关厢社区二楼"})

    version = submit_proposal(draft, acting_user=cast.en)

    kept = {one["code"]: one["value"] for one in version.snapshot["answers"]}
    assert kept["q2"] is True
    assert kept["q3"] == "南关厢社区二楼"
    assert kept["q4"] == [["三月", 2, 5000]]
    assert [file["name"] for file in kept["q6"]] == ["证明.pdf"]
    assert version.snapshot["form_version"]["number"] == 1
    assert version.snapshot["form_version"]["sha256"] == FormVersion.objects.get().sha256


def test_what_was_answered_and_is_hidden_now_is_not_frozen_but_not_lost(
    cast: Cast, draft: Proposal
):
    answered(draft, cast.en, {"q2": True, "q3": "南关厢社区二楼"})
    answered(draft, cast.en, {"q2": False})

    version = submit_proposal(draft, acting_user=cast.en)

    assert [one["code"] for one in version.snapshot["answers"]] == ["q2"]
    assert draft.answer_sheet.answers["q3"] == "南关厢社区二楼"


def test_an_older_page_overwrites_no_answer_and_the_same_save_again_is_no_conflict(
    cast: Cast, draft: Proposal
):
    stored = answered(draft, cast.en, {"q2": False, "q5": ["居民"]})
    text = DraftText(answers=AnswersText({"q2": False, "q5": ["居民"]}))

    again = save_draft(draft, text, revision=stored.revision - 1, acting_user=cast.enxiao)

    assert again.revision == stored.revision
    other = DraftText(answers=AnswersText({"q5": ["学生"]}))
    with pytest.raises(DraftOvertaken) as refused:
        save_draft(draft, other, revision=stored.revision - 1, acting_user=cast.enxiao)
    assert refused.value.facts["fields"] == {"q5": ["居民"]}


def test_round_leaves_out_a_built_in_question(cast: Cast, round: Round):
    off = {"short": "off", "standard": "off", "help": "", "limit": 0}
    make_frozen_form(round, cast.fan, QUESTIONS[:1], safety=off)
    draft = make_proposal(
        round, cast.organisations["enze"], created_by=cast.en, safety="", need_from=""
    )

    assert submit_proposal(draft, acting_user=cast.en).number == 1


# Versions ---------------------------------------------------------------------------------


def test_completed_version_shows_what_changed_and_what_was_asked_for(
    cast: Cast, draft: Proposal, round: Round
):
    answered(draft, cast.en, {"q2": True, "q3": "南关厢", "q4": [["三月", 2, 5000]]})
    first = submit_proposal(draft, acting_user=cast.en)
    return_proposal(
        draft,
        reason="场地写清楚，安排补全",
        marked_fields=["q3", "safety"],
        complete_by=timezone.now() + timedelta(days=20),
        acting_user=cast.fan,
    )
    draft = whole_proposals().get(pk=draft.pk)
    text = DraftText(
        values={"schedule": "每周 2 次，共 20 次。"},
        answers=AnswersText({"q3": "南关厢社区二楼", "q4": [["三月", 3, 5000], ["四月", 1, 0]]}),
    )
    save_draft(draft, text, revision=draft.revision, acting_user=cast.en)
    second = submit_proposal(draft, acting_user=cast.en)

    changes = changes_between(first, second)

    assert [(one.name, one.is_marked) for one in changes.fields] == [
        ("q3", True),
        ("schedule", False),
    ]
    assert [(piece.kind, piece.words) for piece in changes.fields[0].pieces] == [
        ("same", "南关厢"),
        ("new", "社区二楼"),
    ]
    (table,) = changes.tables
    assert [(row.kind, row.older, row.newer) for row in table.rows] == [
        ("changed", ("三月", "2", "¥50.00"), ("三月", "3", "¥50.00")),
        ("new", None, ("四月", "1", "¥0.00")),
    ]
    assert changes.reason == "场地写清楚，安排补全"
    assert [str(label) for label in changes.untouched] == ["安全与保险"]


def test_form_needs_no_questions_of_its_own(cast: Cast, round: Round):
    make_form(round, cast.fan, ())

    assert content_of(round).questions == ()


def test_conditions_look_at_tier_group_and_who_applies(cast: Cast, prepared: Round):
    """Each asks only whom it concerns; what is drawn up without a value is unsound."""
    group = prepared.tracks.order_by("position")
    for fact, value in (
        ("tier", "重点项目"),
        ("tier", "微项目"),
        ("track", group[0].name),
        ("track", group[1].name),
        ("who", "filed"),
        ("who", "registered"),
    ):
        add_question(
            prepared,
            {
                "kind": "short_text",
                "label": f"{fact} {value}",
                "limit": 20,
                "is_required": True,
                "depends_on": fact,
                "test": "equals",
                "test_value": value,
            },
            acting_user=cast.fan,
        )
    with pytest.raises(QuestionBeforeItsReason), transaction.atomic():
        add_question(
            prepared,
            {"kind": "yes_no", "label": "空的", "depends_on": "tier", "test": "equals"},
            acting_user=cast.fan,
        )
    prepared.tiers.update(form="standard")  # eighteen are too many for one page
    round = publish(prepared)
    draft = make_proposal(
        round, cast.organisations["banrixian"], created_by=cast.pan, track=group[0]
    )

    found = missing_answers(whole_proposals().get(pk=draft.pk), is_short=False)

    assert found == [
        "回答“tier 微项目”",
        f"回答“track {group[0].name}”",
        "回答“who filed”",
    ]
    words = [condition_in_words(one, content_of(round)) for one in content_of(round).questions]
    assert words[0] == "仅当档次是“重点项目”时填写"
    assert words[4].startswith("仅当申报主体是“备案的社区社会组织")
