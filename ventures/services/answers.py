"""Keep what applicants answer to a round's own questions, with the draft they belong to.

Called under the proposal's lock by `services.proposals`; when a draft may be written is judged
there. Files that answer a question are kept here, through `services.proposal_files`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ventures.models import AnswerSheet, Proposal
from ventures.selectors.round_forms import content_of


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
    sheet = AnswerSheet.objects.filter(proposal=proposal).first() or AnswerSheet()
    return (
        all(
            (sheet.answers.get(name) or None) == (value or None)
            if not isinstance(value, bool)
            else sheet.answers.get(name) is value
            for name, value in text.values.items()
        )
        and not sheet.typed.keys() & text.values.keys()
        and all(sheet.typed.get(name) == typed for name, typed in text.typed.items())
    )


def _without_empty(answers: dict[str, Any], *, except_for: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in answers.items()
        if value is not None and value != "" and value != [] and name not in except_for
    }
