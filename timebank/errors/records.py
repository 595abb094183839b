"""Refusals of service records."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import day, hours, moment, period


class NoBankHere(Refusal):
    """The place has no time bank yet. Facts: place."""

    code = "no_bank_here"
    sentence = _("%(place)s还没有开办时间银行。请选择已开通的站点。")


class StationNotOpen(Refusal):
    """The station does not take service now. Facts: station."""

    code = "station_not_open"
    sentence = _("“%(station)s”目前没有开放服务，不能登记。请选择其他站点。")


class EndsBeforeStart(Refusal):
    """No time passed, or less than none. Facts: started_at, ended_at."""

    code = "ends_before_start"
    sentence = _("结束时间要晚于开始时间。请核对几点开始、几点结束。")


class LongerThanADay(Refusal):
    """One record covers at most 24 hours. Facts: minutes."""

    code = "longer_than_a_day"
    sentence = _("一条记录最长 24 小时，这里填了 %(minutes)s。请按天分开登记。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"minutes": hours(self.facts["minutes"])}


class MinutesBeyondSpan(Refusal):
    """More minutes were claimed than lie between start and end. Facts: minutes, span."""

    code = "minutes_beyond_span"
    sentence = _("服务时长 %(minutes)s 不对：要大于零，且不超过起止时间之间的 %(span)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "minutes": hours(self.facts["minutes"]),
            "span": hours(self.facts["span"]),
        }


class NotYetServed(Refusal):
    """The service ends after the database's present moment. Facts: ended_at, now."""

    code = "not_yet_served"
    sentence = _("结束时间 %(ended_at)s 还没有到，服务结束后才能登记。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"ended_at": moment(self.facts["ended_at"])}


class RecordsOverlap(Refusal):
    """The volunteer was somewhere else at that time. Facts: record, started_at, ended_at, place."""

    code = "records_overlap"
    sentence = _("与 %(when)s 在%(place)s的记录重叠。同一时间只能登记一次服务，请修改时间。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"when": period(self.facts["started_at"], self.facts["ended_at"])}


class OwnConfirmation(Refusal):
    """Nobody confirms their own service. Facts: none."""

    code = "own_confirmation"
    kind = Kind.NOT_ALLOWED
    sentence = _("自己的服务不能自己确认。请由本站其他站长或上级经办人确认。")


class OwnEntry(Refusal):
    """Nobody confirms a record that they themselves handed in for somebody. Facts: none."""

    code = "own_entry"
    kind = Kind.NOT_ALLOWED
    sentence = _("您代为登记的记录不能由您自己确认。请由本站其他站长或上级经办人确认。")


class RecordedBefore(Refusal):
    """The same cause was recorded for this volunteer before. Facts: source."""

    code = "recorded_before"
    sentence = _("这次服务已经登记过，不会重复登记。")


class LateWithoutReason(Refusal):
    """More than the days the law allows have passed. Facts: days, last_day."""

    code = "late_without_reason"
    sentence = _("服务结束已超过 %(days)s 个工作日（最迟 %(last_day)s 登记）。请写明晚报的原因。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"last_day": day(self.facts["last_day"])}


class RelativeConfirmation(Refusal):
    """Nobody confirms a declared relative's hours. Facts: none: who it is stays between two."""

    code = "relative_confirmation"
    kind = Kind.NOT_ALLOWED
    sentence = _("您和这位志愿者有亲属申报，需要回避。请由本站其他站长或镇街社工站办理。")


class HeldForLook(Refusal):
    """The record stood out and waits for a person to look at it first. Facts: none."""

    code = "held_for_look"
    sentence = _("这条记录有疑点，正在等人核查。请先打开记录，看过疑点、写明核查情况再确认。")


class EvidenceMissing(Refusal):
    """Its source demands evidence that is not there. Facts: source, evidence."""

    code = "evidence_missing"
    sentence = _(
        "“%(source)s”的记录要有：%(evidence)s。这条还缺，不能确认。请退回，请志愿者补齐再提交。"
    )


class WordMissing(Refusal):
    """The evidence is not there, and who confirms has not written how they know. Facts: source,
    evidence."""

    code = "word_missing"
    sentence = _(
        "“%(source)s”的记录要有：%(evidence)s。这条还缺，请写明怎么核实的再确认，或退回补齐。"
    )


class JustWrittenDown(Refusal):
    """An entry for somebody else cannot be confirmed in the same minutes. Facts: minutes."""

    code = "just_written_down"
    sentence = _("这条记录刚由工作人员代为登记。为防成批代录，请过 %(minutes)d 分钟再确认。")


class SelfReportBarred(Refusal):
    """Not for a while: an earlier record was false. Facts: until, minutes (still missing)."""

    code = "self_report_barred"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "您目前不能自己登记服务：要到 %(until)s 以后，并且再有 %(minutes)s由别人确认的服务。"
        "参加活动、接单服务不受影响；对限制不服可以申诉。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "until": day(self.facts["until"]),
            "minutes": hours(self.facts["minutes"]),
        }


class RecipientNotReachable(Refusal):
    """No code can be sent: nobody is named, or there is no number of their own. Facts: none."""

    code = "recipient_not_reachable"
    sentence = _(
        "没有服务对象自己的手机号，服务码发不出去。可以扫社工站给服务对象做的服务卡，"
        "或等镇街社工站每周一批确认。"
    )


class NumberOfSomebodyNear(Refusal):
    """The recipient's number is the volunteer's, the recorder's or the station's. Facts: none."""

    code = "number_of_somebody_near"
    sentence = _(
        "登记的服务对象手机号，同时是志愿者、记录人或站点人员的号码，不能当作第二个人的确认。"
        "请登记服务对象自己的号码，或扫社工站给服务对象做的服务卡，或等镇街社工站每周一批确认。"
    )


class NumberNotChecked(Refusal):
    """Only who wrote the record down, or served, says that the number is the recipient's.
    Facts: none."""

    code = "number_not_checked"
    sentence = _(
        "服务对象的手机号还没有另一位工作人员核对过，服务码暂时不能发到这个号码。"
        "请镇街社工站或本站另一位站长打一次电话，确是本人接听，就在“服务卡和手机号”页点核对，以后都能用；"
        "也可以扫社工站给服务对象做的服务卡，或等镇街社工站每周一批确认。"
    )


class AskedOftenEnough(Refusal):
    """The code was sent, or tried, as often as it may be. Facts: none."""

    code = "asked_often_enough"
    kind = Kind.TOO_MANY
    sentence = _("服务码的次数用完了。这条记录请等镇街社工站每周一批确认。")


class NothingAsked(Refusal):
    """No code was sent for this record. Facts: none."""

    code = "nothing_asked"
    sentence = _("还没有给服务对象发服务码。请先点“发服务码”。")


class CardIsNoWitness(Refusal):
    """The card was made by who wrote the record down, or served. Facts: none."""

    code = "card_is_no_witness"
    sentence = _(
        "这张服务卡是登记人自己做的，不能替自己的登记作证。请镇街社工站给服务对象另做一张，"
        "或把服务码发到服务对象手机上。"
    )


class RelatedAlready(Refusal):
    """The two are declared already. Facts: none."""

    code = "related_already"
    sentence = _("这位亲属已经申报过，不用再报。")


class NotTheirName(Refusal):
    """No person has this name and this number; which of the two is wrong is not said."""

    code = "not_their_name"
    sentence = _("没有找到这个姓名和手机号对应的人。请核对后再填；对方没有加入的，不用申报。")
