"""What an applicant types into a round's own questions. Nothing is required while drafting.

Each field is read by the one rule (`rules.round_forms.read_answer`); what it cannot read is kept
as typed by the service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ventures.forms.fields import storable, tidy_number
from ventures.models import Proposal, ProposalFile, Question
from ventures.rules.form_contents import OFF, FormContent
from ventures.rules.round_forms import Asked, Column, read_answer, shown_questions
from ventures.selectors.form_builder import condition_in_words
from ventures.selectors.round_forms import (
    answers_as_typed,
    answers_of,
    content_for,
    files_by_question,
)
from ventures.services.answers import AnswersText

Kind = Question.Kind
YES_OR_NO = [("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
BLANK_ROWS = 2


class CellsWidget(forms.TextInput):
    """The cells of a table, row by row, all under the question's name; drawn by the template."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        getlist = getattr(data, "getlist", None)
        return list(getlist(name)) if getlist else list(data.get(name, []))


class AnswerField(forms.Field):
    """One question: its own widget, and the rule that reads what was typed."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        super().__init__(
            required=False,
            label=asked.label,
            help_text=asked.help,
            widget=_widget_of(asked),
        )

    def clean(self, value: Any) -> Any:
        typed = [value] if isinstance(value, str) else list(value or [])
        if self.asked.kind in (Kind.NUMBER, Kind.MONEY):
            typed = [tidy_number(one) for one in typed]
        elif self.asked.kind == Kind.TABLE:
            typed = [
                tidy_number(one) if column.kind in (Kind.NUMBER, Kind.MONEY) else one
                for one, column in zip(typed, self.asked.columns * (len(typed) or 1), strict=False)
            ]
        many = self.asked.kind in (Kind.CHOICES, Kind.TABLE)
        return read_answer(self.asked, typed if many else "".join(typed[:1]))


def _widget_of(asked: Asked) -> forms.Widget:
    match asked.kind:
        case Kind.LONG_TEXT:
            return forms.Textarea(attrs={"rows": 5, "data-limit": str(asked.limit)})
        case Kind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        case Kind.MONEY:
            return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        case Kind.YES_NO:
            return forms.RadioSelect(choices=YES_OR_NO)
        case Kind.CHOICE:
            return forms.RadioSelect(choices=[(one, one) for one in asked.choices])
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=[(one, one) for one in asked.choices])
        case Kind.DATE:
            return forms.DateInput(attrs={"type": "date"})
        case Kind.TABLE:
            return CellsWidget()
    return forms.TextInput()


class AnswersForm(forms.Form):
    """A round's own questions, or some of them; bound to what is stored or to what was sent."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        content: FormContent,
        only: Sequence[str] | None = None,
    ) -> None:
        super().__init__(data)
        self.content = content
        for asked in content.questions:
            is_wanted = only is None or asked.code in only
            if is_wanted and not asked.is_heading and not asked.is_file:
                self.fields[asked.code] = AnswerField(asked)

    @classmethod
    def stored(cls, proposal: Proposal) -> "AnswersForm":
        """As it was last saved, with an error beside what could not be read."""
        data = QueryDict(mutable=True)
        for name, text in answers_as_typed(proposal).items():
            data.setlist(name, text if isinstance(text, list) else [text])
        return cls(data, content=content_for(proposal))

    def lock(self, open_fields: Sequence[str]) -> None:
        """After the close, only what was marked may be changed."""
        for name, one in self.fields.items():
            if name not in open_fields:
                one.widget.attrs["disabled"] = True

    def answers_text(self) -> AnswersText:
        """What can be stored as read, and what is kept as typed."""
        self.is_valid()
        sent = self.data
        assert isinstance(sent, QueryDict), "answers are read from what was sent"
        typed: dict[str, Any] = {}
        for name in self.errors:
            words = [storable(one) for one in sent.getlist(name)]
            is_list = isinstance(self.fields[name].widget, CellsWidget)
            typed[name] = words if is_list else "".join(words[:1])
        values = {name: value for name, value in self.cleaned_data.items() if name not in typed}
        return AnswersText(values=_without_nul(values), typed=typed)


def _without_nul(values: Mapping[str, Any]) -> dict[str, Any]:
    """Words as PostgreSQL can keep them, in tables too."""
    return {
        name: [[storable(c) if isinstance(c, str) else c for c in row] for row in value]
        if isinstance(value, list) and value and isinstance(value[0], list)
        else storable(value)
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


def shape_built_in(fields: dict[str, forms.Field], content: FormContent) -> None:
    """Leave out the built-in questions a round does not ask; its own help and limits for others."""
    for name, terms in content.built_in.items():
        if name not in fields:
            continue
        if name in content.leaves_out or (terms.short, terms.standard) == (OFF, OFF):
            del fields[name]
            continue
        if terms.help:
            fields[name].help_text = terms.help
        if terms.limit:
            _limit(fields[name], terms.limit)


def _limit(field: forms.Field, limit: int) -> None:
    field.validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
    field.validators.append(MaxLengthValidator(limit))
    if "data-limit" in field.widget.attrs:
        field.widget.attrs["data-limit"] = str(limit)


# For the page ---------------------------------------------------------------------------


@dataclass(frozen=True)
class AskedRow:
    """One question as the page draws it."""

    asked: Asked
    bound: forms.BoundField | None
    condition: str
    is_shown: bool
    is_marked: bool = False
    is_locked: bool = False
    cells: tuple[tuple[str, ...], ...] = ()
    files: tuple[ProposalFile, ...] = ()

    @property
    def kind(self) -> str:
        return str(self.asked.kind)

    @property
    def lines(self) -> list[list[tuple[Column, str, str]]]:
        """The cells of a table with their columns and what each is called when read aloud."""
        return [
            [
                (column, text, _("第 %(n)d 行，%(column)s") % {"n": n, "column": column.label})
                for column, text in zip(self.asked.columns, row, strict=True)
            ]
            for n, row in enumerate(self.cells, start=1)
        ]


def asked_rows(
    form: AnswersForm,
    proposal: Proposal | None,
    *,
    is_short: bool,
    marked: Sequence[str] = (),
    open_fields: Sequence[str] | None = None,
) -> list[AskedRow]:
    """Every question in order, headings and files among them; what is not asked just now says
    when it would be."""
    content = form.content
    answers = answers_of(proposal) if proposal else {}
    shown = {one.code for one in shown_questions(content.questions, answers, is_short=is_short)}
    files = files_by_question(proposal.kept_files) if proposal else {}
    return [
        AskedRow(
            asked,
            form[asked.code] if asked.code in form.fields else None,
            condition_in_words(asked, content),
            is_shown=asked.code in shown,
            is_marked=asked.code in marked,
            is_locked=open_fields is not None and asked.code not in open_fields,
            cells=_cells(form, asked),
            files=tuple(files.get(asked.code, ())),
        )
        for asked in content.questions
    ]


def _cells(form: AnswersForm, asked: Asked) -> tuple[tuple[str, ...], ...]:
    """The table as typed, with some empty rows to go on in, never more than its limit."""
    if asked.kind != Kind.TABLE:
        return ()
    width = len(asked.columns)
    typed = [str(one) for one in form[asked.code].value() or []] if form.is_bound else []
    typed += [""] * (-len(typed) % width)
    rows = [tuple(typed[at : at + width]) for at in range(0, len(typed), width)]
    while rows and not any(rows[-1]):
        rows.pop()
    blank = max(0, min(BLANK_ROWS, asked.row_limit - len(rows)))
    return (*rows, *(("",) * width for _one in range(blank)))
