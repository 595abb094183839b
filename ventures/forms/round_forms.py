"""What officers type to draw up a round's form: its questions, how the built-in ones are asked."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.choices import choice_of, model_choice_of
from accounts.forms.fields import SaidChoice
from ventures.forms.fields import TidyDecimalField, TidyIntegerField
from ventures.models import Question, Round
from ventures.rules.round_forms import COLUMN_KINDS, NO, TESTS, YES, Asked

Kind = Question.Kind
Test = Question.Test
MOST_COLUMNS = 6
MOST_CHOICES = 20
LIMITS = {Kind.SHORT_TEXT: 60, Kind.LONG_TEXT: 300}
# Which further fields each kind of question has.
FIELDS_OF = {
    Kind.SHORT_TEXT: ("limit",),
    Kind.LONG_TEXT: ("limit",),
    Kind.CHOICE: ("choices",),
    Kind.CHOICES: ("choices",),
    Kind.TABLE: ("row_limit",),
    Kind.FILE: ("file_kinds",),
}


class QuestionForm(forms.Form):
    """One question of its own; what it asks for further depends on its kind."""

    label = forms.CharField(label=pgettext_lazy("申报表", "问题"), max_length=100)
    help = forms.CharField(
        label=_("填写说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("用大白话写清要填什么，可以举个例子。"),
    )
    choices = forms.CharField(
        label=_("选项"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一个，至少两个，最多 20 个，每个不超过 60 字。"),
    )
    limit = TidyIntegerField(label=_("字数上限"), min_value=1, max_value=5000)
    row_limit = TidyIntegerField(
        label=_("最多几行"), min_value=1, max_value=30, help_text=_("1 到 30 行。")
    )
    file_kinds = forms.MultipleChoiceField(
        label=_("收哪些文件"),
        choices=Question.FileKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    is_required = forms.BooleanField(label=_("必填"), required=False)
    is_for_short = forms.BooleanField(
        label=_("一页简表也问"),
        required=False,
        help_text=_("不勾选，就只有填标准申报书的项目才会看到这一题。"),
    )
    is_for_concept = forms.BooleanField(
        label=_("项目概要也问"),
        required=False,
        help_text=_("不勾选，就到入围以后填完整申报书时才问。概要只问一页简表也问的题。"),
    )
    when = forms.ChoiceField(
        label=_("什么时候问这一题"),
        required=False,
        help_text=_("可以看排在前面的问题，也可以看档次、服务人群和谁申报。"),
    )
    threshold = TidyDecimalField(
        label=_("数字"),
        required=False,
        help_text=_("只在上面选了“不少于”或“不多于”时填写；金额按元填写。"),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: str,
        earlier: Sequence[Asked],
        asked: Asked | None = None,
        has_concepts: bool = False,
        facts: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(data, initial=_initial(asked, kind, earlier))
        if not has_concepts:
            del self.fields["is_for_concept"]
        self.kind = kind
        self.earlier = earlier
        for name in ("choices", "limit", "row_limit", "file_kinds"):
            if name not in FIELDS_OF.get(Kind(kind), ()):
                del self.fields[name]
        if kind == Kind.TABLE:
            self._add_columns(asked)
        if kind == Kind.HEADING:
            del self.fields["is_required"]
            self.fields["label"].label = _("小标题")
            self.fields["help"].label = _("说明文字")
        conditions = [*conditions_on(earlier), *facts]
        if conditions:
            choice_of(self, "when").choices = [("", _("总是问")), *conditions]
        else:
            del self.fields["when"]
        if not any(one.kind in (Kind.NUMBER, Kind.MONEY) for one in earlier) or not conditions:
            del self.fields["threshold"]

    def _add_columns(self, asked: Asked | None) -> None:
        columns = asked.columns if asked else ()
        kinds = [(kind.value, kind.label) for kind in COLUMN_KINDS]
        for number in range(MOST_COLUMNS):
            known = columns[number] if number < len(columns) else None
            self.fields[f"column_{number}"] = forms.CharField(
                label=_("第 %(number)d 列的名称") % {"number": number + 1},
                max_length=20,
                required=False,
                initial=known.label if known else "",
            )
            self.fields[f"column_kind_{number}"] = forms.ChoiceField(
                label=_("第 %(number)d 列填什么") % {"number": number + 1},
                choices=kinds,
                required=False,
                initial=known.kind if known else Kind.SHORT_TEXT.value,
            )

    def column_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and kind of each column, side by side."""
        if self.kind != Kind.TABLE:
            return []
        return [(self[f"column_{n}"], self[f"column_kind_{n}"]) for n in range(MOST_COLUMNS)]

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        wanted = list(dict.fromkeys(line for line in lines if line))
        if not 2 <= len(wanted) <= MOST_CHOICES:
            raise forms.ValidationError(
                _("请写 2 到 20 个不同的选项，现在是 %(count)d 个。"),
                params={"count": len(wanted)},
            )
        for choice in wanted:
            if len(choice) > 60:
                raise forms.ValidationError(
                    _("“%(choice)s…”太长了，每个选项不超过 60 字。"),
                    params={"choice": choice[:12]},
                )
        return wanted

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if self.kind == Kind.TABLE and len(self.columns()) < 2:
            self.add_error("column_0", _("表格至少要有两列，请填写列的名称。"))
        test = values.get("when", "").partition(":")[2].partition(":")[0]
        if test in (Test.AT_LEAST, Test.AT_MOST) and values.get("threshold") is None:
            self.add_error("threshold", _("请填写数字，例如 100。"))
        return values

    def columns(self) -> list[dict[str, str]]:
        values = self.cleaned_data
        return [
            {
                "label": values[f"column_{number}"],
                "kind": values.get(f"column_kind_{number}") or Kind.SHORT_TEXT.value,
            }
            for number in range(MOST_COLUMNS)
            if values.get(f"column_{number}")
        ]

    def question_values(self) -> dict[str, Any]:
        """The columns of the row."""
        values = self.cleaned_data
        depends_on, _colon, rest = values.get("when", "").partition(":")
        test, _colon, test_value = rest.partition(":")
        if test in (Test.AT_LEAST, Test.AT_MOST):
            parent = next(one for one in self.earlier if one.code == depends_on)
            factor = 100 if parent.kind == Kind.MONEY else 1
            test_value = str(int(values["threshold"] * factor))
        return {
            "kind": self.kind,
            "label": values["label"],
            "help": values["help"],
            "is_required": values.get("is_required", False),
            "is_for_short": values["is_for_short"],
            "is_for_concept": values.get("is_for_concept", True),
            "limit": values.get("limit") or 0,
            "choices": values.get("choices") or [],
            "columns": self.columns() if self.kind == Kind.TABLE else [],
            "row_limit": values.get("row_limit") or 0,
            "file_kinds": values.get("file_kinds") or [],
            "depends_on": depends_on,
            "test": test,
            "test_value": test_value,
        }


