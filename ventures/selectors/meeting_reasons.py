"""Why one proposal stands where it stands, in a round without rules: there the meeting decides.

No rule ranks and funds by itself, so that no amount and no score would have been certain. What can
be said is what the decision was based on: rank and score, what the panel suggested, what was left
of the money, which meeting. That is said, and that it is no promise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.templatetags.kit import day, yuan
from timebank import doors
from ventures.models import Award, Decision, Resolution, Round
from ventures.selectors.reviews import hundredths_shown

Outcome = Decision.Outcome


class Code(StrEnum):
    """Which of the possible reasons it was."""

    LISTED = "listed"
    LISTED_APART = "listed_apart"
    PROMOTED = "promoted"
    NO_SCORE = "no_score"
    BELOW_MARK = "below_mark"
    PASSED_OVER = "passed_over"
    FUND_SHORT = "fund_short"
    AFTER_LISTED = "after_listed"
    BY_MEETING = "by_meeting"


@dataclass(frozen=True)
class MeetingReason:
    """The reason with its code, what it was based on, and what it lacked as far as one can say."""

    code: Code
    words: str
    basis: tuple[str, ...]
    almost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """What one round's meeting had before it and left: read once for all its proposals."""

    round: Round
    group: int
    last_rank: int | None
    least_hundredths: int | None
    left_fen: int
    first: Resolution

    @property
    def pass_hundredths(self) -> int:
        assert self.round.rubric is not None, "reviewed_round_has_rubric"
        return self.round.rubric.pass_half_points * 50


def meeting_of(round: Round) -> Meeting | None:
    """None before a meeting has decided."""
    first = round.resolutions.order_by("id").first()
    if first is None:
        return None
    decisions = Decision.objects.filter(proposal__round=round)
    listed = [
        (rank, score)
        for rank, score in decisions.filter(
            award__resolution=first, award__withdrawal__isnull=True, deviates=False
        ).values_list("rank", "score_hundredths")
        if rank is not None and score is not None
    ]
    spent = Award.objects.filter(resolution=first).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    fund = doors.fund_position(round.fund_key).total_fen if round.has_money else 0
    return Meeting(
        round=round,
        group=decisions.count(),
        last_rank=max((rank for rank, _score in listed), default=None),
        least_hundredths=min((score for _rank, score in listed), default=None),
        left_fen=max(0, fund - spent),
        first=first,
    )


def reason_of(meeting: Meeting, decision: Decision) -> MeetingReason:
    """Why it was decided so; nothing here for an award that was taken back: its reason says it."""
    code = _code_of(meeting, decision)
    is_award = decision.outcome == Outcome.AWARD
    return MeetingReason(
        code,
        _WORDS[code]() % _facts(meeting, decision),
        tuple(_basis(meeting, decision)),
        () if is_award else tuple(_almost(meeting, decision, code)),
    )


def almost_by_meeting(meeting: Meeting | None, decision: Decision) -> str:
    """The same for a letter, in one piece."""
    return "".join(reason_of(meeting, decision).almost) if meeting else ""


def _code_of(meeting: Meeting, decision: Decision) -> Code:
    score, rank = decision.score_hundredths, decision.rank
    if decision.outcome == Outcome.AWARD:
        if decision.resolution_id != meeting.first.pk:
            return Code.PROMOTED
        return Code.LISTED_APART if decision.deviates else Code.LISTED
    if score is None or rank is None:
        return Code.NO_SCORE
    if score < meeting.pass_hundredths:
        return Code.BELOW_MARK
    if decision.deviates:
        return Code.PASSED_OVER
    if meeting.round.has_budget and meeting.left_fen < (decision.suggested_fen or 0):
        return Code.FUND_SHORT
    if meeting.last_rank is not None and rank > meeting.last_rank:
        return Code.AFTER_LISTED
    return Code.BY_MEETING


_WORDS = {
    Code.LISTED: lambda: _("名次在前，会议同意列入。"),
    Code.LISTED_APART: lambda: _("会议没有按名次、另有理由列入。"),
    Code.PROMOTED: lambda: _("用退回的资金，会议同意递补。"),
    Code.NO_SCORE: lambda: _("没有得分，不参加排序。"),
    Code.BELOW_MARK: lambda: _("得分低于及格线 %(pass)s 分。"),
    Code.PASSED_OVER: lambda: _("名次在列入的项目当中，会议另有理由没有列入。"),
    Code.FUND_SHORT: lambda: _("前面的项目列入以后，余下 %(left)s，不够评委建议的 %(suggested)s。"),
    Code.AFTER_LISTED: lambda: _("名次在列入的最后一个项目（第 %(last)s 名）之后。"),
    Code.BY_MEETING: lambda: _("会议集体研究，没有列入。"),
}


def _facts(meeting: Meeting, decision: Decision) -> dict[str, str]:
    return {
        "pass": hundredths_shown(meeting.pass_hundredths),
        "left": yuan(meeting.left_fen),
        "suggested": yuan(decision.suggested_fen or 0),
        "last": str(meeting.last_rank or "—"),
    }


def _basis(meeting: Meeting, decision: Decision) -> Sequence[str]:
    said = []
    if decision.rank is not None:
        said.append(
            _("评分汇总：得分 %(score)s，在 %(group)d 个项目里排第 %(rank)d 名。")
            % {
                "score": hundredths_shown(decision.score_hundredths),
                "group": meeting.group,
                "rank": decision.rank,
            }
        )
    if meeting.round.has_budget and decision.suggested_fen:
        said.append(_("评委建议资助 %(suggested)s。") % {"suggested": yuan(decision.suggested_fen)})
    # A later meeting only awards: of whoever it moved up nothing is told before her own notice.
    held = (decision.resolution if decision.outcome == Outcome.AWARD else None) or meeting.first
    said.append(
        _("会议：%(held_on)s，%(meeting)s（%(number)s）。")
        % {"held_on": day(held.held_on), "meeting": held.meeting, "number": held.number}
    )
    return said


def _almost(meeting: Meeting, decision: Decision, code: Code) -> Sequence[str]:
    """What another amount or score would have changed, and that it is no promise."""
    said = []
    least, score = meeting.least_hundredths, decision.score_hundredths
    if least is not None and score is not None and score < least:
        said.append(
            _("列入的项目里，得分最低的是 %(least)s 分；要排到它前面，还差 %(more)s 分。")
            % {"least": hundredths_shown(least), "more": hundredths_shown(least - score)}
        )
    if code == Code.FUND_SHORT and meeting.left_fen:
        said.append(_("若申请不超过 %(left)s，余下的钱是够的。") % {"left": yuan(meeting.left_fen)})
    said.append(_("本轮没有按规则自动排名单，列不列入由会议集体决定，以上只供参考，不是保证。"))
    return said
