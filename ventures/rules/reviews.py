"""Who reviews, who runs the panel, who sees scores. Pure questions."""

from accounts import rules as people
from accounts.models import User
from ventures.models import (
    Assignment,
    Panel,
    Proposal,
    Review,
    ReviewPhase,
    Round,
)
from ventures.rules.recusal import has_tie_in, is_kept_from_judging, may_decide
from ventures.rules.review_rights import rights_in
from ventures.rules.rounds import Kind, is_round_operator, may_see_round_work


def may_schedule_reviews(user: User, round: Round) -> bool:
    """Names reviewers, assigns and reminds: who decides, or the operator; nobody with a tie."""
    if is_round_operator(user, round) and not has_tie_in(user, round):
        return True
    return may_decide(user, round)


def is_panel_officer(user: User, panel: Panel) -> bool:
    """Who decides in the panel's round; the operator may schedule, not close."""
    return may_decide(user, panel.round)


def is_the_system(user: User, _thing: Panel | Assignment) -> bool:
    """What follows from the round's end, or from a tie that was found, nobody does in person."""
    return user.kind == User.Kind.SYSTEM


def is_panel_member(user: User, panel: Panel) -> bool:
    """Sits on the panel. Asked of the rows: a page asks it once."""
    return panel.members.filter(reviewer=user).exists()


def may_schedule_assignment(user: User, assignment: Assignment) -> bool:
    return may_schedule_reviews(user, assignment.member.panel.round)


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

    A member of the panel sees them only when the panel has closed, whatever else she is, and where
    the round has phases only if the one that runs hides neither sheets nor names. Others see
    them while they come in if they run or check the round. Who is tied to an applicant of the round
    or its host never sees them: what is public of them stands on the notice.
    """
    if has_tie_in(user, panel.round):
        return False
    if is_panel_member(user, panel):
        is_closed = panel.state == Panel.State.CLOSED
        rights = rights_in(panel.round)
        shows = rights.shows_others(own_is_in=is_closed, panel_is_closed=is_closed)
        names_all = not rights.hides_applicant and (rights.names_reviewers or not rights.has_phases)
        return is_closed and shows and names_all
    return may_see_round_work(user, panel.round)


def may_see_sheet_versions(user: User, panel: Panel) -> bool:
    """What sheets said before: for the office and the auditor, when they see scores; a member of
    the panel reads her own earlier versions only."""
    return not is_panel_member(user, panel) and may_see_scores(user, panel)


def may_see_other_sheets(user: User, proposal: Proposal, panel: Panel) -> bool:
    """The sheets of the others on one proposal: for a member of the panel by its phase, and only of
    what is assigned to her; for everybody else like all scores."""
    if not is_panel_member(user, panel):
        return may_see_scores(user, panel)
    own = Assignment.objects.standing().filter(member__reviewer=user, member__panel=panel)
    rights = rights_in(panel.round)
    if rights.has_phases and not own.filter(proposal=proposal).exists():
        return False
    is_closed = panel.state == Panel.State.CLOSED
    own_is_in = (
        rights.others_scores == ReviewPhase.Others.AFTER_OWN
        and own.filter(proposal=proposal, review__state=Review.State.SUBMITTED).exists()
    )
    return rights.shows_others(own_is_in=own_is_in, panel_is_closed=is_closed)
