"""A round's form and a proposal's answers to it, as other selectors and pages ask for them.

This file knows no section of the proposal; `selectors.form_builder` puts both together.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Organisation
from ventures.models import (
    AnswerFile,
    AnswerSheet,
    ApplicantKind,
    Proposal,
    ProposalFile,
    Question,
    Round,
)
from ventures.models.plans import PARTS
from ventures.rules.form_contents import REQUIRED, FormContent, as_concept, content_from
from ventures.rules.round_forms import (
    Asked,
    Column,
    answers_that_count,
    as_typed,
    shown_questions,
    unanswered,
)
from ventures.selectors.rounds import tier_for

type Words = str | Promise

# What a concept leaves out unless the round asks for it: what only the standard form requires.
BEYOND_A_CONCEPT = ("aims", "plan_detail", *PARTS, "sustainability")


def content_of(round: Round) -> FormContent:
    """The form applicants fill in: the latest frozen version; as usual where there is none.

    `whole_proposals` brings the versions along, so that a proposal's page asks for them once.
    """
    versions = list(round.form_versions.all())
    if not versions:
        return FormContent()
    last = max(versions, key=lambda version: version.number)
    return content_from(last.content, number=last.number, sha256=last.sha256)


def content_for(proposal: Proposal) -> FormContent:
    """The form this proposal is filled in by: of a concept, the form of the first step."""
    content = content_of(proposal.round)
    return as_concept(content, BEYOND_A_CONCEPT) if proposal.is_concept else content


def content_drawn_up(round: Round) -> FormContent:
    """The form as its officers edit it; the frozen one once it is published."""
    frozen = content_of(round)
    form = getattr(round, "form", None)
    if frozen.number or form is None:
        return frozen
    raw = {"built_in": form.built_in}
    asked = tuple(as_asked_row(question) for question in form.questions.all())
    return FormContent(content_from(raw).built_in, asked)


def has_form(round: Round) -> bool:
    """Whether anything about its form was ever said."""
    return bool(content_of(round).number) or hasattr(round, "form")


def as_asked_row(question: Question) -> Asked:
    """A row of the form as its content states it."""
    return Asked(
        code=question.code,
        kind=question.kind,
        label=question.label,
        help=question.help,
        is_required=question.is_required,
        is_for_short=question.is_for_short,
        is_for_concept=question.is_for_concept,
        limit=question.limit,
        choices=tuple(question.choices),
        columns=tuple(Column(one["label"], one["kind"]) for one in question.columns),
        row_limit=question.row_limit,
        file_kinds=tuple(question.file_kinds),
        depends_on=question.depends_on,
        test=question.test,
        test_value=question.test_value,
    )


def question_label(round: Round, code: str) -> Words:
    asked = content_of(round).question(code)
    return asked.label if asked else code


def with_files_of_questions(round: Round, names: Sequence[str]) -> tuple[str, ...]:
    """These fields; with a question that is answered by a file, the files are open as well."""
    content = content_of(round)
    asks_file = any(asked.is_file for asked in content.questions if asked.code in names)
    return (*names, "files") if asks_file and "files" not in names else tuple(names)


def is_question_code(name: str) -> bool:
    """Own questions are q1, q2…; no field of a proposal is named so."""
    return name.startswith("q") and name[1:].isdecimal()


# Answers --------------------------------------------------------------------------------


def sheet_of(proposal: Proposal) -> AnswerSheet | None:
    return getattr(proposal, "answer_sheet", None)


def facts_of(proposal: Proposal) -> dict[str, str]:
    """What conditions may look at besides answers, by `rules.round_forms.FACTS`."""
    tier = tier_for(list(proposal.round.tiers.all()), proposal.requested_fen)
    kind = (
        ApplicantKind.INITIATOR
        if proposal.applicant is None
        else ApplicantKind.FILED
        if proposal.applicant.kind == Organisation.Kind.FILED
        else ApplicantKind.REGISTERED
    )
    return {
        "tier": tier.name if tier else "",
        "track": proposal.track.name if proposal.track else "",
        "who": kind.value,
    }


def answers_of(proposal: Proposal) -> dict[str, Any]:
    """What was answered and could be read, files included, and what conditions look at besides."""
    sheet = sheet_of(proposal)
    answers: dict[str, Any] = dict(sheet.answers) if sheet else {}
    if content_of(proposal.round).questions:
        answers |= facts_of(proposal)
    for code, files in files_by_question(proposal.kept_files).items():
        answers[code] = [
            {"name": file.attachment.name, "sha256": file.attachment.sha256} for file in files
        ]
    return answers


def files_by_question(files: Iterable[ProposalFile]) -> dict[str, list[ProposalFile]]:
    """The files that answer a question, by its code."""
    found: dict[str, list[ProposalFile]] = {}
    for file in files:
        answer: AnswerFile | None = getattr(file, "answer_file", None)
        if answer is not None:
            found.setdefault(answer.question, []).append(file)
    return found


def answers_as_typed(proposal: Proposal) -> dict[str, Any]:
    """Each answer as the form shows it again; what could not be read, as it was typed."""
    content = content_for(proposal)
    if not content.questions:
        return {}
    sheet = sheet_of(proposal)
    answers = dict(sheet.answers) if sheet else {}
    typed = dict(sheet.typed) if sheet else {}
    return {
        asked.code: typed.get(asked.code, as_typed(asked, answers.get(asked.code)))
        for asked in content.questions
        if not asked.is_heading and not asked.is_file
    }


def missing_answers(proposal: Proposal, *, is_short: bool) -> list[str]:
    """What the round's own questions still wait for, in sentences a person can act on."""
    questions = content_for(proposal).questions
    if not questions:
        return []
    answers = answers_of(proposal)
    sheet = sheet_of(proposal)
    typed = sheet.typed if sheet else {}
    open_ones = {asked.code for asked in unanswered(questions, answers, is_short=is_short)}
    missing = []
    for asked in shown_questions(questions, answers, is_short=is_short):
        if asked.code in typed:
            missing.append(_("“%(label)s”的填写需要更正") % {"label": asked.label})
        elif asked.code in open_ones and asked.is_file:
            missing.append(_("为“%(label)s”上传文件") % {"label": asked.label})
        elif asked.code in open_ones:
            missing.append(_("回答“%(label)s”") % {"label": asked.label})
    return missing


def has_begun_answers(proposal: Proposal) -> bool:
    sheet = sheet_of(proposal)
    return bool(sheet and (sheet.answers or sheet.typed)) or any(
        files_by_question(proposal.kept_files)
    )


def frozen_answers(proposal: Proposal, *, is_short: bool) -> dict[str, Any]:
    """What a version keeps of the round's own form: its number and hash, what it did not require,
    and the answers that count, each with its question's words: it can be read by itself."""
    content = content_for(proposal)
    kept = answers_that_count(content.questions, answers_of(proposal), is_short=is_short)
    return {
        "form_version": {"number": content.number, "sha256": content.sha256},
        "not_required": sorted(
            name
            for name, terms in content.built_in.items()
            if terms.way(is_short=is_short) != REQUIRED
        ),
        "answers": [
            {
                "code": asked.code,
                "kind": str(asked.kind),
                "label": asked.label,
                "columns": [{"label": one.label, "kind": str(one.kind)} for one in asked.columns],
                "value": kept[asked.code],
            }
            for asked in content.questions
            if asked.code in kept
        ],
    }
