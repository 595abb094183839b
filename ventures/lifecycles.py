"""The lifecycle diagrams of the ventures app, as tables that read like the diagrams."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures import rules
from ventures.models import (
    Assignment,
    Decision,
    Panel,
    Proposal,
    PublicNotice,
    Review,
    Round,
)

R = Round.State
S = Proposal.State

# Rounds ---------------------------------------------------------------------
# Closing is no arrow: `closes_at` passes by itself, judged by the database's clock.

ROUND = Lifecycle(
    R,
    # verb           label           from             to             who
    ("publish", _("发布征集公告"), [R.DRAFT], R.OPEN, rules.is_round_officer),
    ("begin_review", _("开始评审"), [R.OPEN], R.IN_REVIEW, rules.is_round_officer),
    ("decide", _("集体决策"), [R.IN_REVIEW], R.DECIDED, rules.may_decide),
    ("notice", _("发布公示"), [R.DECIDED], R.NOTICED, rules.may_decide),
    ("conclude", _("发布公告"), [R.NOTICED], R.CONCLUDED, rules.may_decide),
)

# Proposals ------------------------------------------------------------------

PROPOSAL = Lifecycle(
    S,
    # verb         label            from                          to              who
    ("submit", _("提交申报书"), [S.DRAFT, S.RETURNED], S.SUBMITTED, rules.is_applicant),
    (
        "withdraw",
        _("撤回"),
        [S.DRAFT, S.SUBMITTED, S.RETURNED],
        S.WITHDRAWN,
        rules.is_applicant,
    ),
    ("revive", _("恢复为草稿"), [S.WITHDRAWN], S.DRAFT, rules.is_applicant),
    ("accept", _("通过形式审查"), [S.SUBMITTED], S.SCREENED, rules.may_screen),
    ("return_", _("退回补正"), [S.SUBMITTED, S.LAPSED], S.RETURNED, rules.may_screen),
    ("refuse", _("不予受理"), [S.SUBMITTED, S.LAPSED], S.REFUSED, rules.may_screen),
    # Time itself: the day set for completing has passed (`services.lapses`).
    ("lapse", _("逾期未补正"), [S.RETURNED], S.LAPSED, rules.is_the_clock),
    ("take_to_review", _("交评审"), [S.SCREENED], S.UNDER_REVIEW, rules.is_proposal_officer),
    # The three results are set together when the public notice has ended without objection.
    ("award", _("立项"), [S.UNDER_REVIEW, S.RESERVED], S.AWARDED, rules.may_conclude_proposal),
    ("reserve", _("列为候补"), [S.UNDER_REVIEW], S.RESERVED, rules.may_conclude_proposal),
    (
        "decline",
        _("不予立项"),
        [S.UNDER_REVIEW, S.RESERVED],
        S.DECLINED,
        rules.may_conclude_proposal,
    ),
)

# Reviews and decisions --------------------------------------------------------

PANEL = Lifecycle(
    Panel.State,
    # verb       label            from                   to                  who
    ("close", _("结束评审"), [Panel.State.OPEN], Panel.State.CLOSED, rules.is_panel_officer),
    ("reopen", _("恢复评审"), [Panel.State.CLOSED], Panel.State.OPEN, rules.is_panel_officer),
)

A = Assignment.State

ASSIGNMENT = Lifecycle(
    A,
    # verb       label            from            to          who
    ("recuse", _("回避"), [A.ASSIGNED], A.RECUSED, rules.is_assigned_reviewer),
    ("remove", _("取消分派"), [A.ASSIGNED], A.REMOVED, rules.may_schedule_assignment),
    ("restore", _("重新分派"), [A.REMOVED], A.ASSIGNED, rules.may_schedule_assignment),
)

V = Review.State

REVIEW = Lifecycle(
    V,
    # verb          label          from                          to             who
    ("submit", _("交表"), [V.DRAFT], V.SUBMITTED, rules.is_own_review),
    ("abstain", _("弃权"), [V.DRAFT], V.ABSTAINED, rules.is_own_review),
    (
        "give_back",
        _("退回评委修改"),
        [V.SUBMITTED, V.ABSTAINED],
        V.DRAFT,
        rules.may_give_back_review,
    ),
)

D = Decision.State

DECISION = Lifecycle(
    D,
    # verb        label              from             to             who
    ("resolve", _("会议通过"), [D.PREPARED], D.RESOLVED, rules.is_decision_officer),
    ("publish", _("公示"), [D.RESOLVED], D.PUBLISHED, rules.is_decision_officer),
    ("conclude", _("公告"), [D.PUBLISHED], D.FINAL, rules.is_decision_officer),
)

N = PublicNotice.State

NOTICE = Lifecycle(
    N,
    # verb         label               from      to            who
    ("conclude", _("结束公示并公告"), [N.OPEN], N.CONCLUDED, rules.is_notice_officer),
)
