"""The terms of a call: when what happens, how scores and awards are made, how long it is noticed.

The page, the paper and the JSON of a call all read them here, so that they say the same.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.kit import moment
from ventures.models import AwardTerms, Round
from ventures.selectors.aggregation import counts_words, way_words
from ventures.selectors.award_terms import award_terms_of, terms_in_words
from ventures.selectors.reviews import half_points_shown
from ventures.selectors.timetable import Entry, timetable_of


@dataclass(frozen=True)
class Scored:
    """One thing that is scored: its name, what it asks, its full marks, how else it counts."""

    name: str
    ask: str
    points: str
    counts: str


@dataclass(frozen=True)
class CallTerms:
    """Everything a call says about time and rules, in the words people read."""

    timetable: list[Entry]
    # What holds for the closes: two steps, grace, the seal.
    closes: list[str]
    scored: list[Scored]
    scoring: list[str]
    vetoes: list[str]
    awards: list[str]
    notice: list[str]


def terms_of_call(round: Round, now: datetime) -> CallTerms:
    own = award_terms_of(round)
    return CallTerms(
        timetable=timetable_of(round, now),
        closes=_closes(round),
        scored=_scored(round),
        scoring=_scoring(round),
        vetoes=list(round.rubric.vetoes) if round.rubric else [],
        awards=terms_in_words(round, own),
        notice=_notice(round, own),
    )


def _closes(round: Round) -> list[str]:
    lines = []
    if round.full_closes_at is not None:
        lines.append(
            _("分两步申报：先交项目概要；入围的在 %(until)s 前交完整申报书。概要由%(who)s遴选。")
            % {"until": moment(round.full_closes_at), "who": round.get_selected_by_display()}
        )
    if round.grace_minutes:
        lines.append(
            _("截止前已经开始填写的，截止后 %(n)d 分钟内还可以提交；没开始的不行。")
            % {"n": round.grace_minutes}
        )
    if round.is_sealed:
        lines.append(
            _("申报书封存到截止（含宽限）：在那以前，除申报方自己，谁都看不到内容和件数。")
        )
    return lines


def _scored(round: Round) -> list[Scored]:
    if round.rubric is None:
        return []
    return [
        Scored(one.name, one.ask, half_points_shown(one.max_half_points), counts_words(one))
        for one in round.rubric.criteria.all()
    ]


def _scoring(round: Round) -> list[str]:
    rubric = round.rubric
    if rubric is None:
        return []
    return [
        _("得分怎么算：%(way)s，保留两位小数。") % {"way": way_words(rubric)},
        _("及格线 %(points)s 分。") % {"points": half_points_shown(rubric.pass_half_points)},
    ]


def _notice(round: Round, own: AwardTerms | None) -> list[str]:
    by_calendar = own is not None and own.notice_counting == AwardTerms.Counting.CALENDAR
    days = (
        _("结果公示 %(days)d 天（自然日）。") if by_calendar else _("结果公示 %(days)d 个工作日。")
    ) % {"days": round.notice_working_days}
    shown = [
        words
        for is_shown, words in (
            (round.publishes_scores, _("得分")),
            (own is not None and own.names_experts, _("评委姓名")),
            (own is not None and own.publishes_reasons, _("理由")),
            (own is not None and own.publishes_counterfactuals, _("没列入的项目差多少")),
        )
        if is_shown
    ]
    if not shown:
        return [days]
    return [days, _("同时公布%(what)s。") % {"what": "、".join(shown)}]


# For machines -----------------------------------------------------------------------------


def terms_for_machines(round: Round, terms: CallTerms) -> dict[str, Any]:
    """The same with its figures; the sentences stand beside them in `words`."""
    rubric, own = round.rubric, award_terms_of(round)
    return {
        "two_steps": {
            "full_closes_at": _instant(round.full_closes_at),
            "selected_by": round.selected_by,
        }
        if round.full_closes_at is not None
        else None,
        "timetable": [
            {
                "kind": one.kind,
                "words": str(one.label),
                "begins_at": _instant(one.begins_at),
                "ends_at": _instant(one.ends_at),
                "place": one.place,
            }
            for one in terms.timetable
        ],
        "closes_words": terms.closes,
        "scoring": {
            "aggregate": rubric.aggregate,
            "drop_from": rubric.drop_from if rubric.aggregate == "trimmed_mean" else None,
            "pass_points": rubric.pass_half_points / 2,
            "step_points": rubric.step_half_points / 2,
            "vetoes": terms.vetoes,
            "words": terms.scoring,
        }
        if rubric is not None
        else None,
        "awards": _awards_for_machines(own) | {"words": terms.awards},
        "notice": {
            "days": round.notice_working_days,
            "counting": own.notice_counting if own else AwardTerms.Counting.WORKING.value,
            "publishes_scores": round.publishes_scores,
            "names_experts": bool(own and own.names_experts),
            "publishes_reasons": bool(own and own.publishes_reasons),
            "words": terms.notice,
        },
    }


def _awards_for_machines(own: AwardTerms | None) -> dict[str, Any]:
    """How the list is made by rule; nothing but the ranking where it is not."""
    if own is None or not own.is_walked:
        return {"by_rule": False}
    threshold = own.threshold_half_points
    return {
        "by_rule": True,
        "threshold_points": None if threshold is None else threshold / 2,
        "ties": own.tie_order,
        "misfit": own.misfit,
        "partial_percent": own.partial_percent,
        "releases_reserves": own.releases_reserves,
        "limits": [
            {
                "kind": limit.kind,
                "over": limit.over,
                "value": limit.value,
                "percent": limit.percent,
                "fen": limit.fen,
                "projects": limit.projects,
            }
            for limit in own.limits.all()
        ],
    }


def _instant(at: datetime | None) -> str | None:
    return at.astimezone().isoformat() if at is not None else None
