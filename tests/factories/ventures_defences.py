"""A round whose call counts more than the sheets, and what hangs on that."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import IdentityCheck, Person, User
from ventures.models import (
    CompositeTerms,
    Criterion,
    DefenceSession,
    DefenceSlot,
    PublicVote,
    Round,
    Rubric,
)
from ventures.services.defence_scores import hand_in_points, open_slot
from ventures.services.defences import SessionPlan, draw_order, plan_defence, seal_order


def make_terms(round: Round, **fields: Any) -> CompositeTerms:
    """Sheets 60, defence 40 (two criteria of 60 and 40 points, at least two judges)."""
    rubric = Rubric.objects.create(name=f"答辩 {round.pk}", aggregate="mean")
    for position, full in enumerate((120, 80), start=1):
        Criterion.objects.create(
            rubric=rubric, position=position, name=f"第 {position} 项", max_half_points=full
        )
    values: dict[str, Any] = {
        "paper_percent": 60, "defence_percent": 40, "least_judges": 2, "defence_rubric": rubric,
        "pledge_full_fen": 1_000_000, "pledges_until": timezone.now() + timedelta(days=1),
    }  # fmt: skip
    return CompositeTerms.objects.create(round=round, **(values | fields))


def plan_of_an_hour(**fields: Any) -> SessionPlan:
    return SessionPlan(
        **(
            {
                "place": "演示会场",
                "begins_at": timezone.now() + timedelta(hours=1),
                "present_minutes": 6,
                "answer_minutes": 4,
                "change_minutes": 2,
            }
            | fields
        )
    )


def make_drawn(round: Round, *, acting_user: User) -> DefenceSession:
    """Planned, sealed and drawn."""
    session = plan_defence(round, plan_of_an_hour(), acting_user=acting_user)
    session = seal_order(session, acting_user=acting_user)
    return draw_order(session, witness="李记者", word="潮起", acting_user=acting_user)


def score_in_hall(slot: DefenceSlot, points: dict[User, tuple[int, int]], by: User) -> None:
    """On the stage, with these half points from each; not revealed."""
    open_slot(slot, acting_user=by)
    for reviewer, given in points.items():
        hand_in_points(slot, given, acting_user=reviewer)


def verify(user: User, by: User) -> User:
    """Her name was checked."""
    person, _is_new = Person.objects.get_or_create(
        user=user, defaults={"real_name": user.display_name}
    )
    IdentityCheck.objects.create(person=person, method=IdentityCheck.Method.DOCUMENT, checked_by=by)
    return user


def make_vote(round: Round, *, set_by: User, **fields: Any) -> PublicVote:
    """Open since a minute, for an hour."""
    now = timezone.now()
    return PublicVote.objects.create(
        round=round,
        **(
            {
                "opens_at": now - timedelta(minutes=1),
                "closes_at": now + timedelta(hours=1),
                "set_by": set_by,
            }
            | fields
        ),
    )
