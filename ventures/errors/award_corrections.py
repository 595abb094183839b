"""Refusals of putting an award's amount right (更正金额)."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoWithdrawnNotice(Refusal):
    """What the public reads is put right by another notice: without one to come, nothing is."""

    code = "no_withdrawn_notice"
    sentence = _(
        "现在没有撤回后等着重新公示的公示，不能更正金额。"
        "公示里的金额写错了的，先撤回公示；已经公告的不能更正。"
    )


class AmountByRules(Refusal):
    """The walk gave it, the meeting did not: there is no other figure in the minutes."""

    code = "amount_by_rules"
    sentence = _(
        "这一轮的名单和金额按征集公告写明的规则算出，不能单独更正。要不按名单，只能在会议决定以前由"
        "两个人提出并同意；现在会议已经决定，金额有错的，对那一项提出异议，异议成立后按规则重排。"
    )


class AmountOfTheCall(Refusal):
    """A prize is what the call says, a title has no money."""

    code = "amount_of_the_call"
    sentence = _(
        "奖金数额由征集公告定，授牌不设资金，都没有金额可更正。"
        "等次定错的，对那一项提出异议，答复以后由会议另行决定。"
    )


class NotOnThatNotice(Refusal):
    """Only an award the withdrawn notice told. Facts: code."""

    code = "not_on_that_notice"
    sentence = _("撤回的公示里，%(code)s 没有列为拟立项，没有金额可更正。")


class AmountUnchanged(Refusal):
    """The amount is that already."""

    code = "amount_unchanged"
    sentence = _("现在就是这个金额，不用更正。")
