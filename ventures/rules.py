"""Who may do what to a round, a proposal, a project. Pure questions."""

from django.db.models import QuerySet

from accounts import rules as people
from accounts.models import Region, Role, User
from ventures.models import (
    Assignment,
    Decision,
    Panel,
    Proposal,
    PublicNotice,
    Review,
    Round,
)
from ventures.models.proposals import ProposalQuerySet
from ventures.models.ties import tied_to

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
    """The round's operator or the officer who acts for this proposal, never one tied to it."""
    if is_round_operator(user, proposal.round) and not has_tie(user, proposal):
        return True
    return _acts_for(user, proposal.round, Proposal.objects.filter(pk=proposal.pk))


def is_the_clock(user: User, _proposal: Proposal) -> bool:
    """What happens because a day has passed is done by the system, by nobody in person."""
    return user.kind == User.Kind.SYSTEM


def is_proposal_officer(user: User, proposal: Proposal) -> bool:
    """The officer of the proposal's round."""
    return is_round_officer(user, proposal.round)


# Recusal (回避) -----------------------------------------------------------------
# It binds officers, operators, finance and auditors like reviewers (民政部令第 39 号; the region's
# own rules may ask for more, never for less).


def has_tie(user: User, proposal: Proposal) -> bool:
    """Belongs (or lately belonged) to the applicant or its host, or wrote the proposal."""
    return Proposal.objects.filter(tied_to(user), pk=proposal.pk).exists()


def has_tie_in(user: User, round: Round) -> bool:
    """Tied to one of the proposals that compete in the round: no judge of the others either."""
    return round.proposals.handed_in().filter(tied_to(user)).exists()


def acting_officers(region: Region, about: ProposalQuerySet) -> list[User]:
    """The officers who may decide about these proposals: those of the region without a tie to any
    of them; where each has one, those of the nearest region above."""
    for place in reversed(region.lineage):
        officers = list(_officers_of(place))
        free = [user for user in officers if not about.filter(tied_to(user)).exists()]
        if free:
            return free
        if place == region.pk and not officers:
            return []  # nobody stands in for an office that nobody holds
    return []


def _officers_of(region_id: int) -> QuerySet[User]:
    roles = Role.objects.active().filter(kind=Kind.OFFICER, region=region_id)
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("pk")


def _acts_for(user: User, round: Round, about: ProposalQuerySet) -> bool:
    if is_round_officer(user, round):
        return not about.filter(tied_to(user)).exists()
    if not people.is_officer_over(user, round.region):
        return False
    return people.is_one_of(user, acting_officers(round.region, about))


def may_decide(user: User, round: Round) -> bool:
    """Runs review, decision and notice: an officer of the round without a tie to any proposal that
    competes in it, or who stands in for her."""
    return _acts_for(user, round, round.proposals.handed_in())


def may_extend(user: User, round: Round) -> bool:
    """Puts the close later. Running the clock is organising, which a tie does not forbid; but more
    time helps whoever is still writing, so that nobody with a tie to any of them gives it."""
    return _acts_for(user, round, round.proposals.exclude(state=Proposal.State.WITHDRAWN))


# Reviews and decisions --------------------------------------------------------


def may_conclude_proposal(user: User, proposal: Proposal) -> bool:
    return may_decide(user, proposal.round)


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
    return is_hers and not has_tie(user, assignment.proposal)


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


def is_decision_officer(user: User, decision: Decision) -> bool:
    return may_decide(user, decision.proposal.round)


def may_see_decisions(user: User, round: Round) -> bool:
    """What is prepared, set aside and minuted: officers, finance, auditors; no operator, and
    before the notice nobody with a tie."""
    if not people.has_role_over(user, round.region, Kind.OFFICER, Kind.FINANCE, Kind.AUDITOR):
        return False
    return round.state in PUBLIC_STATES or not has_tie_in(user, round)


def is_notice_officer(user: User, notice: PublicNotice) -> bool:
    return may_decide(user, notice.round)