def conditions_on(earlier: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    """Everything a question can wait for, with the earlier question it looks at."""
    for asked in earlier:
        for test in TESTS[asked.kind]:
            for value, words in _ways(asked, test):
                said = _("“%(label)s”%(what)s") % {"label": asked.label, "what": words}
                yield f"{asked.code}:{test}:{value}", said


def _ways(asked: Asked, test: str) -> list[tuple[str, str | Promise]]:
    if test == Test.ANSWERED:
        return [("", _("已经填写"))]
    if asked.kind == Kind.YES_NO:
        return [(YES, _("选“是”")), (NO, _("选“否”"))]
    if asked.kind in (Kind.CHOICE, Kind.CHOICES):
        return [(one, _("选了“%(choice)s”") % {"choice": one}) for one in asked.choices]
    if test == Test.AT_LEAST:
        return [("", _("不少于下面的数字"))]
    return [("", _("不多于下面的数字"))]


def _initial(asked: Asked | None, kind: str, earlier: Sequence[Asked]) -> dict[str, Any]:
    if asked is None:
        return {
            "is_for_short": True,
            "is_for_concept": True,
            "limit": LIMITS.get(Kind(kind)),
            "row_limit": 8,
            "file_kinds": [Question.FileKind.PDF.value],
        }
    has_number = asked.test in (Test.AT_LEAST, Test.AT_MOST)
    parent = next((one for one in earlier if one.code == asked.depends_on), None)
    value = "" if has_number else asked.test_value
    threshold = None
    if has_number and parent is not None:
        threshold = int(asked.test_value) // (100 if parent.kind == Kind.MONEY else 1)
    return {
        "label": asked.label,
        "help": asked.help,
        "is_required": asked.is_required,
        "is_for_short": asked.is_for_short,
        "is_for_concept": asked.is_for_concept,
        "limit": asked.limit,
        "choices": "\n".join(asked.choices),
        "row_limit": asked.row_limit,
        "file_kinds": list(asked.file_kinds),
        "when": f"{asked.depends_on}:{asked.test}:{value}" if asked.depends_on else "",
        "threshold": threshold,
    }


class CopyForm(forms.Form):
    """From which round the form is copied."""

    source = SaidChoice(
        queryset=Round.objects.none(),
        label=_("从哪一轮复制"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, rounds: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        model_choice_of(self, "source").queryset = rounds


class WordsForm(forms.Form):
    """A correction of wording after publishing."""

    label = forms.CharField(label=pgettext_lazy("申报表", "问题"), max_length=100, required=False)
    help = forms.CharField(
        label=_("填写说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会原文发给正在填写的申报方，也留在版本记录里。"),
    )

    def __init__(self, *args: Any, is_built_in: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_built_in:
            del self.fields["label"]
        else:
            self.fields["label"].required = True
