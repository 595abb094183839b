"""Refusals around activities, shifts and sign-ups."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import day, moment, period

# Who may take part ----------------------------------------------------------


class MayNotJoin(Refusal):
    """Something about the person stands against taking part; a subclass says what."""

    code = "may_not_join"


class NotAVolunteer(MayNotJoin):
    code = "not_a_volunteer"
    sentence = _("只有志愿者能报名。请先加入时间银行，成为志愿者。")


class NotForThisAudience(MayNotJoin):
    """The activity is meant for others. Facts: audience."""

    code = "not_for_this_audience"
    sentence = _("这项活动的参加对象是：%(audience)s。可以看看附近的其他活动。")


class BirthUnknown(MayNotJoin):
    """The date of birth is not known, and so it may be a minor. Facts: none."""

    code = "birth_unknown"
    sentence = _(
        "还没有登记出生日期，不能确认是否成年。请带身份证到站点核验一次；"
        "未满 18 岁的，请监护人先办理同意。"
    )


class GuardianMissing(MayNotJoin):
    """A minor without a guardian's consent on record. Facts: none."""

    code = "guardian_missing"
    sentence = _("未满 18 岁参加志愿服务，要先由监护人同意。请监护人到站点签一份同意书。")


class TooYoung(MayNotJoin):
    """Under 14, where children are not expected or the special rule is not accepted."""

    code = "too_young"
    sentence = _(
        "未满 14 岁只能参加亲子活动，由监护人全程陪同，"
        "并由监护人同意《儿童个人信息处理规则》。请选择标有“亲子”的活动。"
    )


class DangerousForMinors(MayNotJoin):
    code = "dangerous_for_minors"
    sentence = _("这项活动可能有人身危险，未满 18 岁或没有登记出生日期的不能参加。")


class QualificationMissing(MayNotJoin):
    """A training or certificate is asked for, and none is on record. Facts: qualification."""

    code = "qualification_missing"
    sentence = _("参加这项活动要有：%(qualification)s。请带证书到站点查验登记，再来报名。")


class InsuranceRunsOut(MayNotJoin):
    """The insurance does not cover the day. Facts: insured_until."""

    code = "insurance_runs_out"
    sentence = _("这项活动的保险只到 %(insured_until)s，那一天还没有保险。请等主办方续保。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"insured_until": day(self.facts["insured_until"])}


# Seats ----------------------------------------------------------------------


class SignupsClosed(Refusal):
    """The shift takes no sign-ups now. Facts: state."""

    code = "signups_closed"
    sentence = _("这一场现在不接受报名（%(state)s）。可以看看这项活动的其他场次。")


class ShiftBegun(Refusal):
    """It has begun; who stands there is written down by the organiser. Facts: starts_at."""

    code = "shift_begun"
    sentence = _("这一场已在 %(starts_at)s 开始。人已到现场的，请活动负责人现场补报名。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"starts_at": moment(self.facts["starts_at"])}


class TimeTaken(Refusal):
    """The volunteer has promised that time elsewhere. Facts: what, starts_at, ends_at."""

    code = "time_taken"
    sentence = _("这段时间已经有安排：%(what)s（%(when)s）。同一时间只能去一处，可以先取消那一处。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"when": period(self.facts["starts_at"], self.facts["ends_at"])}


class SignedUpBefore(Refusal):
    code = "signed_up_before"
    sentence = _("已经报过这一场了，不用重复报名。")


class TooLateToCancel(Refusal):
    """The deadline has passed. Facts: until."""

    code = "too_late_to_cancel"
    sentence = _(
        "自己取消的期限是 %(until)s，已经过了。确实来不了，请马上打电话给活动负责人请假，"
        "或者请一位志愿者换班。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"until": moment(self.facts["until"])}


class OfferOver(Refusal):
    """The time to accept a seat has passed. Facts: until."""

    code = "offer_over"
    sentence = _("这个名额保留到 %(until)s，已经给了下一位。可以重新排候补。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"until": moment(self.facts["until"])}


class PositionMissing(Refusal):
    code = "position_missing"
    sentence = _("请先选一个岗位。")


class SeatsInUse(Refusal):
    """Fewer seats were asked for than are taken. Facts: taken."""

    code = "seats_in_use"
    sentence = _("已经有 %(taken)s 人报名，名额不能少于这个数。")


class NoSeatForWalkIn(Refusal):
    code = "no_seat_for_walk_in"
    sentence = _("名额已满；这项活动可能有人身危险，现场不能加人。")


class WalkInTooEarly(Refusal):
    """Who comes on the spot is written down on the day. Facts: starts_at."""

    code = "walk_in_too_early"
    sentence = _("现场补报名在开始前 2 小时起办理（%(starts_at)s 开始）。现在请正常报名。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"starts_at": moment(self.facts["starts_at"])}


class NoSwapWithThem(Refusal):
    """Who that is, and whether they are here at all, is not said: `who` is the name as it was
    written by the one who asks. Facts: who."""

    code = "no_swap_with_them"
    sentence = _(
        "不能和%(who)s换这一班：姓名和号码对不上，或者对方没有可换的名额、不能参加这一场。"
        "请先问问对方。"
    )


class ThereAlready(Refusal):
    """Facts: who."""

    code = "there_already"
    sentence = _("%(who)s在这一场已经报名或候补，先取消，才能换班。")


class NotYetOver(Refusal):
    code = "not_yet_over"
    sentence = _("这一场还没有结束，结束后才能评单。")


class RatedBefore(Refusal):
    code = "rated_before"
    sentence = _("这个人这一场已经评过了，每场只评一次。")


class SwapPending(Refusal):
    code = "swap_pending"
    sentence = _("这个名额已经提出换班，请先等对方答复，或者撤回。")


# Activities -----------------------------------------------------------------


class NotInsured(Refusal):
    """A risky activity opens only with insurance on record. Facts: none."""

    code = "not_insured"
    sentence = _(
        "这类活动有风险，发布前要先登记意外保险（公司、保单号、有效期），"
        "并且保到最后一场（志愿服务条例第十七条）。"
    )


class CountsDecided(Refusal):
    """Whether it counts cannot change once somebody has been there. Facts: none."""

    code = "counts_decided"
    sentence = _("已经有人签到，计不计入志愿服务时间不能再改。要改的，请从下一次起另建一个活动。")


class PositionClosed(Refusal):
    """The position takes nobody more, or is of another activity. Facts: none."""

    code = "position_closed"
    sentence = _("这个岗位不招人了，请选别的岗位。")


class NoConsentToWithdraw(Refusal):
    code = "no_consent_to_withdraw"
    sentence = _("没有登记在册的监护人同意，不用撤回。")


class NoShiftYet(Refusal):
    code = "no_shift_yet"
    sentence = _("还没有安排场次。请先添加至少一个将来的场次，再发布。")


class RuleUnreadable(Refusal):
    """The recurrence rule yields nothing, too much, or is no rule. Facts: most."""

    code = "rule_unreadable"
    sentence = _("重复规则排不出场次：要有结束日期或次数，最多一次排 %(most)s 场。")


class ShiftInPast(Refusal):
    code = "shift_in_past"
    sentence = _("场次要安排在将来。请核对日期和时间。")


class TooLong(Refusal):
    code = "shift_too_long"
    sentence = _("一场最长 14 小时，结束要晚于开始。请核对时间，或分成几场。")


class OwnPaper(Refusal):
    """Somebody else looks at a paper than the one it is about. Facts: none."""

    code = "own_paper"
    kind = Kind.NOT_ALLOWED
    sentence = _("自己的资质和同意书不能由自己登记，请由站点工作人员查验。")
