"""The phases of a review as pages show them: in words, in the timetable, as a start for typing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ventures.models import ReviewPhase, Round, Stage

type Words = str | Promise

Sees, Others = ReviewPhase.Sees, ReviewPhase.Others
WEEK = timedelta(days=7)
# What one usually wants, to start typing from.
PRESETS: dict[str, tuple[Words, dict[str, Any]]] = {
    "blind": (
        _("匿名书面评审"),
        {"hides_applicant": True, "scoring_open": True},
    ),
    "talk": (
        _("评委评议"),
        {
            "sees": Sees.TRACK,
            "names_reviewers": True,
            "others_scores": Others.AFTER_OWN,
            "scoring_open": True,
            "discussion_open": True,
        },
    ),
    "answer": (
        _("申报方答复"),
        {"others_scores": Others.AFTER_OWN, "answer_open": True},
    ),
}


@dataclass(frozen=True)
class PhaseLine:
    """One phase in a list: what it allows, and where it stands in time."""

    phase: ReviewPhase
    words: list[Words]
    is_now: bool
    is_over: bool

    @property
    def is_ahead(self) -> bool:
        return not self.is_now and not self.is_over


def phases_of(round: Round, now: datetime) -> list[PhaseLine]:
    return [
        PhaseLine(
            one,
            words_of(one),
            is_now=one.begins_at <= now < one.ends_at,
            is_over=one.ends_at <= now,
        )
        for one in round.review_phases.all()
    ]


def words_of(phase: ReviewPhase) -> list[Words]:
    """What reviewers and applicants may do in it, each as one short sentence."""
    return [
        _("可以评分") if phase.scoring_open else _("评分表锁定"),
        _("隐去申报方") if phase.hides_applicant else _("看得到申报方"),
        _("看分给自己的申报书") if phase.sees == Sees.ASSIGNED else _("看自己那几组的申报书"),
        _OTHERS[phase.others_scores],
        _("评委之间显示姓名") if phase.names_reviewers else _("评委之间不显示姓名"),
        *([_("评委可以讨论")] if phase.discussion_open else []),
        *([_("申报方可以答复")] if phase.answer_open else []),
    ]


_OTHERS: dict[str, Words] = {
    Others.NEVER: _("互相看不到评分表"),
    Others.AFTER_OWN: _("自己交表后看得到别人的"),
    Others.ALWAYS: _("互相看得到评分表"),
}


def usual_phase(round: Round, phases: Sequence[ReviewPhase], preset: str) -> dict[str, Any]:
    """What a new phase starts from: after the last one, or with the stage of reviewing."""
    name, rights = PRESETS.get(preset, ("", {"scoring_open": True}))
    review = next((one for one in round.stages.all() if one.kind == Stage.Kind.REVIEW), None)
    begins_at = (
        phases[-1].ends_at if phases else review.begins_at if review else round.closes_at + WEEK
    )
    ends_at = review.ends_at if review and review.ends_at > begins_at else begins_at + WEEK
    return {"name": name, "begins_at": begins_at, "ends_at": ends_at, **rights}
