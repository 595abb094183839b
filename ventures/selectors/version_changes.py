"""What changed between two versions of a proposal, in the words each was read in.

Compared is what people read (`selectors.readings.Paper`), so that a reader misses nothing and
learns nothing that the versions themselves do not say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.models import Proposal, ProposalVersion, Round, Screening
from ventures.rules.differences import SAME, Piece, RowPair, differences, row_pairs
from ventures.selectors.proposal_form import field_label
from ventures.selectors.readings import Paper, PaperLine, PaperTable, paper_of_version

type Words = str | Promise

BUDGET_HEADS: tuple[Words, ...] = (
    _("支出内容"),
    _("单价 × 数量"),
    _("金额"),
    _("申请资助"),
    _("配套"),
    _("测算依据"),
)


@dataclass(frozen=True)
class ChangedField:
    """A field whose words changed; marked if the office asked for it."""

    name: str
    label: Words
    pieces: list[Piece]
    is_marked: bool


@dataclass(frozen=True)
class ShownRow:
    """A changed row as a page draws it."""

    kind: str
    cells: list[tuple[Words, str, str]]


@dataclass(frozen=True)
class ChangedTable:
    """A table with rows that are new, gone or changed; rows that stayed are left out."""

    name: str
    label: Words
    heads: list[Words]
    rows: list[RowPair[Sequence[str]]]
    is_marked: bool

    @property
    def shown(self) -> list[ShownRow]:
        """Each row with its cells as they were and as they are, under their heads."""
        width = len(self.heads)
        return [
            ShownRow(
                pair.kind,
                [
                    (head, (pair.older or [""] * width)[place], (pair.newer or [""] * width)[place])
                    for place, head in enumerate(self.heads)
                ],
            )
            for pair in self.rows
        ]


@dataclass(frozen=True)
class VersionChanges:
    """Everything that changed from one version to a later one."""

    older: ProposalVersion
    newer: ProposalVersion
    fields: list[ChangedField]
    tables: list[ChangedTable]
    reason: str = ""
    untouched: list[Words] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.fields) + len(self.tables)


def changes_between(older: ProposalVersion, newer: ProposalVersion) -> VersionChanges:
    """Field by field and row by row, what the office had marked first."""
    before, after = paper_of_version(older), paper_of_version(newer)
    asked = _return_between(older, newer)
    marked = list(asked.marked_fields) if asked else []
    fields = _changed_fields(before, after, marked)
    tables = _changed_tables(before, after, marked)
    changed = {one.name for one in fields} | {one.name for one in tables}
    return VersionChanges(
        older,
        newer,
        sorted(fields, key=lambda one: not one.is_marked),
        sorted(tables, key=lambda one: not one.is_marked),
        reason=asked.reason if asked else "",
        untouched=[field_label(name, _round_of(newer)) for name in marked if name not in changed],
    )


def _round_of(version: ProposalVersion) -> Round:
    return version.proposal.round


def _return_between(older: ProposalVersion, newer: ProposalVersion) -> Screening | None:
    """The last return that lies between the two."""
    return (
        Screening.objects.filter(
            proposal=older.proposal_id,
            version__number__gte=older.number,
            version__number__lt=newer.number,
            outcome=Screening.Outcome.RETURNED,
        )
        .order_by("-id")
        .first()
    )


def _changed_fields(before: Paper, after: Paper, marked: Sequence[str]) -> list[ChangedField]:
    old = _words_of(before)
    new = _words_of(after)
    labels = {name: label for name, (label, _text) in {**old, **new}.items()}
    changed = []
    for name, label in labels.items():
        words = old.get(name, ("", ""))[1], new.get(name, ("", ""))[1]
        if words[0] != words[1]:
            changed.append(ChangedField(name, label, differences(*words), name in marked))
    return changed


def _words_of(paper: Paper) -> dict[str, tuple[Words, str]]:
    words: dict[str, tuple[Words, str]] = {
        "title": (field_label("title"), paper.title),
        "host": (field_label("host"), paper.host),
    }
    words |= {fact.name: (fact.label, fact.words) for fact in paper.facts}
    words["files"] = (field_label("files"), "\n".join(_file_in_words(one) for one in paper.files))
    return words


def _file_in_words(file: Any) -> str:
    """A file exchanged for another of the same name is another file."""
    return f"{file['name']} ({file['sha256'][:8]})"


def _changed_tables(before: Paper, after: Paper, marked: Sequence[str]) -> list[ChangedTable]:
    old = {table.name: table for table in (*before.tables, _budget_of(before))}
    new = {table.name: table for table in (*after.tables, _budget_of(after))}
    changed = []
    for name in {**old, **new}:
        one = new.get(name) or old[name]
        heads = list(one.heads)
        rows = _pairs(_rows(old.get(name), heads), _rows(new.get(name), heads))
        if rows:
            changed.append(ChangedTable(name, one.label, heads, rows, name in marked))
    return changed


def _rows(table: PaperTable | None, heads: Sequence[Words]) -> list[Sequence[str]]:
    """The rows under these heads: a column that nobody used is not in a table's heads."""
    if table is None:
        return []
    rows = [{str(cell["head"]): str(cell["words"]) for cell in row} for row in table.rows]
    return [tuple(row.get(str(head), "") for head in heads) for row in rows]


def _pairs(older: list[Sequence[str]], newer: list[Sequence[str]]) -> list[RowPair[Sequence[str]]]:
    keys = ([row[0] for row in older], [row[0] for row in newer])
    return [pair for pair in row_pairs(older, newer, keys) if pair.kind != SAME]


def _budget_of(paper: Paper) -> PaperTable:
    return PaperTable(
        "budget",
        field_label("budget"),
        list(BUDGET_HEADS),
        [
            [
                {"head": head, "words": words}
                for head, words in zip(BUDGET_HEADS, _line_in_words(line), strict=True)
            ]
            for line in paper.lines
        ],
    )


def _line_in_words(line: PaperLine) -> list[str]:
    return [
        line.purpose,
        f"{yuan(line.unit_price_fen)} × {line.quantity} {line.unit}",
        yuan(line.amount_fen),
        yuan(line.requested_fen),
        yuan(line.matching_fen),
        line.basis,
    ]


def newer_than(version: ProposalVersion) -> ProposalVersion | None:
    """The latest version if it is not this one: a reviewer is told of it."""
    latest = version.proposal.versions.order_by("-number").first()
    return latest if latest is not None and latest.number > version.number else None


def before(version: ProposalVersion) -> ProposalVersion | None:
    """The version handed in before this one."""
    return version.proposal.versions.filter(number=version.number - 1).first()


def versions_to_compare(proposal: Proposal, older: int, newer: int) -> list[ProposalVersion]:
    """Both versions in order, or fewer where an address names one that is not there."""
    return list(
        proposal.versions.filter(number__in=sorted({older, newer}))
        .select_related("proposal__round")
        .order_by("number")
    )
