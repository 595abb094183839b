"""Who may do what to a round, a proposal, a project. Pure questions."""

from accounts import rules as people
from accounts.models import Role, User
from ventures.models import (
    Assignment,
    Decision,
    Panel,
    Proposal,
    PublicNotice,
    Review,
    Round,
)
from ventures.models.reviews import tied_to

Kind = Role.Kind
# From the notice on results are public.
PUBLIC_STATES = (Round.State.NOTICED, Round.State.CONCLUDED)

# Rounds ---------------------------------------------------------------------


def is_round_officer(user: User, round: Round) -> bool:
    """An officer of the round's own region: a town's round is not the city's to run."""
    return any(
        role.region_id == round.region_id for role in people.roles_of_kind(user, Kind.OFFICER)
    )


def is_round_operator(user: User, round: Round) -> bool:
    """Works for the operator (承办单位): receives, screens, schedules; never awards."""
    return round.operator_id is not None and round.operator_id in people.operated_organisations_of(
        user
    )


def may_see_round_work(user: User, round: Round) -> bool:
    """The round's desk: officers, finance and auditors of the region or above, and the operator."""
    return people.has_role_over(
        user, round.region, Kind.OFFICER, Kind.FINANCE, Kind.AUDITOR
    ) or is_round_operator(user, round)


# Proposals ------------------------------------------------------------------


def is_applicant(user: User, proposal: Proposal) -> bool:
    """May act for the organisation that applies. The host of a filed group may not."""
    return proposal.applicant_id in people.organisations_of(user)


def may_screen(user: User, proposal: Proposal) -> bool:
    """The round's officer or operator, but never one who belongs to the applicant or its host."""
    if is_applicant(user, proposal) or proposal.host_id in people.organisations_of(user):
        return False
    if proposal.host_id is not None and proposal.host_id in people.operated_organisations_of(user):
        # An operator that is paid for the group must not judge its papers.
        return is_round_officer(user, proposal.round)
    return is_round_officer(user, proposal.round) or is_round_operator(user, proposal.round)


def is_the_clock(user: User, _proposal: Proposal) -> bool:
    """What happens because a day has passed is done by the system, by nobody in person."""
    return user.kind == User.Kind.SYSTEM


def is_proposal_officer(user: User, proposal: Proposal) -> bool:
    """The officer of the proposal's round."""
    return is_round_officer(user, proposal.round)


# Reviews and decisions --------------------------------------------------------


def may_schedule_reviews(user: User, panel: Panel) -> bool:
    """Names reviewers, assigns and reminds: the round's officer or its operator."""
    return is_round_officer(user, panel.round) or is_round_operator(user, panel.round)


def is_panel_officer(user: User, panel: Panel) -> bool:
    """The officer of the panel's round; the operator may schedule, not close."""
    return is_round_officer(user, panel.round)


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
    return is_hers and not has_tie(user, assignment.proposal)


def has_tie(user: User, proposal: Proposal) -> bool:
    """Belongs (or lately belonged) to the applicant or its host, or wrote the proposal."""
    return Proposal.objects.filter(tied_to(user), pk=proposal.pk).exists()


def is_own_review(user: User, review: Review) -> bool:
    return is_assigned_reviewer(user, review.assignment)


def may_give_back_review(user: User, review: Review) -> bool:
    return is_panel_officer(user, review.assignment.member.panel)


def is_among_applicants(user: User, round: Round) -> bool:
    """Acts for an organisation that handed in a proposal to the round."""
    own = people.organisations_of(user)
    return bool(own) and round.proposals.handed_in().filter(applicant__in=own).exists()


def may_see_scores(user: User, panel: Panel) -> bool:
    """The scores of the whole panel, in pages, lists and exports alike.

    A member of the panel sees them only when the panel has closed, whatever else she is. Others see
    them while they come in if they run or check the round. Who acts for an applicant of the round
    sees them when everybody does: on public notice.
    """
    if panel.round.state not in PUBLIC_STATES and is_among_applicants(user, panel.round):
        return False
    if is_panel_member(user, panel):
        return panel.state == Panel.State.CLOSED
    return may_see_round_work(user, panel.round)


def is_decision_officer(user: User, decision: Decision) -> bool:
    return is_round_officer(user, decision.proposal.round)


def may_see_decisions(user: User, round: Round) -> bool:
    """What is prepared and the meeting's minutes: officers, finance, auditors; no operator."""
    return people.has_role_over(user, round.region, Kind.OFFICER, Kind.FINANCE, Kind.AUDITOR)


def is_notice_officer(user: User, notice: PublicNotice) -> bool:
    return is_round_officer(user, notice.round)


def may_see_outcome(user: User, proposal: Proposal) -> bool:
    """The applicant's own people, and those who run the round."""
    return is_applicant(user, proposal) or may_see_round_work(user, proposal.round)
