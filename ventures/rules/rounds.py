"""Who runs a round and who sees its work. Pure questions."""

from accounts import rules as people
from accounts.models import Role, User
from ventures.models import (
    Round,
)

Kind = Role.Kind


# From the notice on results are public.
PUBLIC_STATES = (Round.State.NOTICED, Round.State.CONCLUDED)


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
