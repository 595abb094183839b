"""Who reads and says what about a proposal while it is judged. Pure questions.

Three audiences: the reviewers of this proposal with the office, the office alone, and the applicant
too. Who has a tie to the applicant is out of it, whatever else she is. When it is open is the
phase's (`rules.review_rights`).
"""

from django.db.models import Q

from accounts import rules as people
from accounts.models import User
from ventures.models import Assignment, Proposal, Remark, Review, ReviewPhase
from ventures.rules.proposals import is_applicant
from ventures.rules.recusal import has_tie, may_decide
from ventures.rules.review_rights import Rights
from ventures.rules.reviews import is_panel_member
from ventures.rules.rounds import Kind

A = Remark.Audience
OWN_FIRST = (ReviewPhase.Others.NEVER, ReviewPhase.Others.AFTER_OWN)


def assignment_for(user: User, proposal: Proposal) -> Assignment | None:
    """Her own standing assignment of it, signed for; none where she has a tie."""
    return (
        Assignment.objects.visible_to(user)
        .filter(proposal=proposal, member__committed_at__isnull=False, member__left_at__isnull=True)
        .select_related("member__panel", "review")
        .first()
    )


def speaks_for_office(user: User, proposal: Proposal) -> bool:
    """An officer who decides here, and judges nothing of it herself."""
    return not _sits(user, proposal) and may_decide(user, proposal.round)


def reads_as_office(user: User, proposal: Proposal) -> bool:
    """Officers and auditors of the place or above, without a tie; a member of the panel reads as a
    reviewer, the operator not at all."""
    if _sits(user, proposal) or has_tie(user, proposal):
        return False
    return people.has_role_over(user, proposal.round.region, Kind.OFFICER, Kind.AUDITOR)


def readable_remarks(user: User, proposal: Proposal) -> Q:
    """Which remarks about this proposal the person reads; nothing for whoever has no part in it."""
    if reads_as_office(user, proposal):
        return Q()
    if assignment_for(user, proposal) is not None:
        return ~Q(audience=A.OFFICE) | Q(author=user)
    if is_applicant(user, proposal):
        return Q(audience=A.APPLICANT)
    return Q(pk__in=[])


def must_score_first(assignment: Assignment, rights: Rights) -> bool:
    """Others' words come after her own sheet, unless the phase opens all sheets to all."""
    review = getattr(assignment, "review", None)
    own_is_in = review is not None and review.state != Review.State.DRAFT
    return rights.others_scores in OWN_FIRST and not own_is_in


def wrote(user: User, remark: Remark) -> bool:
    return remark.author_id == user.pk


def _sits(user: User, proposal: Proposal) -> bool:
    panel = getattr(proposal.round, "panel", None)
    return panel is not None and is_panel_member(user, panel)
