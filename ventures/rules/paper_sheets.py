"""Who types in what reviewers wrote on paper (纸质评分表). Pure questions."""

from accounts import rules as people
from accounts.models import User
from ventures.models import Panel, PaperScoreSheet, Review
from ventures.models.ties import kept_from_judging
from ventures.rules.reviews import is_panel_member, may_schedule_reviews
from ventures.rules.rounds import Kind


def may_enter_papers(user: User, panel: Panel) -> bool:
    """Who schedules the panel, and the observer (监督员) of the place; never who sits on it, and
    nobody with a tie to a proposal that competes in the round."""
    if is_panel_member(user, panel):
        return False
    if may_schedule_reviews(user, panel.round):
        return True
    if not people.has_role_over(user, panel.round.region, Kind.OBSERVER):
        return False
    return not panel.round.proposals.handed_in().filter(kept_from_judging(user)).exists()


def may_check_paper(user: User, paper: PaperScoreSheet) -> bool:
    """The second pair of eyes is never the first."""
    return paper.entered_by_id != user.pk and may_enter_papers(user, paper.assignment.member.panel)


def may_take_paper_in(user: User, review: Review) -> bool:
    """Hands in for the reviewer what two people typed alike; `services.paper_sheets` asks both."""
    return may_enter_papers(user, review.assignment.member.panel)
