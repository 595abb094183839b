"""Who objects, who answers, who may read an objection; within how many days. Pure questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts import rules as people
from accounts.models import IdentityCheck, User
from ventures.models import Objection, RevisedBudget, Round
from ventures.rules.decisions import speaks_for
from ventures.rules.recusal import acting_officers, has_tie_in, may_decide
from ventures.rules.rounds import Kind, is_round_officer


@dataclass(frozen=True, slots=True)
class AnswerTerms:
    """答复期限: within so many working days, where the place has not set its own."""

    since: date
    working_days: int


# Practice of Shanghai's 社区公益招投标: re-checked and answered in writing within five days.
ANSWER_TERMS: Sequence[AnswerTerms] = (AnswerTerms(since=date(2024, 1, 1), working_days=5),)


def usual_answer_days(day: date) -> int:
    begun = [one for one in ANSWER_TERMS if one.since <= day] or [ANSWER_TERMS[0]]
    return begun[-1].working_days


def is_verified(user: User) -> bool:
    """Whose real name was checked."""
    return IdentityCheck.objects.filter(person__user=user).exists()


def may_object(user: User) -> bool:
    return bool(people.organisations_of(user)) or is_verified(user)


def is_objector(user: User, objection: Objection) -> bool:
    return objection.filed_by_id == user.pk


def is_objection_officer(user: User, objection: Objection) -> bool:
    """Answers it: an officer of the round without a tie, who did not file it herself; where only
    she is left, one of the nearest place above."""
    if is_objector(user, objection):
        return False
    round = objection.notice.round
    if may_decide(user, round):
        return True
    if not people.is_officer_over(user, round.region):
        return False
    return people.is_one_of(user, answering_officers(round, objector=objection.filed_by))


def answering_officers(round: Round, *, objector: User) -> list[User]:
    """Who is asked to answer what this person objects to."""
    return acting_officers(round.region, round.proposals.handed_in(), besides=objector)


def may_read(user: User, objection: Objection) -> bool:
    """The objector, and whoever runs or checks the round without a tie to anybody in it."""
    if is_objector(user, objection):
        return True
    round = objection.notice.round
    oversees = people.has_role_over(user, round.region, Kind.OFFICER, Kind.AUDITOR)
    return oversees and not has_tie_in(user, round)


def is_grantee(user: User, revision: RevisedBudget) -> bool:
    return speaks_for(user, revision.award.proposal)


def is_revision_officer(user: User, revision: RevisedBudget) -> bool:
    return may_extend_revision(user, revision.award.proposal.round)


def may_extend_revision(user: User, round: Round) -> bool:
    """Gives more time for a revised budget: whoever confirms it."""
    return is_round_officer(user, round) and may_decide(user, round)
