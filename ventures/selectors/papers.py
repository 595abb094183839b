"""What the printed papers say, in the words they are printed in: 评分汇总表.

A paper does no arithmetic and knows no models; it is typeset by `accounts.services.papers` from
what is gathered here; the 评分表 is in `selectors.score_papers`, 公示 and 公告 in
`selectors.notice_papers`. The spreadsheet of the ranking is the same table.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services.tables import without_formula
from accounts.templatetags.kit import moment
from ventures.models import Decision, Round
from ventures.reckoning.standings import Mark
from ventures.selectors.aggregation import total_shown, way_words
from ventures.selectors.composite_words import above_in_words, lines_of
from ventures.selectors.rankings import Cell, Ranking, Row
from ventures.selectors.reviews import hundredths_shown

MARKS = {
    Mark.ABSTAINED: gettext_lazy("弃权"),
    Mark.RECUSED: gettext_lazy("回避"),
    Mark.MISSING: gettext_lazy("未交"),
    Mark.NOT_ASSIGNED: "—",
}


def cell_words(cell: Cell) -> str:
    """A cell as it is read: its total, or the word that stands for none."""
    if cell.total_half_points is not None:
        return total_shown(cell.total_half_points)
    return str(MARKS[cell.mark])


def rank_words(row: Row) -> str:
    if row.standing.rank is None:
        return "—"
    if row.standing.shares_rank:
        return _("并列 %(rank)d") % {"rank": row.standing.rank}
    return str(row.standing.rank)


def ranking_paper(ranking: Ranking, *, sees_prepared: bool) -> dict[str, Any]:
    """The 评分汇总表 on one sheet: every score, what was left out, mean, rank, amount.

    Amounts that are only prepared stay in the office: others print the column blank.
    """
    round, panel = ranking.round, ranking.panel
    is_composite = ranking.composite is not None and ranking.composite.is_complete
    assert panel is not None, "a ranking is of a panel"
    assert round.rubric is not None, "reviewed_round_has_rubric"
    return {
        "title": _("评分汇总表"),
        "round": round.name,
        "foot": marked(round.name, round),
        "sponsors": round.sponsors,
        "meets": moment(panel.meets_at) if panel.meets_at else "",
        "place": panel.place,
        "rule": _("%(way)s，保留两位小数；同分比较第一项指标的平均分，仍相同则并列。")
        % {"way": way_words(round.rubric)},
        "heads": [
            _("序号"),
            _("项目"),
            *[_("评委%(seat)d") % {"seat": m.seat} for m in ranking.members],
            _("综合得分") if is_composite else _("平均分"),
            _("名次"),
            _("拟资助（元）"),
        ],
        "seats": len(ranking.members),
        "rows": [
            {
                "number": str(place),
                "code": row.proposal.code,
                "title": row.proposal.title,
                "applicant": row.proposal.applicant_name,
                "cells": [
                    {"words": cell_words(cell), "is_dropped": cell.is_dropped} for cell in row.cells
                ],
                "score": hundredths_shown(row.standing.score_hundredths),
                "rank": rank_words(row),
                "amount": amount_words(row, sees_prepared=sees_prepared),
            }
            for place, row in enumerate(ranking.rows, start=1)
        ],
        "notes": [
            _("划去的分数为去掉的最高分或最低分。"),
            *([lines_of(round)[0], above_in_words(round)] if is_composite else []),
            *(
                [
                    _("极差达到 %(points)d 分的项目：%(codes)s。")
                    % {
                        "points": panel.wide_points,
                        "codes": _("、").join(row.proposal.code for row in ranking.wide),
                    }
                ]
                if ranking.wide
                else []
            ),
            *(
                [
                    _("弃权 %(count)d 份：不计分，也不算零分；平均分只按交了的评分表算。")
                    % {"count": ranking.abstained}
                ]
                if ranking.abstained
                else []
            ),
            *(
                [_("有 %(waiting)d 份评分表未交。") % {"waiting": ranking.waiting}]
                if ranking.waiting
                else []
            ),
        ],
        "counter_label": _("计票人："),
        "supervisor_label": _("监督人："),
        "chair_label": _("评委会主任："),
        "date_label": _("日期："),
    }


def ranking_table(ranking: Ranking, *, sees_prepared: bool) -> list[list[str]]:
    """The same as rows of a spreadsheet, safe to open: no cell begins like a formula."""
    paper = ranking_paper(ranking, sees_prepared=sees_prepared)
    head = [paper["heads"][0], _("申报编号"), *paper["heads"][1:2], _("承接组织")]
    rows = [[*head, *paper["heads"][2:]]]
    for row in paper["rows"]:
        cells = [
            _("%(points)s（去掉）") % {"points": cell["words"]}
            if cell["is_dropped"]
            else cell["words"]
            for cell in row["cells"]
        ]
        rows.append(
            [
                row["number"],
                row["code"],
                row["title"],
                row["applicant"],
                *cells,
                row["score"],
                row["rank"],
                row["amount"],
            ]
        )
    return [[str(without_formula(str(cell))) for cell in row] for row in rows]


def marked(foot: str, round: Round) -> str:
    """The foot of a paper; one of a demo says so on every page."""
    return f"{_('演示')} · {foot}" if round.is_demo else foot


def amount_words(row: Row, *, sees_prepared: bool) -> str:
    """The decided amount, or the outcome; blank while there is none this person may see."""
    decision = getattr(row.proposal, "decision", None)
    is_public = decision is not None and decision.state in (
        Decision.State.PUBLISHED,
        Decision.State.FINAL,
    )
    if decision is None or not (sees_prepared or is_public):
        return ""
    return (
        plain_yuan(decision.amount_fen) if decision.amount_fen else decision.get_outcome_display()
    )


def plain_yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
