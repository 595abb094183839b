"""What a round gives, in the words of its purpose: a grant, a title without money, a prize.

A grant is 资助, a prize 奖金; a designation has neither, only its name. Notices, letters and lists
ask here, so that one round speaks one way everywhere.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ventures.models import Proposal, Round

type Words = str | Promise
Purpose = Round.Purpose


@dataclass(frozen=True)
class AwardWords:
    """How a round calls its list, its amounts and its result."""

    # Headings of the list before and after it is final, and of the amount.
    listed: Words
    notice_title: Words
    final_title: Words
    amount: Words
    total: Words
    # The list before the meeting, as the office calls it.
    listing: Words
    # The same once it is final.
    final_listed: Words
    final_amount: Words
    # Heads of the list's columns: what, whose, where.
    heads: tuple[Words, Words, Words] = (_("项目名称"), _("承接组织"), _("实施社区"))


WORDS: dict[str, AwardWords] = {
    Purpose.GRANT: AwardWords(
        listed=_("拟立项项目"),
        notice_title=_("关于%(round)s拟立项项目的公示"),
        final_title=_("关于%(round)s立项项目的公告"),
        amount=_("拟资助金额"),
        total=_("拟资助合计"),
        listing=_("立项名单"),
        final_listed=_("立项项目"),
        final_amount=_("资助金额"),
    ),
    Purpose.DESIGNATION: AwardWords(
        listed=_("拟授牌名单"),
        notice_title=_("关于%(round)s拟授牌名单的公示"),
        final_title=_("关于%(round)s授牌名单的公告"),
        amount="",
        total="",
        listing=_("授牌名单"),
        final_listed=_("授牌名单"),
        final_amount="",
        heads=(_("名称"), _("申报单位"), _("所在社区")),
    ),
    Purpose.PRIZE: AwardWords(
        listed=_("拟获奖名单"),
        notice_title=_("关于%(round)s拟获奖名单的公示"),
        final_title=_("关于%(round)s获奖名单的公告"),
        amount=_("拟发奖金"),
        total=_("拟发奖金合计"),
        listing=_("获奖名单"),
        final_listed=_("获奖名单"),
        final_amount=_("奖金"),
        heads=(_("作品名称"), _("获奖人（单位）"), _("相关社区")),
    ),
}


UNDECIDED_NO_MORE = (Round.State.DECIDED, Round.State.NOTICED)


def award_words(round: Round) -> AwardWords:
    return WORDS[round.purpose]


# What became of a proposal, where nothing is financed: by the state it is in and by its decision.
_RESULTS: dict[str, dict[str, Words]] = {
    Purpose.DESIGNATION: {
        "awarded": _("授牌"),
        "declined": _("未授牌"),
        "given_up": _("已放弃授牌"),
        "cancelled": _("已取消授牌"),
        "award": _("拟授牌"),
        "decline": _("未列入授牌名单"),
    },
    Purpose.PRIZE: {
        "awarded": _("获奖"),
        "declined": _("未获奖"),
        "given_up": _("已放弃奖项"),
        "cancelled": _("已取消奖项"),
        "award": _("拟获奖"),
        "decline": _("未列入获奖名单"),
    },
}


def result_words(round: Round, result: str, usual: Words) -> Words:
    """How this round calls a result; the usual word where it has none of its own."""
    return _RESULTS.get(round.purpose, {}).get(result, usual)


def stage_words(proposal: Proposal, usual: Words, *, is_public: bool) -> Words:
    """The word of its state; between the meeting and the final list, of the round's."""
    stage = Round.State(proposal.round.state)
    if proposal.state == Proposal.State.UNDER_REVIEW and stage in UNDECIDED_NO_MORE:
        return stage.public_label if is_public else stage.label
    return result_words(proposal.round, proposal.state, usual)
