"""Refusals of what looks into records: queries, inspections, bars."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.templatetags.kit import day


class QueryOpen(Refusal):
    """The volunteer asks about this record already. Facts: none."""

    code = "query_open"
    sentence = _("这条记录已经有一个异议在办，请等答复；想补充，可以先撤回再重新提出。")


class NothingToQuery(Refusal):
    """Only what was confirmed, reversed or refused is contested; the rest is still changed."""

    code = "nothing_to_query"
    sentence = _("这条记录还没有办结，可以直接修改或撤回，不用提异议。")


class PaidByOrder(Refusal):
    """The record of a settled order is put right where its hours came from. Facts: none."""

    code = "paid_by_order"
    sentence = _(
        "这条记录的时间是下单的人付的，不能在这里更正。确有错误的，请在记录页面提出冲正，"
        "时间退回下单的人；没有错误的，说明理由，维持原记录。"
    )


class DrawnBefore(Refusal):
    """One period is drawn once: who may draw again may choose. Facts: number."""

    code = "drawn_before"
    sentence = _("这段时间已经抽查过（%(number)s）。同一段时间只抽一次，不能重抽。")


class PoolTooSmall(Refusal):
    """Nothing to draw from. Facts: records, inspectors."""

    code = "pool_too_small"
    sentence = _("可抽的记录 %(records)d 条、检查人员 %(inspectors)d 人，不够抽取。请换一段时间。")


class WitnessMissing(Refusal):
    """A draw has a witness who says a word nobody knew before."""

    code = "witness_missing"
    sentence = _("请填见证人的姓名，和见证人当场说的一句话。")


class ChecksUnanswered(Refusal):
    """Every question of the checklist has an answer. Facts: none."""

    code = "checks_unanswered"
    sentence = _("检查表还有没答的项目，请逐项填“是”“否”或“不适用”。")


class ItemsOpen(Refusal):
    """The result is published when every drawn record is dealt with. Facts: open."""

    code = "items_open"
    sentence = _("还有 %(open)d 件没有办完，全部办完才能公开结果。")


class NothingFalse(Refusal):
    """A bar rests on a record that was reversed or refused. Facts: none."""

    code = "nothing_false"
    sentence = _("只有已冲正或不予认定的自报、补录记录，才能作为限制自报的依据。")


class BarredBefore(Refusal):
    """One false record brings one bar. Facts: ends_on."""

    code = "barred_before"
    sentence = _("这条记录已经作出过限制（到 %(ends_on)s），不会重复限制。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"ends_on": day(self.facts["ends_on"])}
