"""Who runs a round and who sees its work. Pure questions."""

from accounts import rules as people
from accounts.models import Organisation, Region, Role, User
from ventures.models import Programme, Round
from ventures.rules.second_person import Seconds, second_persons

Kind = Role.Kind


# From the notice on results are public.
PUBLIC_STATES = (Round.State.NOTICED, Round.State.CONCLUDED)


def is_round_officer(user: User, round: Round) -> bool:
    """An officer of the round's own region: a town's round is not the city's to run."""
    return any(
        role.region_id == round.region_id for role in people.roles_of_kind(user, Kind.OFFICER)
    )


def makers_of(round: Round) -> set[int]:
    """Who last wrote the call, and who proposed it: they do not publish it themselves."""
    return {pk for pk in (round.edited_by_id or round.created_by_id, round.proposed_by_id) if pk}


def publishing_seconds(round: Round, *, besides: User | None = None) -> Seconds:
    """Who may publish it; `besides` is who is about to propose it."""
    return second_persons(
        round,
        besides=makers_of(round) | ({besides.pk} if besides else set()),
        asked_at=round.proposed_at if round.state == Round.State.PROPOSED else None,
    )


def publishers_of(round: Round, *, besides: User | None = None) -> list[User]:
    return publishing_seconds(round, besides=besides).now


def may_publish(user: User, round: Round) -> bool:
    """The second pair of eyes: never whoever wrote or proposed the call."""
    return people.has_role(user, Kind.OFFICER) and publishing_seconds(round).has(user)


def may_begin_review(user: User, round: Round) -> bool:
    """In two steps the full proposals come first."""
    is_first_step = round.has_concepts and round.state == Round.State.OPEN
    return is_round_officer(user, round) and not is_first_step


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


def may_prepare_rounds(user: User) -> bool:
    return people.has_role(user, Kind.OFFICER)


def keeps_programme(user: User, programme: Programme) -> bool:
    """An officer of the programme's own place."""
    return keeps_rules_of(user, programme.region)


def keeps_rules_of(user: User, region: Region) -> bool:
    """Sets what stands in a place: an officer of exactly this place, like its rounds."""
    return any(role.region_id == region.pk for role in people.roles_of_kind(user, Kind.OFFICER))


def keeps_standing_of(user: User, organisation: Organisation) -> bool:
    """Records what is known of an organisation, or bars it: an officer of its place or above who
    does not belong to it."""
    return people.is_officer_over(user, organisation.region) and not people.is_member_of(
        user, organisation
    )


def reads_standing(user: User) -> bool:
    """Bars and records are read by whoever screens or oversees applicants, anywhere."""
    return people.has_role(user, Kind.OFFICER, Kind.OPERATOR, Kind.AUDITOR, Kind.FINANCE)
