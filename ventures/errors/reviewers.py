"""Refusals around finding reviewers: the pool, invitations, conflicts, draws, plans."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal


class ExpertsUnaskable(Refusal):
    """Somebody in the list cannot sign in, or the mandate is over. Facts: names."""

    code = "experts_unaskable"
    sentence = _(
        "%(who)s现在不能邀请：还没有用登记的手机号注册，或者聘期不包括今天。"
        "请先联系本人注册，或在专家库里续聘。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"who": _("、").join(self.facts["names"])}


class InvitationOver(Refusal):
    """The day to answer by has passed. Fact: day."""

    code = "review_invitation_over"
    sentence = _("这份邀请的答复期到 %(day)s 为止，已经过了。还愿意参加的话，请打电话给经办人。")


class CommitmentUnsigned(Refusal):
    """Accepting is signing the commitment."""

    code = "commitment_unsigned"
    sentence = _("接受邀请要同时签署评审承诺书。请勾选承诺后再接受。")


class ConflictWindowClosed(Refusal):
    """Applicants ask for somebody to step aside until the review begins."""

    code = "conflict_window_closed"
    sentence = _("评审已经开始，不能再在这里申请回避或改动。如有新情况，请打监督电话说明。")


class ConflictPinned(Refusal):
    """What the organiser, the reviewer or the product put down, an applicant does not take away."""

    code = "conflict_pinned"
    kind = Kind.NOT_ALLOWED
    sentence = _("这一条不是您登记的，只有组织方能解除。")


class ConflictToldBefore(Refusal):
    """The same stands already."""

    code = "conflict_told_before"
    sentence = _("这个人和这份申报书的这种关系已经登记过了。")


class DrawUnderway(Refusal):
    """A pool is laid down and waits for its word. Fact: number."""

    code = "draw_underway"
    sentence = _("抽取 %(number)s 已经备库，还没有抽。请先抽取，或者说明理由作废，再重新备库。")


class PoolTooSmall(Refusal):
    """Fewer experts than are to be drawn. Facts: field, wanted, there."""

    code = "expert_pool_too_small"
    sentence = _(
        "“%(field)s”要抽 %(wanted)d 人，库里能抽的只有 %(there)d 人。"
        "请减少人数，或者先往专家库里补充这个领域的专家。"
    )


class NothingToDraw(Refusal):
    """No field has a number."""

    code = "nothing_to_draw"
    sentence = _("请至少给一个领域填上要抽几人。")


class WitnessMissing(Refusal):
    """The seed needs a word that the office does not choose."""

    code = "draw_witness_missing"
    sentence = _("请填见证人的姓名，并请见证人当场说一个词或一串数字。")


class PlanUnderway(Refusal):
    """One plan at a time."""

    code = "assignment_plan_underway"
    sentence = _("已经有一个方案正在计算，或者在等您决定。请先取消、采用或者不用它，再重新计算。")


class PlanOutdated(Refusal):
    """What the plan was made from has changed."""

    code = "assignment_plan_outdated"
    sentence = _(
        "计算以后又有人回避、退出或分派有变动，这个方案不能照用了。请点“不采用”，再重新计算。"
    )


class MemberGone(Refusal):
    """She has left the panel."""

    code = "panel_member_gone"
    sentence = _("%(name)s已经退出评审组，不能再分派。")
