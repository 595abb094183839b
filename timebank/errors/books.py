"""Refusals of corrections, opening balances and the money of rounds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import yuan


class FundExceeded(Refusal):
    """A fund has less left than was to be committed. Facts: needed_fen, available_fen."""

    code = "fund_exceeded"
    sentence = _("资金不够：需要 %(needed_fen)s，本批资金还可安排 %(available_fen)s。")

    def shown_facts(self) -> dict[str, Any]:
        return {name: yuan(fen) for name, fen in self.facts.items()}


class NotOfThisBank(Refusal):
    """The account stands in a book that no time bank keeps. Facts: book."""

    code = "not_of_this_bank"
    sentence = _(
        "“%(book)s”不是时间银行的账簿。它的账户由两个人冻结、停用或销户：一人提出，另一人复核。"
    )


class SourcesWouldMix(Refusal):
    """Money that one source brought would count as another's. Facts: source, other."""

    code = "sources_would_mix"
    sentence = _(
        "“%(source)s”和“%(other)s”不是同一个来源的钱，不能互相转。请选同一个来源的账户；"
        "到账记错了来源的，先把错的一边退回，再在对的一边记上。"
    )


class MovedByDecisions(Refusal):
    """What awards have taken follows the round's decisions, no correction. Facts: account."""

    code = "moved_by_decisions"
    sentence = _("“%(account)s”跟着立项决定走，不能在这里更正。请到这一批创投的立项决定里办理。")


class ReversalAskedFor(Refusal):
    """Somebody has asked to reverse the transfer already. Facts: correction."""

    code = "reversal_asked_for"
    sentence = _("这笔划转已经有一张冲正单（第 %(correction)s 号），不用再提。")


class StandingAskedFor(Refusal):
    """Somebody has asked to freeze, close or open the account already. Facts: correction."""

    code = "standing_asked_for"
    sentence = _("这个账户已经有一张待复核的单子（第 %(correction)s 号），先等它办结。")


class RecordReversesItself(Refusal):
    """A record stands behind the transfer, and this person may not reverse it. Facts: record."""

    code = "record_reverses_itself"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "这笔时间来自一条服务记录，冲正要由当地经办人复核，而且不能是服务的人或确认它的人。"
    )


class OpeningBroughtBefore(Refusal):
    """Some of its rows were posted meanwhile. Facts: count, first."""

    code = "opening_brought_before"
    sentence = _(
        "其中 %(count)d 行已经导入过（如第 %(first)d 行），整批没有入账。请撤回，去掉这些行再导入。"
    )


class TooLongForPaper(Refusal):
    """So many lines are not printed. Facts: lines, most."""

    code = "too_long_for_paper"
    sentence = _(
        "一共 %(lines)d 行，打印稿最多 %(most)d 行。请改选 CSV 或 Excel 表格，或者缩小日期范围。"
    )


class BeginsInThePast(Refusal):
    """A rule is to hold from a day that is over. Facts: day."""

    code = "begins_in_the_past"
    sentence = _("办法不能从已经过去的日子开始：%(day)s。请选今天或以后的日期。")


class FileTakenIn(Refusal):
    """The same file waits or was posted. Facts: opening."""

    code = "file_taken_in"
    sentence = _("这个文件已经导入过（第 %(opening)s 批），不会重复导入。")
