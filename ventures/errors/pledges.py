"""Refusals of pledged money."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.templatetags.kit import moment


class NoPledges(Refusal):
    """The round's call does not count pledges."""

    code = "no_pledges"
    sentence = _("本轮不计配资承诺。")


class PledgesOver(Refusal):
    """Fact: until."""

    code = "pledges_over"
    sentence = _("承诺书已于 %(at)s 截止接收。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["until"])}


class PledgedAlready(Refusal):
    """Fact: name."""

    code = "pledged_already"
    sentence = _("“%(name)s”对这个项目已经有一份承诺。金额有变的，请先撤回原来那份。")


class OwnMoneyPledged(Refusal):
    """A promise comes from outside: not from the applicant, its host, partners or initiator."""

    code = "own_money_pledged"
    sentence = _("“%(name)s”是申报方自己一边的，自有资金请写进预算的配套栏，不算配资承诺。")


class CheckUntold(Refusal):
    """A promise is confirmed by asking whoever signed it."""

    code = "pledge_check_untold"
    sentence = _("请写明怎样核实的：向谁、用什么办法、哪天，例如“8 月 3 日电话问过王经理”。")


class PledgesMissed(Refusal):
    """The proposal does not compete (yet, or any more)."""

    code = "pledges_missed"
    sentence = _("这份申报书现在不在评选中，不能登记承诺。")
