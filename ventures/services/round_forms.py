"""Draw up a round's form, copy one, freeze it at publishing, correct its words afterwards.

Locks are taken in one order: the round, then its form. While the round is prepared its officers
change the rows; publishing writes `FormVersion` 1, and from then on only words change, as a new
version that says why and is told to everybody who is writing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from ventures.errors.round_forms import (
    FormFrozen,
    FormNotFrozen,
    FormUnsound,
    NothingCorrected,
    QuestionBeforeItsReason,
    QuestionLookedAt,
    TooManyQuestions,
    TooManyRequired,
)
from ventures.models import FormVersion, Question, Round, RoundForm
from ventures.rules import rounds as round_rules
from ventures.rules.form_contents import (
    FormContent,
    Terms,
    content_as_written,
    digest_of_form,
    empty_tables,
)
from ventures.rules.round_forms import Asked, as_written, depending_on, moved, out_of_order
from ventures.selectors.form_builder import (
    has_short_form,
    most_required,
    required_count,
    usual_terms,
)
from ventures.selectors.round_forms import as_asked_row, content_drawn_up, content_of
from ventures.services.form_news import tell_of_correction

MOST_QUESTIONS = 40


# While it is drawn up -------------------------------------------------------------------


@transaction.atomic
def set_built_in(round: Round, terms: Mapping[str, Terms], *, acting_user: User) -> RoundForm:
    """Say which of the built-in questions are asked, and how."""
    form = _form_to_edit(round, acting_user)
    form.built_in = content_as_written(FormContent(terms))["built_in"]
    return _saved(form, "form_built_in", acting_user)


@transaction.atomic
def add_question(round: Round, values: Mapping[str, Any], *, acting_user: User) -> Question:
    """Put a new question at the end. Refused when the form has too many (`TooManyQuestions`)."""
    form = _form_to_edit(round, acting_user)
    places = list(form.questions.values_list("position", flat=True))
    if len(places) >= MOST_QUESTIONS:
        raise TooManyQuestions(most=MOST_QUESTIONS)
    form.codes_given += 1
    question = form.questions.create(
        code=f"q{form.codes_given}", position=max(places, default=0) + 1, **values
    )
    _require_order(form, question.code)
    _saved(form, "form_add_question", acting_user, question)
    return question


@transaction.atomic
def edit_question(question: Question, values: Mapping[str, Any], *, acting_user: User) -> Question:
    """Change a question. Refused when others could no longer look at its answer."""
    form = _form_to_edit(question.form.round, acting_user)
    question = form.questions.get(pk=question.pk)
    for name, value in values.items():
        setattr(question, name, value)
    question.save()
    _require_order(form, question.code)
    _saved(form, "form_edit_question", acting_user, question)
    return question


@transaction.atomic
def move_question(question: Question, *, is_up: bool, acting_user: User) -> Question:
    """One place up or down. Refused past the question it looks at, or past one that looks at it."""
    form = _form_to_edit(question.form.round, acting_user)
    rows = list(form.questions.all())
    order = moved([as_asked_row(row) for row in rows], question.code, is_up=is_up)
    places = {asked.code: place for place, asked in enumerate(order, start=1)}
    for row in rows:
        row.position = places[row.code]
    Question.objects.bulk_update(rows, ["position"])
    _require_order(form, question.code)
    _saved(form, "form_move_question", acting_user, question)
    question.refresh_from_db()
    return question


@transaction.atomic
def remove_question(question: Question, *, acting_user: User) -> None:
    """Take a question out. Refused while others look at its answer (`QuestionLookedAt`)."""
    form = _form_to_edit(question.form.round, acting_user)
    others = depending_on(map(as_asked_row, form.questions.all()), question.code)
    if others:
        raise QuestionLookedAt(label=question.label, others=[one.label for one in others])
    form.questions.filter(pk=question.pk).delete()
    _saved(form, "form_remove_question", acting_user, question)


@transaction.atomic
def copy_form(round: Round, source: Round, *, acting_user: User) -> RoundForm:
    """Begin from another round's form; what stood here is replaced. Codes stay as they were."""
    form = _form_to_edit(round, acting_user)
    content = content_drawn_up(source)
    form.questions.all().delete()
    Question.objects.bulk_create(
        Question(form=form, position=place, **as_written(asked))
        for place, asked in enumerate(content.questions, start=1)
    )
    numbers = [int(asked.code[1:]) for asked in content.questions]
    form.codes_given = max([form.codes_given, *numbers])
    form.built_in = content_as_written(content)["built_in"]
    form.copied_from = source
    return _saved(form, "form_copy", acting_user)


