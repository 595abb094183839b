"""统计说明: how far the reviewers agree and whether the cut-off is clear, in plain words.

Stands behind the ranking, for display: no figure here decides or blocks anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from ventures.models import Conflict, Round
from ventures.reckoning.calibration import Calibration, calibration_of, near_the_cut, rank_ranges
from ventures.reckoning.relationship import RelationshipTest, relationship_test
from ventures.reckoning.reliability import (
    Scale,
    intraclass_correlations,
    kendall_w,
    krippendorff_alpha,
)
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.rankings import Ranking, Row
from ventures.selectors.reviews import hundredths_shown

# Koo & Li 2016: below a half poor, to three quarters moderate, to nine tenths good.
POOR, MODERATE, GOOD = Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)
# A proposal whose side other reviewers would change more often than one time in ten is near.
NEAR = 0.10


@dataclass(frozen=True)
class Figure:
    """One figure with what it is called and what it says."""

    name: str
    value: str
    says: str


@dataclass(frozen=True)
class NearLine:
    """A proposal near the line: its score, its side, how often others would have decided so."""

    row: Row
    is_above: bool
    percent: int


@dataclass(frozen=True)
class RankLine:
    """A proposal's rank and where other reviewers might have put it."""

    row: Row
    best: int
    worst: int

    @property
    def is_sure(self) -> bool:
        return self.best == self.worst


@dataclass(frozen=True)
class Calibrated:
    """The raw score and, beside it, the one without reviewers' leanings."""

    row: Row
    raw: str
    calibrated: str


@dataclass(frozen=True)
class Statistics:
    figures: tuple[Figure, ...]
    is_clear: bool | None
    near: tuple[NearLine, ...]
    ranks: tuple[RankLine, ...]
    calibrated: tuple[Calibrated, ...]
    why_not_calibrated: str
    leanings: tuple[tuple[int, str], ...]
    relationship: RelationshipTest | None
    relationship_says: str


def statistics_of(round: Round, ranking: Ranking, *, sees_list: bool) -> Statistics:
    """All of it, from the sheets handed in. Where the line runs is told by the list to those who
    may see it before the notice, by the pass mark to everybody else."""
    table = {
        row.proposal.code: {
            sheet.seat: Fraction(sheet.total_halves) / 2 for sheet in row.standing.candidate.sheets
        }
        for row in ranking.rows
    }
    calibration = calibration_of(
        {
            (code, f"{seat:03d}"): float(points)
            for code, sheets in table.items()
            for seat, points in sheets.items()
        }
    )
    above = _above(round, ranking, sees_list=sees_list)
    near = _near(ranking, table, calibration, above)
    test = _relationship(round, ranking, table)
    return Statistics(
        figures=tuple(_figures(table, [member.seat for member in ranking.members])),
        is_clear=None if near is None else not near,
        near=tuple(near or ()),
        ranks=tuple(_ranks(ranking, table, calibration)),
        calibrated=_calibrated(ranking, calibration),
        why_not_calibrated=_why_not(calibration),
        leanings=tuple(
            (int(seat), f"{points:+.2f}") for seat, points in sorted(calibration.leanings.items())
        )
        if calibration is not None and calibration.may_be_shown
        else (),
        relationship=test,
        relationship_says=_relationship_says(test),
    )


def _figures(table: Mapping[str, Mapping[int, Fraction]], seats: list[int]) -> list[Figure]:
    whole = [
        [sheets[seat] for seat in seats]
        for sheets in table.values()
        if all(seat in sheets for seat in seats)
    ]
    gappy = [[sheets.get(seat) for seat in seats] for sheets in table.values()]
    correlations = intraclass_correlations(whole)
    single, mean = correlations.two_way_random, correlations.mean_two_way_random
    alpha, concordance = krippendorff_alpha(gappy, Scale.INTERVAL), kendall_w(whole)
    return [
        Figure(
            _("组内相关系数 ICC（全组平均）"),
            _three(mean),
            _("换一组同样水平的评委，平均分的排法：%(says)s。") % {"says": _grade(mean)},
        ),
        Figure(
            _("组内相关系数 ICC（单个评委）"),
            _three(single),
            _("只看一位评委时：%(says)s。") % {"says": _grade(single)},
        ),
        Figure(
            _("Krippendorff α（等距）"),
            _three(alpha),
            _("评委之间打分的一致程度：%(says)s。") % {"says": _grade(alpha)},
        ),
        Figure(
            _("Kendall W（名次一致）"),
            _three(concordance),
            _("评委之间排名次的一致程度：%(says)s。") % {"says": _grade(concordance)},
        ),
    ]


