"""Keep what applicants answer to a round's own questions, with the draft they belong to.

Called under the proposal's lock by `services.proposals`; when a draft may be written is judged
there. Files that answer a question are kept here, through `services.proposal_files`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import FileRefused
from accounts.models import User
from ventures.models import AnswerFile, AnswerSheet, Proposal, ProposalFile, Question
from ventures.rules.round_forms import is_answered
from ventures.selectors.round_forms import content_of
from ventures.services.proposal_files import add_proposal_file


@dataclass(frozen=True)
class AnswersText:
    """One save of the answers: what could be read, what could not and stands as typed."""

    values: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)

    def names(self) -> set[str]:
        return {*self.values, *self.typed}


def write_answers(proposal: Proposal, text: AnswersText) -> None:
    """Keep these answers beside those that were not sent; an empty one is taken away."""
    known = set(content_of(proposal.round).codes)
    assert text.names() <= known, "a form offers the round's own questions only"
    sheet, _is_new = AnswerSheet.objects.get_or_create(proposal=proposal)
    sheet.answers = _without_empty(sheet.answers | dict(text.values), except_for=text.typed)
    sheet.typed = {
        name: typed for name, typed in sheet.typed.items() if name not in text.values
    } | dict(text.typed)
    sheet.save(update_fields=["answers", "typed"])


def are_answers_stored(proposal: Proposal, text: AnswersText) -> bool:
    """Whether these answers stand there already, word for word."""
    if not text.names():
        return True
    sheet = AnswerSheet.objects.filter(proposal=proposal).first() or AnswerSheet()
    return (
        all(_same(sheet.answers.get(name), value) for name, value in text.values.items())
        and not sheet.typed.keys() & text.values.keys()
        and all(sheet.typed.get(name) == typed for name, typed in text.typed.items())
    )


def _same(stored: Any, value: Any) -> bool:
    """No and zero are answers; nothing typed and nothing stored are the same."""
    return bool(stored == value) if is_answered(value) else stored is None


def _without_empty(answers: dict[str, Any], *, except_for: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in answers.items()
        if is_answered(value) and name not in except_for
    }


# Files ----------------------------------------------------------------------------------


@transaction.atomic
def add_answer_file(
    proposal: Proposal, question: str, upload: "UploadedFile[Any]", *, acting_user: User
) -> AnswerFile:
    """Keep a file as the answer to a question; when one may be added is judged where files are.

    Refused: a kind of file the question does not take (`FileRefused`).
    """
    asked = content_of(proposal.round).question(question)
    assert asked is not None, "the page offers questions of the form only"
    assert asked.is_file, "and here those answered by files only"
    kind = _kind_by_name(str(upload.name))
    if kind not in asked.file_kinds:
        raise FileRefused(name=upload.name, why=_not_this_kind(asked.file_kinds))
    file = add_proposal_file(
        proposal, upload, kind=ProposalFile.Kind.OTHER, acting_user=acting_user
    )
    return AnswerFile.objects.create(file=file, question=question)


_ENDINGS = {
    Question.FileKind.PDF: ("pdf",),
    Question.FileKind.IMAGE: ("jpg", "jpeg", "png", "webp"),
    Question.FileKind.OFFICE: ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps"),
}


def _kind_by_name(name: str) -> str:
    """What the name says it is; whether that is true is looked at when it is kept."""
    ending = name.rpartition(".")[2].lower()
    return next((kind for kind, endings in _ENDINGS.items() if ending in endings), "")


def _not_this_kind(kinds: Sequence[str]) -> str:
    wanted = _("、").join(str(Question.FileKind(kind).label) for kind in kinds)
    return _("这一题只收%(kinds)s。") % {"kinds": wanted}
