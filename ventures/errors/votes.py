"""Refusals of the public vote."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment


class VoteNeedsName(Refusal):
    """One person, one vote: only of whom we know who she is."""

    code = "vote_needs_name"
    kind = Kind.NOT_ALLOWED
    sentence = _("投票要先实名核验，保证一人一次。请带身份证到就近的服务站点核验，再来投票。")


class VotedAlready(Refusal):
    """Her name is in the list of those who took part."""

    code = "voted_already"
    sentence = _("您已经投过票了，每人只能投一次，投出以后不能更改。")


class VoteNotBegun(Refusal):
    """Fact: opens_at."""

    code = "vote_not_begun"
    sentence = _("投票 %(at)s 开始，请到时再来。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["opens_at"])}


class VoteOver(Refusal):
    """Fact: closes_at."""

    code = "vote_over"
    sentence = _("投票已于 %(at)s 截止，不再接收。结果计票以后在这里公布。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["closes_at"])}


class TooManyChoices(Refusal):
    """Fact: most."""

    code = "too_many_choices"
    sentence = _("请选 1 到 %(most)d 个项目。")


class NotOnTheList(Refusal):
    """A choice that is none."""

    code = "vote_not_on_the_list"
    sentence = _("您选的项目不在投票名单里。请刷新页面再选。")


class VoteRunning(Refusal):
    """Dates stand once the box is open. Fact: opens_at."""

    code = "vote_running"
    sentence = _("投票已于 %(at)s 开始，起止时间不能再改。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["opens_at"])}


class VoteStillOpen(Refusal):
    """Nobody counts before the close. Fact: closes_at."""

    code = "vote_still_open"
    sentence = _("投票到 %(at)s 截止，截止以前谁都不能计票，也查不到票数。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["closes_at"])}


class BallotsDoNotFit(Refusal):
    """More ballots than those who took part could have put in."""

    code = "ballots_do_not_fit"
    sentence = _("选票比投票人能投的还多，票箱可能被动过。请不要公布，立即联系管理员核查。")


class NoVote(Refusal):
    """The round's call knows no public vote."""

    code = "no_vote"
    sentence = _("本轮没有公众投票。要用的话，在发布征集公告以前写进综合得分办法。")


class VoteDatesWrong(Refusal):
    """A vote begins after now."""

    code = "vote_dates_wrong"
    sentence = _("投票开始时间已经过了，请填将来的时间。")