def _three(value: Fraction | None) -> str:
    return "—" if value is None else f"{float(value):.3f}"


def _grade(value: Fraction | None) -> str:
    if value is None:
        return _("样本太少或没有差别，说不了")
    if value < POOR:
        return _("分歧较大")
    if value < MODERATE:
        return _("大体一致")
    return _("比较一致") if value < GOOD else _("很一致")


def _near(
    ranking: Ranking,
    table: Mapping[str, Mapping[int, Fraction]],
    calibration: Calibration | None,
    above: set[str],
) -> list[NearLine] | None:
    """Who stands near the line; None where there is no line or no telling."""
    if calibration is None or calibration.residual is None:
        return None
    scores = {code: [float(each) for each in row.values()] for code, row in table.items() if row}
    found = near_the_cut(scores, frozenset(above), calibration.residual)
    if not found:
        return None
    rows = {row.proposal.code: row for row in ranking.rows}
    return [
        NearLine(rows[one.number], one.is_above, int(one.chance * 100 + 0.5))
        for one in sorted(found, key=lambda one: -one.chance)
        if one.chance >= NEAR
    ]


def _ranks(
    ranking: Ranking,
    table: Mapping[str, Mapping[int, Fraction]],
    calibration: Calibration | None,
) -> list[RankLine]:
    """In the ranking's order; nothing where one score tells nothing of another."""
    if calibration is None or calibration.residual is None:
        return []
    scores = {code: [float(each) for each in row.values()] for code, row in table.items() if row}
    ranges = {one.number: one for one in rank_ranges(scores, calibration.residual)}
    return [
        RankLine(row, ranges[row.proposal.code].best, ranges[row.proposal.code].worst)
        for row in ranking.rows
        if row.proposal.code in ranges
    ]


def _above(round: Round, ranking: Ranking, *, sees_list: bool) -> set[str]:
    """Who is in: as decided, else as the rules list it, else whoever passes."""
    assert round.rubric is not None, "reviewed_round_has_rubric"
    passes = round.rubric.pass_half_points * 50
    passing = {
        row.proposal.code for row in ranking.rows if (row.standing.score_hundredths or 0) >= passes
    }
    if not sees_list:
        return passing
    decided = {
        row.proposal.code
        for row in ranking.rows
        if getattr(row.proposal, "decision", None) and row.proposal.decision.outcome == "award"
    }
    if decided:
        return decided
    suggestion = suggestion_of(round, ranking)
    if suggestion is not None:
        return {code for code, fen in suggestion.awards.items() if fen}
    return passing


def _calibrated(ranking: Ranking, calibration: Calibration | None) -> tuple[Calibrated, ...]:
    if calibration is None or not calibration.may_be_shown:
        return ()
    return tuple(
        Calibrated(
            row,
            hundredths_shown(row.standing.score_hundredths),
            f"{calibration.scores[row.proposal.code]:.2f}",
        )
        for row in ranking.rows
        if row.proposal.code in calibration.scores
    )


def _why_not(calibration: Calibration | None) -> str:
    if calibration is None:
        return _("评委之间没有共同评过的项目，宽严没法比较，所以不列校准分。")
    if not calibration.may_be_shown:
        return _("评委共同评过的项目太少，宽严比不准，所以不列校准分。")
    return ""


def _relationship(
    round: Round, ranking: Ranking, table: Mapping[str, Mapping[int, Fraction]]
) -> RelationshipTest | None:
    """Relationships that were declared and whose sheet nevertheless stands, as they were lifted."""
    seats = {member.reviewer_id: member.seat for member in ranking.members}
    declared = {
        (code, seats[person])
        for code, person in Conflict.objects.filter(
            proposal__round=round, person__in=seats
        ).values_list("proposal__code", "person")
    }
    ordered = {code: sorted(sheets) for code, sheets in table.items()}
    return relationship_test(
        {code: [table[code][seat] for seat in seats_of] for code, seats_of in ordered.items()},
        {
            code: [(code, seat) in declared for seat in seats_of]
            for code, seats_of in ordered.items()
        },
        seed=f"{round.code}:relationship",
    )


def _relationship_says(test: RelationshipTest | None) -> str:
    if test is None:
        return _("没有申明过利害关系又仍参加打分的评委，不用比。")
    if test.chance > Fraction(1, 20):
        return _("和其他评委比，看不出有差别（纯属偶然也常会这样）。")
    return _("差得比偶然多见的大，请看看这几份评分表的意见。这不说明谁做错了。")
