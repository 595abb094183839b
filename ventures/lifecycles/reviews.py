"""The lifecycle diagrams of panels, assignments and reviews, as tables."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import (
    Assignment,
    Panel,
    Review,
)
from ventures.rules import paper_sheets as papers
from ventures.rules import reviews as rules

PANEL = Lifecycle(
    Panel.State,
    # verb       label            from                   to                  who
    ("close", _("结束评审"), [Panel.State.OPEN], Panel.State.CLOSED, rules.is_panel_officer),
    ("reopen", _("恢复评审"), [Panel.State.CLOSED], Panel.State.OPEN, rules.is_panel_officer),
    # With the round that was ended without awards.
    ("stop", _("随轮终止"), [Panel.State.OPEN], Panel.State.CLOSED, rules.is_the_system),
)


A = Assignment.State


ASSIGNMENT = Lifecycle(
    A,
    # verb       label            from            to          who
    ("recuse", _("回避"), [A.ASSIGNED], A.RECUSED, rules.is_assigned_reviewer),
    # A tie was found that nobody had told.
    ("keep_out", _("发现利害关系，回避"), [A.ASSIGNED], A.RECUSED, rules.is_the_system),
    ("remove", _("取消分派"), [A.ASSIGNED], A.REMOVED, rules.may_schedule_assignment),
    # What was taken away; and what she stepped aside from, once an organiser has lifted the tie.
    (
        "restore",
        _("重新分派"),
        [A.REMOVED, A.RECUSED],
        A.ASSIGNED,
        rules.may_schedule_assignment,
    ),
)


V = Review.State


REVIEW = Lifecycle(
    V,
    # verb          label          from                          to             who
    ("submit", _("交表"), [V.DRAFT], V.SUBMITTED, rules.is_own_review),
    ("submit_paper", _("录入纸质评分表"), [V.DRAFT], V.SUBMITTED, papers.may_take_paper_in),
    ("abstain", _("弃权"), [V.DRAFT], V.ABSTAINED, rules.is_own_review),
    ("abstain_paper", _("录入纸质弃权"), [V.DRAFT], V.ABSTAINED, papers.may_take_paper_in),
    (
        "give_back",
        _("退回评委修改"),
        [V.SUBMITTED, V.ABSTAINED],
        V.DRAFT,
        rules.may_give_back_review,
    ),
)