# Freezing -------------------------------------------------------------------------------


def require_sound_form(round: Round) -> FormContent:
    """The form as it would be frozen; refused while it is unsound or asks too much."""
    content = content_drawn_up(round)
    wrong = [*empty_tables(content.questions), *out_of_order(content.questions)]
    if wrong:
        raise FormUnsound(labels=[asked.label for asked in wrong])
    required, most = required_count(content), most_required()
    if has_short_form(round) and required > most:
        raise TooManyRequired(count=required, most=most)
    return content


@transaction.atomic
def freeze_form(round: Round, *, acting_user: User) -> FormVersion:
    """Write version 1 when the call is published; the same again changes nothing.

    Refused: `TooManyRequired`, `FormUnsound`. The caller holds the lock on the round.
    """
    first = FormVersion.objects.filter(round=round).first()
    if first is not None:
        return first
    return _write_version(round, require_sound_form(round), 1, "", acting_user)


@transaction.atomic
def correct_words(
    round: Round,
    *,
    code: str,
    label: str,
    help: str,
    reason: str,
    acting_user: User,
) -> FormVersion:
    """Put the words of one question right in a new version; what can be answered stays.

    Told to everybody whose proposal is still being written. Refused: before publishing
    (`FormNotFrozen`), without a reason, and where nothing changed.
    """
    round = _locked(round, acting_user)
    content = content_of(round)
    if not content.number:
        raise FormNotFrozen()
    reason = required(reason)
    new = with_words(content, code, label=label, help=help)
    if new == content:
        raise NothingCorrected()
    version = _write_version(round, new, content.number + 1, reason, acting_user)
    tell_of_correction(version, code)
    return version


def with_words(content: FormContent, code: str, *, label: str, help: str) -> FormContent:
    """The form with other words for one question: an own one, or the help of a built-in one."""
    if content.question(code) is None:
        old = content.built_in.get(code) or usual_terms(code)
        return replace(content, built_in={**content.built_in, code: replace(old, help=help)})
    questions = tuple(
        replace(asked, label=label, help=help) if asked.code == code else asked
        for asked in content.questions
    )
    return replace(content, questions=questions)


def _write_version(
    round: Round, content: FormContent, number: int, reason: str, acting_user: User
) -> FormVersion:
    written = content_as_written(content)
    version = FormVersion.objects.create(
        round=round,
        number=number,
        content=written,
        sha256=digest_of_form(written),
        reason=reason,
        frozen_by=acting_user,
        frozen_at=database_now(),
    )
    record_change(
        round,
        "freeze_form" if number == 1 else "correct_form",
        after=str(number),
        reason=reason,
        facts={"sha256": version.sha256},
        acting_user=acting_user,
    )
    return version


# Guards ---------------------------------------------------------------------------------


def _locked(round: Round, acting_user: User) -> Round:
    Round.objects.select_for_update().only("pk").get(pk=round.pk)
    round = Round.objects.select_related("region").get(pk=round.pk)
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    return round


def _form_to_edit(round: Round, acting_user: User) -> RoundForm:
    round = _locked(round, acting_user)
    if content_of(round).number or round.published_at is not None:
        raise FormFrozen(round=round.name)
    if round.state != Round.State.DRAFT:
        raise OutOfTurn(state=Round.State(round.state).label, verb=_("修改申报表"))
    form, _is_new = RoundForm.objects.get_or_create(round=round, defaults={"saved_by": acting_user})
    return form


def _require_order(form: RoundForm, code: str) -> None:
    """Said of the question that was touched, or of those that look at it."""
    questions = [as_asked_row(row) for row in form.questions.all()]
    wrong = out_of_order(questions)
    if not wrong:
        return
    by_code = {asked.code: asked for asked in questions}
    touched, first = by_code[code], wrong[0]
    if first.code == code or first.depends_on != code:
        parent = by_code.get(first.depends_on)
        raise QuestionBeforeItsReason(
            label=first.label, parent=parent.label if parent else first.depends_on
        )
    raise QuestionLookedAt(label=touched.label, others=_labels(wrong))


def _labels(questions: Iterable[Asked]) -> Sequence[str]:
    return [asked.label for asked in questions]


def _saved(
    form: RoundForm, verb: str, acting_user: User, question: Question | None = None
) -> RoundForm:
    form.saved_by, form.saved_at = acting_user, database_now()
    form.save()
    record_change(
        form.round,
        verb,
        facts={"question": question.code, "label": question.label} if question else {},
        acting_user=acting_user,
    )
    return form
