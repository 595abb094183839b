"""Who reviews, who runs the panel, who sees scores. Pure questions."""

from accounts import rules as people
from accounts.models import User
from ventures.models import (
    Assignment,
    Panel,
    Review,
)
from ventures.rules.recusal import has_tie_in, is_kept_from_judging, may_decide
from ventures.rules.rounds import PUBLIC_STATES, Kind, is_round_operator, may_see_round_work


def may_schedule_reviews(user: User, panel: Panel) -> bool:
    """Names reviewers, assigns and reminds: who decides, or the operator; nobody with a tie."""
    if is_round_operator(user, panel.round) and not has_tie_in(user, panel.round):
        return True
    return may_decide(user, panel.round)


def is_panel_officer(user: User, panel: Panel) -> bool:
    """Who decides in the panel's round; the operator may schedule, not close."""
    return may_decide(user, panel.round)


def is_panel_member(user: User, panel: Panel) -> bool:
    """Sits on the panel. Asked of the rows: a page asks it once."""
    return panel.members.filter(reviewer=user).exists()


def may_schedule_assignment(user: User, assignment: Assignment) -> bool:
    return may_schedule_reviews(user, assignment.member.panel)


def is_assigned_reviewer(user: User, assignment: Assignment) -> bool:
    """The assignment stands and is hers, she is still a reviewer, and nothing ties her to the
    applicant."""
    if assignment.state != Assignment.State.ASSIGNED:
        return False
    is_hers = assignment.member.reviewer_id == user.pk and people.has_role(user, Kind.REVIEWER)
    return is_hers and not is_kept_from_judging(user, assignment.proposal)


def is_own_review(user: User, review: Review) -> bool:
    return is_assigned_reviewer(user, review.assignment)


def may_give_back_review(user: User, review: Review) -> bool:
    return is_panel_officer(user, review.assignment.member.panel)


def may_see_scores(user: User, panel: Panel) -> bool:
    """The scores of the whole panel, in pages, lists and exports alike.

    A member of the panel sees them only when the panel has closed, whatever else she is. Others see
    them while they come in if they run or check the round. Who is tied to an applicant of the round
    or its host sees them when everybody does: on public notice.
    """
    if panel.round.state not in PUBLIC_STATES and has_tie_in(user, panel.round):
        return False
    if is_panel_member(user, panel):
        return panel.state == Panel.State.CLOSED
    return may_see_round_work(user, panel.round)
