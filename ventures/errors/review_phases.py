"""Refusals of the phases of a review: not now, and phases that may not change so."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.templatetags.kit import moment


class _NotInThisPhase(Refusal):
    """Facts: opens_at (None: not again in this round)."""

    def shown_facts(self) -> dict[str, Any]:
        opens_at = self.facts["opens_at"]
        words = (
            _("下一次开放：%(at)s。") % {"at": moment(opens_at)}
            if opens_at
            else _("后面的环节也不再开放，有疑问请联系经办人。")
        )
        return self.facts | {"next": words}


class ScoringNotOpen(_NotInThisPhase):
    """No phase in which sheets may be written runs now."""

    code = "scoring_not_open"
    sentence = _("现在不是评分的环节，评分表已锁定，看得到、改不了。%(next)s")


class DiscussionNotOpen(_NotInThisPhase):
    """No phase in which reviewers discuss runs now."""

    code = "discussion_not_open"
    sentence = _("现在不是评委讨论的环节，写过的话都保留着。%(next)s")


class AnswerNotOpen(_NotInThisPhase):
    """No phase in which applicants answer runs now."""

    code = "answer_not_open"
    sentence = _("现在不是申报方答复的环节。%(next)s")


class PhaseOverlaps(Refusal):
    """Two phases of a round never run at once. Facts: other, begins_at, ends_at."""

    code = "phase_overlaps"
    sentence = _(
        "和“%(other)s”（%(from)s 至 %(to)s）重叠了。同一时间只能有一个环节，请错开；"
        "一个环节的结束可以正好是下一个的开始。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "from": moment(self.facts["begins_at"]),
            "to": moment(self.facts["ends_at"]),
        }


class StillBlind(Refusal):
    """Nothing that names who applies, while somebody judges without knowing. Fact: until."""

    code = "still_blind"
    sentence = _("匿名评审到 %(at)s 结束。在那以前，评委不看答辩和投票的名单；到时再来。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["until"])}


class NamedBeforeBlindEnds(Refusal):
    """A defence or a vote names who applies: it begins after the blind phases. Fact: until."""

    code = "named_before_blind_ends"
    sentence = _("答辩和公众投票会露出申报方，要等匿名评审（到 %(at)s）结束以后才开始，请改时间。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["until"])}


class BlindPastTheNaming(Refusal):
    """A phase that hides who applies ends before a defence or vote names them. Fact: at."""

    code = "blind_past_the_naming"
    sentence = _("答辩或公众投票已定在 %(begins)s 开始，会露出申报方；匿名的环节要在那以前结束。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"begins": moment(self.facts["at"])}


class PhaseBegun(Refusal):
    """What was done in a phase was done under its rights: it stays on record. Fact: name."""

    code = "phase_begun"
    sentence = _(
        "“%(name)s”已经开始，不能去掉，开始时间也不能再改。要让它提前结束，请把结束时间改到现在以后。"
    )


class PhaseEndsInThePast(Refusal):
    """A phase that runs ends from now on, not before."""

    code = "phase_ends_in_the_past"
    sentence = _("结束时间要晚于现在：已经过去的时间里做过的事都算数，不能改成没有发生过。")


class PhasesFixed(Refusal):
    """Once the meeting has decided, the review is over."""

    code = "phases_fixed"
    sentence = _("本轮评审已经结束，评审环节留作记录，不能再改。")
