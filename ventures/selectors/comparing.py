"""Two or three proposals of a reviewer side by side: field by field, budgets, her own scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.kit import yuan
from ventures.models import Review
from ventures.rules.review_rights import rights_in
from ventures.rules.rubrics import criteria_for
from ventures.selectors.aggregation import total_shown
from ventures.selectors.blinding import read_by_reviewers, version_for_reviewers
from ventures.selectors.readings import Paper, paper_of
from ventures.selectors.review_queues import Evening, QueueLine, evening_of
from ventures.selectors.reviewer_looks import NOT_HERS
from ventures.selectors.reviews import half_points_shown

FEWEST, MOST = 2, 3
NOTHING = "—"

type Words = str | Promise


@dataclass(frozen=True)
class CompareRow:
    """One question and what each proposal says to it."""

    label: Words
    cells: tuple[str, ...]
    is_figure: bool = False

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True)
class Comparison:
    """Her proposals in the order of her list, and the rows under them."""

    lines: tuple[QueueLine, ...]
    scores: tuple[CompareRow, ...]
    budget: tuple[CompareRow, ...]
    facts: tuple[CompareRow, ...]


def chosen_in(evening: Evening, numbers: Sequence[str]) -> list[QueueLine]:
    """Those of the numbers that are assignments of hers she has signed for, in her list's order."""
    asked = {int(one) for one in numbers if one.isdecimal() and len(one) < 19}
    return [
        line for line in evening.lines if line.assignment.pk in asked and line.member.committed_at
    ]


def comparison_of(user: User, numbers: Sequence[str]) -> Comparison:
    lines = chosen_in(evening_of(user), numbers)[:MOST]
    papers = [_paper_of(line) for line in lines]
    return Comparison(
        tuple(lines), tuple(_scores(lines)), tuple(_budget(papers)), tuple(_facts(papers))
    )


def _paper_of(line: QueueLine) -> Paper | None:
    proposal = line.assignment.proposal
    version = version_for_reviewers(proposal, line.review)
    text = read_by_reviewers(version, rights_in(proposal.round))
    return paper_of(text) if text is not None else None


def _scores(lines: Sequence[QueueLine]) -> list[CompareRow]:
    names: list[str] = []
    given: list[Mapping[str, str]] = []
    for line in lines:
        scores = (
            {score.criterion_id: score.half_points for score in line.review.scores.all()}
            if line.review
            else {}
        )
        found = {}
        for criterion in criteria_for(line.assignment.proposal):
            points = scores.get(criterion.pk)
            most = half_points_shown(criterion.max_half_points)
            found[criterion.name] = (
                NOTHING if points is None else f"{half_points_shown(points)} / {most}"
            )
        given.append(found)
        names += [name for name in found if name not in names]
    rows = [
        CompareRow(_(name), tuple(one.get(name, NOTHING) for one in given), is_figure=True)
        for name in names
    ]
    return [
        CompareRow(_("合计"), tuple(_total(line) for line in lines), is_figure=True),
        *rows,
        CompareRow(
            _("建议资助"),
            tuple(_of_review(line, lambda one: yuan(one.suggested_fen)) for line in lines),
            is_figure=True,
        ),
        CompareRow(
            _("立项建议"),
            tuple(_of_review(line, lambda one: one.get_recommendation_display()) for line in lines),
        ),
        CompareRow(
            _("评审意见"), tuple(_of_review(line, lambda one: one.comment) for line in lines)
        ),
    ]


def _total(line: QueueLine) -> str:
    return NOTHING if line.total_half_points is None else total_shown(line.total_half_points)


def _of_review(line: QueueLine, say: Any) -> str:
    review: Review | None = line.review
    return (say(review) or NOTHING) if review is not None else NOTHING


def _budget(papers: Sequence[Paper | None]) -> list[CompareRow]:
    """Asked for and matched, then the requested amount by cost class."""
    classes: list[str] = []
    sums: list[dict[str, int]] = []
    for paper in papers:
        found: dict[str, int] = {}
        for line in paper.lines if paper else ():
            found[line.cost_class] = found.get(line.cost_class, 0) + line.requested_fen
        sums.append(found)
        classes += [name for name in found if name not in classes]

    def row(label: str, say: Any) -> CompareRow:
        return CompareRow(
            label,
            tuple(NOTHING if paper is None else say(paper) for paper in papers),
            is_figure=True,
        )

    return [
        row(_("申请资助"), lambda paper: yuan(paper.requested_fen)),
        row(_("配套"), lambda paper: yuan(paper.matching_fen)),
        row(
            _("每服务一人次申请"),
            lambda paper: _per_person(paper),
        ),
        *[
            CompareRow(
                name,
                tuple(yuan(one[name]) if name in one else NOTHING for one in sums),
                is_figure=True,
            )
            for name in classes
        ],
    ]


def _per_person(paper: Paper) -> str:
    """Asked for by person-time, where one is said."""
    said = next((fact.words for fact in paper.facts if fact.name == "person_times"), "")
    digits = "".join(letter for letter in said if letter.isdigit())
    if not digits or not int(digits):
        return NOTHING
    return yuan(paper.requested_fen // int(digits))


def _facts(papers: Sequence[Paper | None]) -> list[CompareRow]:
    labels: dict[str, Words] = {}
    said: list[dict[str, str]] = []
    for paper in papers:
        facts = [one for one in paper.facts if one.name not in NOT_HERS] if paper else []
        said.append({fact.name: fact.words for fact in facts})
        labels |= {fact.name: fact.label for fact in facts if fact.name not in labels}
    return [
        CompareRow(label, tuple(one.get(name) or NOTHING for one in said))
        for name, label in labels.items()
        if any(one.get(name) for one in said)
    ]
