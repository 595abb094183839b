"""What a round's rules have to say about a budget, line by line. It is said, never corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from accounts.templatetags.kit import yuan
from ventures.models import BudgetLine, BudgetRules, Round


class Line(Protocol):
    """A line of a budget, planned or stored."""

    @property
    def cost_class(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def requested_fen(self) -> int: ...


@dataclass(frozen=True)
class Finding:
    """One rule a line does not keep: its place from zero, the column, and the sentence."""

    place: int
    column: str
    sentence: str

    @property
    def in_full(self) -> str:
        return _("预算第 %(number)d 行：%(sentence)s") % {
            "number": self.place + 1,
            "sentence": self.sentence,
        }


def rules_of(round: Round) -> BudgetRules | None:
    try:
        return round.budget_rules
    except ObjectDoesNotExist:
        return None


def findings_of(lines: Sequence[Line], rules: BudgetRules | None) -> list[Finding]:
    """Lines that ask for what is not funded, and management above its share."""
    if rules is None:
        return []
    return [*_not_funded(lines, rules), *_management(lines, rules)]


def _not_funded(lines: Sequence[Line], rules: BudgetRules) -> list[Finding]:
    found = []
    for place, line in enumerate(lines):
        word = next((one for one in rules.not_funded_words if one in line.purpose), None)
        if word is not None and line.requested_fen > 0:
            sentence = _("本轮不资助“%(word)s”。请改成配套，或去掉这一行。") % {"word": word}
            found.append(Finding(place, "purpose", sentence))
    return found


def _management(lines: Sequence[Line], rules: BudgetRules) -> list[Finding]:
    percent = rules.management_percent
    if percent is None:
        return []
    places = [
        place
        for place, line in enumerate(lines)
        if line.cost_class == BudgetLine.CostClass.MANAGEMENT and line.requested_fen > 0
    ]
    asked = sum(lines[place].requested_fen for place in places)
    most = sum(line.requested_fen for line in lines) * percent // 100
    if asked <= most:
        return []
    sentence = _("管理费用共申请 %(asked)s，最多 %(most)s（申请资助的 %(percent)d%%）。") % {
        "asked": yuan(asked),
        "most": yuan(most),
        "percent": percent,
    }
    return [Finding(place, "requested", sentence) for place in places]
