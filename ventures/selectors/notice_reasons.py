"""How a notice says that its list came about: what came in, who scored, who met, what it costs."""

from datetime import date

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from ventures.models import AwardWithdrawal, Decision, Panel, Proposal, Resolution, Round
from ventures.selectors.aggregation import way_words
from ventures.selectors.award_walks import kept_walk_of
from ventures.selectors.meetings import count_in_words
from ventures.selectors.prizes import prizes_given, prizes_of
from ventures.selectors.rankings import ranking_of
from ventures.selectors.selection_words import how_selected

Cause = AwardWithdrawal.Cause


def how_decided(round: Round, decisions: list[Decision]) -> list[str]:
    """Five lines: how many came, how they were checked, scored, decided, and what was spent."""
    handed_in = round.proposals.in_full()
    refused = handed_in.filter(state=Proposal.State.REFUSED).count()
    lapsed = handed_in.filter(state=Proposal.State.LAPSED).count()
    # Who gave up since a notice was withdrawn is on no list any more.
    passed = handed_in.filter(decision__isnull=False).count()
    panel = Panel.objects.get(round=round)
    ranking = ranking_of(round)
    recusals = sum(member.assignments.filter(state="recused").count() for member in ranking.members)
    # Nobody is left on a notice that replaces a withdrawn one: the meetings were held all the same.
    meetings = _meetings_of(decisions) or list(round.resolutions.order_by("pk"))
    assert meetings, "decided_only_by_a_meeting"
    assert round.rubric is not None, "reviewed_round_has_rubric"
    awarded = [one for one in decisions if one.outcome == Decision.Outcome.AWARD]
    return [
        *how_selected(round),
        _("共收到申报书 %(all)d 份，形式审查通过 %(passed)d 份，不予受理 %(refused)d 份。")
        % {"all": handed_in.count(), "passed": passed, "refused": refused},
        *([_("逾期未补正 %(lapsed)d 份。") % {"lapsed": lapsed}] if lapsed else []),
        _("%(reviewers)d 名评委按“%(rubric)s”独立打分，回避 %(recusals)d 人次。")
        % {
            "reviewers": panel.members.count(),
            "rubric": round.rubric.name,
            "recusals": recusals,
        },
        _score_line(round, way_words(round.rubric)),
        _meeting_line(meetings[0]),
        # On a notice that replaces a withdrawn one: what fell meanwhile.
        *_what_fell(round),
        *(_("递补：%(meeting)s") % {"meeting": _meeting_line(one)} for one in meetings[1:]),
        _last_line(round, awarded),
    ]


def _score_line(round: Round, way: str) -> str:
    """How scores came about; where the round has rules of its own, they say what parts a tie."""
    if kept_walk_of(round) is not None:
        return _("得分按“%(way)s”计算，保留两位小数。") % {"way": way}
    return _("得分按“%(way)s”计算，保留两位小数；同分比较第一项指标的平均分。") % {"way": way}


def how_moved_up(round: Round, decisions: list[Decision]) -> list[str]:
    """Lines: what fell and what it freed, by what rule it goes on, every meeting that decided."""
    awarded = [one for one in decisions if one.outcome == Decision.Outcome.AWARD]
    meetings = _meetings_of(awarded) or _meetings_of(decisions)
    meetings = meetings or list(round.resolutions.order_by("-pk")[:1])
    assert meetings, "decided_only_by_a_meeting"
    return [
        *_what_fell(round),
        _("按征集公告写明的规则，已公示的不动，重新排出递补名单。")
        if kept_walk_of(round)
        else _("在候补项目中由会议决定递补。"),
        *map(_meeting_line, meetings),
        # Published again after a withdrawal: who fell meanwhile is among the decisions.
        _last_line(round, awarded),
    ]


def _meetings_of(decisions: list[Decision]) -> list[Resolution]:
    """In the order they were held."""
    return sorted({one.resolution for one in decisions if one.resolution}, key=lambda one: one.pk)


def _what_fell(round: Round) -> list[str]:
    """By cause: how many awards, and how much money came back with them."""
    sentences = {
        Cause.OBJECTION: _("异议成立，撤销拟立项 %(count)d 个，退回资金 %(total)s 元。"),
        Cause.GIVEN_UP: _("申报方放弃立项 %(count)d 个，退回资金 %(total)s 元。"),
        Cause.CANCELLED: _("取消立项 %(count)d 个，退回资金 %(total)s 元。"),
    }
    gone = AwardWithdrawal.objects.filter(award__proposal__round=round)
    if not gone.exists():
        return []
    if not round.has_money:
        return [_("有 %(count)d 个不再授予。") % {"count": gone.count()}]
    sums = {
        row["cause"]: row
        for row in gone.values("cause").annotate(count=Count("pk"), fen=Sum("award__amount_fen"))
    }
    return [
        sentence % {"count": sums[cause]["count"], "total": _yuan_in_words(sums[cause]["fen"])}
        for cause, sentence in sentences.items()
        if cause in sums
    ]


def _meeting_line(resolution: Resolution) -> str:
    """Which meeting decided; how many came and agreed only where it was written down, no names."""
    decided = _("%(held_on)s，%(meeting)s（%(number)s）集体研究决定。") % {
        "held_on": _date_in_words(resolution.held_on),
        "meeting": resolution.meeting,
        "number": resolution.number,
    }
    return decided + count_in_words(resolution)


def _last_line(round: Round, awarded: list[Decision]) -> str:
    """How many are on the list and what they cost; of prizes that none is given."""
    if not round.has_money:
        return _("拟授予 %(awarded)d 个“%(honour)s”，不设资金。") % {
            "awarded": len(awarded),
            "honour": round.honour,
        }
    sentence = (
        _("拟立项 %(awarded)d 个，拟资助合计 %(total)s 元。")
        if round.has_budget
        else _("拟奖励 %(awarded)d 个，奖金合计 %(total)s 元。")
    )
    prizes = prizes_of(round)
    if prizes and not awarded:
        return _("这次没有拟获奖的，奖项空缺。")
    if prizes:
        return _("拟奖励%(given)s，奖金合计 %(total)s 元。") % {
            "given": prizes_given(prizes, [decision.amount_fen for decision in awarded]),
            "total": _yuan_in_words(sum(decision.amount_fen for decision in awarded)),
        }
    return sentence % {
        "awarded": len(awarded),
        "total": _yuan_in_words(sum(decision.amount_fen for decision in awarded)),
    }


def _date_in_words(day: date) -> str:
    return _("%(year)d年%(month)d月%(day)d日") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


def _yuan_in_words(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
