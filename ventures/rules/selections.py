"""Who reads and selects the concepts of a round in two steps, and when. Pure questions.

Whether a proposal may go on at all is `rules.timetable.takes`; who decides about concepts and tells
the selection is in `rules.recusal`.
"""

from collections.abc import Sequence
from datetime import datetime

from accounts import rules as people
from accounts.models import Role, User
from ventures.models import ConceptReader, Proposal, Round
from ventures.rules.recusal import is_kept_from_judging
from ventures.rules.timetable import last_deadline


def is_concept_reader(user: User, round: Round) -> bool:
    """Was asked to read the concepts, and still is a reviewer."""
    return (
        people.has_role(user, Role.Kind.REVIEWER)
        and ConceptReader.objects.filter(round=round, reviewer=user, left_at__isnull=True).exists()
    )


def may_read_concepts(user: User, round: Round, now: datetime) -> bool:
    """A reader, once all concepts are in and until everybody is told."""
    return (
        round.has_concepts
        and round.state == Round.State.OPEN
        and now >= last_deadline(round)
        and is_concept_reader(user, round)
    )


def may_speak_of(user: User, proposal: Proposal, now: datetime) -> bool:
    """Says whether she would let this concept go on."""
    return (
        proposal.state == Proposal.State.CONCEPT
        and may_read_concepts(user, proposal.round, now)
        and not is_kept_from_judging(user, proposal)
    )


def is_carried(voices: Sequence[bool]) -> bool:
    """More than half of those who spoke are for it; as many for as against is not enough."""
    return 2 * sum(voices) > len(voices)
