"""Who runs the hall, who scores in it, who reads what. Pure questions."""

from accounts import rules as people
from accounts.models import User
from ventures.models import DefenceSession, DefenceSlot, Panel, Round
from ventures.rules.decisions import speaks_for
from ventures.rules.recusal import has_tie, has_tie_in, is_kept_from_judging, may_decide
from ventures.rules.rounds import Kind, is_round_officer, is_round_operator, may_see_round_work


def may_set_composite(user: User, round: Round) -> bool:
    return is_round_officer(user, round)


def may_plan_defence(user: User, round: Round) -> bool:
    """Plans the session and puts teams on the stage: who decides, or the operator; nobody with a
    tie."""
    if is_round_operator(user, round) and not has_tie_in(user, round):
        return True
    return may_decide(user, round)


def runs_session(user: User, session: DefenceSession) -> bool:
    return may_plan_defence(user, session.round)


def runs_slot(user: User, slot: DefenceSlot) -> bool:
    return runs_session(user, slot.session) or is_chair_of(user, slot)


def is_chair_of(user: User, slot: DefenceSlot) -> bool:
    """The panel's chair, where nothing ties her to the team."""
    seat = slot.session.round.panel.members.filter(
        reviewer=user, is_chair=True, left_at__isnull=True
    )
    return seat.exists() and not is_kept_from_judging(user, slot.proposal)


def reveals(user: User, slot: DefenceSlot) -> bool:
    """The chair, or who decides in the round; an operator shows no scores."""
    return is_chair_of(user, slot) or may_decide(user, slot.session.round)


def may_enter_hall(user: User, round: Round) -> bool:
    """Who runs or checks the round, sits on its panel, or watches for the public (监督员)."""
    if may_see_round_work(user, round) or sits_in(user, round):
        return True
    return people.has_role_over(user, round.region, Kind.OBSERVER)


def sits_in(user: User, round: Round) -> bool:
    panel = Panel.objects.filter(round=round).first()
    return panel is not None and panel.members.filter(reviewer=user, left_at__isnull=True).exists()


def judges_in(user: User, round: Round) -> bool:
    """Sits on its panel, or did."""
    return Panel.objects.filter(round=round, members__reviewer=user).exists()


def may_see_slot(user: User, slot: DefenceSlot) -> bool:
    """Her own team's turn, or the round's office without a tie."""
    if speaks_for(user, slot.proposal):
        return True
    return may_see_round_work(user, slot.session.round) and not has_tie(user, slot.proposal)
