"""What is seen of a public vote: who may be voted for, whether one has voted, what came out.

How many have voted, and for whom, is nowhere to be had before the count.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from ventures.models import DefenceSession, Proposal, PublicVote, Round, Voter
from ventures.rules.review_rights import is_still_blind
from ventures.selectors.composites import COMPETING


@dataclass(frozen=True)
class Result:
    """One proposal's votes, and its place by them."""

    proposal: Proposal
    votes: int
    place: int
    per_mille: int

    @property
    def percent(self) -> str:
        """Of those who took part."""
        return f"{self.per_mille // 10}.{self.per_mille % 10}"


def vote_of(round: Round) -> PublicVote | None:
    found = PublicVote.objects.filter(round=round).first()
    if found is not None:
        found.round = round
    return found


def candidates_of(round: Round) -> QuerySet[Proposal]:
    """Who may be voted for: the shortlisted where there is a shortlist, else all that compete.

    Nobody while somebody judges without knowing who applies: the list is open to all.
    """
    if is_still_blind(round) is not None:
        return Proposal.objects.none()
    group = round.proposals.filter(state__in=COMPETING)
    if DefenceSession.objects.filter(round=round).exists():
        group = group.filter(defence_slot__isnull=False)
    return group.select_related("applicant", "initiator", "track").order_by("code")


def has_voted(vote: PublicVote, user: User) -> bool:
    return Voter.objects.filter(vote=vote, user=user).exists()


def phase_of_vote(vote: PublicVote, now: datetime) -> str:
    """before, open, closed (not yet counted), counted."""
    if vote.state == PublicVote.State.COUNTED:
        return "counted"
    if now < vote.opens_at:
        return "before"
    return "open" if now < vote.closes_at else "closed"


def results_of(vote: PublicVote) -> list[Result]:
    """Most votes first; equal votes share their place; nothing before the count."""
    if vote.state != PublicVote.State.COUNTED:
        return []
    group = sorted(
        candidates_of(vote.round), key=lambda one: (-vote.counts.get(one.code, 0), one.code)
    )
    tallies = [vote.counts.get(one.code, 0) for one in group]
    turnout = vote.turnout or 0
    return [
        Result(
            proposal,
            votes,
            place=tallies.index(votes) + 1,
            per_mille=(votes * 2000 + turnout) // (2 * turnout) if turnout else 0,
        )
        for proposal, votes in zip(group, tallies, strict=True)
    ]
