"""What those who watch, coach, pay or audit see of the rounds on their home page."""

from django.db.models import QuerySet

from accounts.clock import database_now
from accounts.home import Panel
from accounts.models import Region, Role
from timebank.doors import fund_position
from ventures.models import PublicNotice, Round
from ventures.models.rounds import OVER, STAFF_KINDS
from ventures.selectors.rounds import phase_of

Kind = Role.Kind
WATCHES = {Kind.OBSERVER, Kind.COACH, Kind.FINANCE, Kind.AUDITOR}
SEES_MONEY = {Kind.FINANCE, Kind.AUDITOR}
MOST_ROUNDS = 5


def panels_for(role: Role | None) -> list[Panel]:
    """Rounds under way in the place and the notices that run; the fund where the role keeps it."""
    if role is None or role.kind not in WATCHES or role.region is None:
        return []
    return [
        Panel(
            "ventures/home/_oversight.html",
            {
                "rounds": _rounds_under_way(role.region, sees_money=role.kind in SEES_MONEY),
                "ended": _rounds_of(role.region).filter(state__in=OVER)[:MOST_ROUNDS],
                "sees_money": role.kind in SEES_MONEY,
                # Rounds that have ended, too: their decisions are read long afterwards.
                "has_desk": role.kind in STAFF_KINDS,
                "reads_register": role.kind != Kind.COACH,
                "notices": list(PublicNotice.objects.running()[:MOST_ROUNDS]),
            },
            order=50,
        )
    ]


def _rounds_under_way(region: Region, *, sees_money: bool) -> list[dict[str, object]]:
    now = database_now()
    rounds = _rounds_of(region).exclude(state__in=OVER)[:MOST_ROUNDS]
    return [
        {
            "round": round,
            "phase": phase_of(round, now),
            "fund": fund_position(round.fund_key) if sees_money else None,
        }
        for round in rounds
    ]


def _rounds_of(region: Region) -> QuerySet[Round]:
    return (
        Round.objects.public()
        .filter(region__lineage__contains=[region.pk])
        .select_related("region")
    )
