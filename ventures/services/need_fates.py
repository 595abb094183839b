"""What becomes of a need: each fate is published with an answer and the working days it took."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.working_days import working_days_between
from timebank.doors import suggest_listing
from ventures.errors.needs import FateIncomplete, NotForThisRound
from ventures.lifecycles.needs import NEED
from ventures.models import Need, Round
from ventures.rules import rounds as rules
from ventures.selectors.needs import fits_round
from ventures.services.need_news import tell_concerned
from ventures.services.needs import locked_need


@transaction.atomic
def put_in_menu(need: Need, *, service: str, answer: str, acting_user: User) -> Need:
    """Suggest a service to the nearest station's menu, as a draft the station publishes.

    Refused: without a kind of service (`FateIncomplete`), and what the time bank refuses.
    """
    need = _ready(need, "put_in_menu", answer, acting_user)
    if not service:
        raise FateIncomplete(missing=_("哪一类服务"))
    listing = suggest_listing(
        need.region,
        service=service,
        title=need.title,
        description=need.title if need.is_personal else need.description,
        acting_user=acting_user,
    )
    return _answered(need, "put_in_menu", answer, acting_user, listing=listing)


@transaction.atomic
def put_in_call(need: Need, round: Round, *, answer: str, acting_user: User) -> Need:
    """Have a round call for projects about it.

    Refused: outside the round's place, groups or kinds, when it is over, and for private troubles
    (`NotForThisRound`); to who is no officer of the round's place (`NotAllowed`).
    """
    if not rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    need = _ready(need, "put_in_call", answer, acting_user)
    if need.is_personal or not fits_round(need, round, database_now()):
        raise NotForThisRound(number=need.number, place=round.region.short_name)
    return _answered(need, "put_in_call", answer, acting_user, round=round)


@transaction.atomic
def put_many_in_call(
    needs: Iterable[Need], round: Round, *, answer: str, acting_user: User
) -> list[Need]:
    """The same for several at once: all or none."""
    return [
        put_in_call(need, round, answer=answer, acting_user=acting_user)
        for need in sorted(needs, key=lambda one: one.pk)
    ]


@transaction.atomic
def refer_need(need: Need, *, department: str, answer: str, acting_user: User) -> Need:
    """Hand it to the department that answers for it. Refused: without saying which."""
    need = _ready(need, "refer", answer, acting_user)
    if not department.strip():
        raise FateIncomplete(missing=_("转办到哪个部门"))
    return _answered(need, "refer", answer, acting_user, department=department.strip())


@transaction.atomic
def settle_need(need: Need, *, answer: str, acting_user: User) -> Need:
    """The community settled it by talking: the answer says what was agreed."""
    return _answered(_ready(need, "settle", answer, acting_user), "settle", answer, acting_user)


@transaction.atomic
def leave_to_market(need: Need, *, answer: str, acting_user: User) -> Need:
    """A paid service exists for it: the answer says how to choose one."""
    need = _ready(need, "leave_to_market", answer, acting_user)
    return _answered(need, "leave_to_market", answer, acting_user)


@transaction.atomic
def refuse_need(need: Need, *, answer: str, acting_user: User) -> Need:
    """Not taken up; the answer says why. Officers only."""
    return _answered(_ready(need, "refuse", answer, acting_user), "refuse", answer, acting_user)


@transaction.atomic
def reconsider_need(need: Need, *, reason: str, acting_user: User) -> Need:
    """Take a fate back, with a reason that is public: it waits for its answer again.

    What a fate set going elsewhere (a draft on a menu) stays where it is.
    """
    need = locked_need(need.pk)
    NEED.require(need, "reconsider", acting_user=acting_user)
    if not reason.strip():
        raise FateIncomplete(missing=_("为什么重新办理"))
    NEED.move(
        need,
        "reconsider",
        acting_user=acting_user,
        reason=reason,
        listed_at=need.listed_at or database_now(),
        answer="",
        department="",
        round=None,
        listing=None,
        answered_at=None,
        days_taken=None,
    )
    tell_concerned(need, acting_user=acting_user)
    return need


def _ready(need: Need, verb: str, answer: str, acting_user: User) -> Need:
    need = locked_need(need.pk)
    NEED.require(need, verb, acting_user=acting_user)
    if not answer.strip():
        raise FateIncomplete(missing=_("给居民的答复"))
    return need


def _answered(need: Need, verb: str, answer: str, acting_user: User, **fields: Any) -> Need:
    now = database_now()
    raised_on = timezone.localdate(need.raised_at)
    days = working_days_between(raised_on + timedelta(days=1), timezone.localdate(now))
    NEED.move(
        need,
        verb,
        acting_user=acting_user,
        reason="" if need.is_personal else answer.strip(),
        facts={"days": days},
        answer=answer.strip(),
        answered_at=now,
        days_taken=days,
        **fields,
    )
    tell_concerned(need, acting_user=acting_user)
    return need
