"""The lifecycle diagram of proposals, as a table that reads like the diagram."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import (
    Proposal,
)
from ventures.rules import proposals as rules
from ventures.rules.award_wishes import may_cancel

S = Proposal.State
MOVABLE = [S.SUBMITTED, S.RETURNED, S.LAPSED, S.SCREENED, S.REFUSED, S.STOPPED]


PROPOSAL = Lifecycle(
    S,
    # verb         label            from                          to              who
    # In two steps first the concept, and the full proposal only when it was selected.
    ("file_concept", _("提交项目概要"), [S.DRAFT], S.CONCEPT, rules.may_file_concept),
    ("select", _("概要入围"), [S.CONCEPT], S.INVITED, rules.may_conclude_proposal),
    ("pass_over", _("概要未入围"), [S.CONCEPT], S.NOT_SELECTED, rules.may_conclude_proposal),
    ("submit", _("提交申报书"), [S.DRAFT, S.INVITED, S.RETURNED], S.SUBMITTED, rules.may_submit),
    (
        "withdraw",
        _("撤回"),
        [S.DRAFT, S.CONCEPT, S.INVITED, S.SUBMITTED, S.RETURNED],
        S.WITHDRAWN,
        rules.is_applicant,
    ),
    ("revive", _("恢复为草稿"), [S.WITHDRAWN], S.DRAFT, rules.may_revive),
    ("resume", _("接着填完整申报书"), [S.WITHDRAWN, S.UNFILED], S.INVITED, rules.may_resume),
    ("accept", _("通过形式审查"), [S.SUBMITTED], S.SCREENED, rules.may_screen),
    ("return_", _("退回补正"), [S.SUBMITTED, S.LAPSED], S.RETURNED, rules.may_screen),
    ("refuse", _("不予受理"), [S.SUBMITTED, S.LAPSED], S.REFUSED, rules.may_screen),
    # Time itself: the day set for completing, or the second close, has passed (`services.lapses`).
    ("lapse", _("逾期未补正"), [S.RETURNED], S.LAPSED, rules.is_the_clock),
    ("miss", _("没有交完整申报书"), [S.INVITED], S.UNFILED, rules.is_the_clock),
    (
        "stop",
        _("随轮终止"),
        [S.CONCEPT, S.INVITED, S.SUBMITTED, S.RETURNED, S.SCREENED, S.UNDER_REVIEW],
        S.STOPPED,
        rules.is_the_clock,
    ),
    # What was filed or begun in a round that ended goes on in the call that repeats it.
    ("carry", _("转到重新征集的一轮"), [S.DRAFT, S.STOPPED], S.DRAFT, rules.is_applicant),
    # Into another round of the programme, offered by the office and taken by the applicant.
    ("transfer", _("转入另一轮"), MOVABLE, S.DRAFT, rules.is_applicant),
    ("take_to_review", _("交评审"), [S.SCREENED], S.UNDER_REVIEW, rules.is_proposal_officer),
    # The three results are set together when the public notice has ended without objection.
    # Who moves up after the announcement was a reserve, or by the rules was not listed at all.
    (
        "award",
        _("立项"),
        [S.UNDER_REVIEW, S.RESERVED, S.DECLINED],
        S.AWARDED,
        rules.may_conclude_proposal,
    ),
    ("reserve", _("列为候补"), [S.UNDER_REVIEW], S.RESERVED, rules.may_conclude_proposal),
    (
        "decline",
        _("不予立项"),
        # Again, when an objection takes back what had moved it up.
        [S.UNDER_REVIEW, S.RESERVED, S.DECLINED],
        S.DECLINED,
        rules.may_conclude_proposal,
    ),
    # An award that was told of ends: before the announcement or after it. Who moved up after the
    # first announcement is a reserve still, or not listed, while her own notice runs.
    (
        "give_up",
        _("放弃立项"),
        [S.UNDER_REVIEW, S.RESERVED, S.DECLINED, S.AWARDED],
        S.GIVEN_UP,
        rules.may_give_up,
    ),
    ("cancel_award", _("取消立项"), [S.AWARDED], S.CANCELLED, may_cancel),
)
