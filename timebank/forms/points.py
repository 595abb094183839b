"""The form of a grant of points: who gets how many, one line for each, and what for."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from timebank.forms.adjustments import MOST, reason_field
from timebank.services.opening_tables import find_people
from timebank.services.points import PointsFor

LINES_MOST = 200


@dataclass
class Line:
    """One line as it was read: who, how many, and what is wrong with it."""

    number: int
    name: str
    phone: str
    words: str
    person_id: int | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        is_number = self.words.isascii() and self.words.isdigit() and len(self.words) <= 6
        return int(self.words) if is_number else 0


class PointGrantForm(forms.Form):
    """积分发放."""

    people = forms.CharField(
        label=_("给谁、多少积分"),
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": _("安安 13800000000 20")}),
        help_text=_("一行一个人：姓名、手机号、积分，中间空一格；可以从表格里复制过来。"),
        error_messages={"required": _("请至少写一行：姓名、手机号、积分。")},
    )
    reason = reason_field(_("为什么发（本人会看到）"))
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"request_key": uuid4()} | (options.get("initial") or {})
        super().__init__(*args, **options)

    def clean_people(self) -> list[PointsFor]:
        """The people found; what is wrong is said line by line."""
        lines = [
            _line_of(number, words)
            for number, words in enumerate(self.cleaned_data["people"].splitlines(), start=1)
            if words.strip()
        ]
        if len(lines) > LINES_MOST:
            raise forms.ValidationError(
                ngettext(
                    "一次最多 %(count)d 行，请分几次。",
                    "一次最多 %(count)d 行，请分几次。",
                    LINES_MOST,
                )
                % {"count": LINES_MOST}
            )
        find_people(lines)
        seen: set[int] = set()
        for line in lines:
            if not 1 <= line.points <= MOST:
                line.errors.append(str(_("积分要填大于零的整数，例如 20。")))
            if line.person_id is not None and line.person_id in seen:
                line.errors.append(str(_("这个人前面已经写过一行。")))
            seen.add(line.person_id or 0)
        wrong = [
            forms.ValidationError(
                _("第 %(number)d 行：%(what)s"),
                params={"number": line.number, "what": "".join(line.errors)},
            )
            for line in lines
            if line.errors
        ]
        if wrong:
            raise forms.ValidationError(wrong)
        people = User.objects.in_bulk([line.person_id for line in lines if line.person_id])
        return [PointsFor(people[line.person_id or 0], line.points) for line in lines]


def _line_of(number: int, words: str) -> Line:
    """Cells as they come from a spreadsheet, or with blanks or commas between them."""
    for mark in (",", "，", "、", "\t"):
        words = words.replace(mark, " ")
    cells = words.split()
    name, phone, points = (
        [*cells, "", "", ""][:3] if len(cells) < 4 else [" ".join(cells[:-2]), *cells[-2:]]
    )
    return Line(number, name[:40], phone.replace("-", "")[:20], points)
