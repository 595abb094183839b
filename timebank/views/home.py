"""What this app puts on a role's home page: a volunteer's time, a coordinator's desk.

What concerns service orders is in `home_orders`, the figures of a place in `home_oversight`; both
are added here.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.home import Panel, Waiting
from accounts.models import Region, Role, User
from timebank.models.records import ServiceRecord
from timebank.selectors.banks import bank_serving, banks_of, person_account, station_pool
from timebank.selectors.desk import desk_load, stations_run_by
from timebank.selectors.records import TONES, own_records, own_totals
from timebank.selectors.statements import Balance, balance_of
from timebank.views import (
    home_activities,
    home_books,
    home_checks,
    home_orders,
    home_oversight,
    home_recognition,
)

RECORDS_SHOWN = 3
SERVES = {Role.Kind.VOLUNTEER}
SECOND_EYES = {Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER, Role.Kind.OFFICER}
ASKS = {Role.Kind.RECIPIENT, Role.Kind.PROXY}


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    return (
        home_activities.waiting_for(user, role)
        + home_orders.waiting_for(user, role)
        + _records_waiting(user, role)
        + home_books.waiting_for(user, role)
        + home_checks.waiting_for(user, role)
        + home_recognition.waiting_for(user, role)
    )


def panels_for(user: User, role: Role | None) -> list[Panel]:
    return [
        *_time_panels(user, role),
        *home_activities.panels_for(user, role),
        *home_orders.panels_for(user, role),
        *home_oversight.panels_for(role),
        *home_books.panels_for(role),
        *home_checks.panels_for(role),
        *home_recognition.panels_for(user, role),
    ]


def _records_waiting(user: User, role: Role | None) -> list[Waiting]:
    if role is None:
        return []
    if role.kind in SERVES:
        return [
            Waiting(
                label=_("服务记录被退回，请修改"),
                count=own_totals(user).returned,
                url=f"{reverse('timebank:record-list')}?state=returned",
                icon="arrow-counterclockwise",
            )
        ]
    if role.kind in SECOND_EYES:
        return [_second_eyes(role)]
    if role.kind == Role.Kind.COORDINATOR:
        load = desk_load(user)
        return [
            Waiting(
                label=_("服务记录等您确认"),
                count=load.count,
                url=reverse("timebank:desk"),
                icon="clipboard-check",
                due_at=load.oldest,
            )
        ]
    return []


def _second_eyes(role: Role) -> Waiting:
    """What a station of one person may not confirm itself; a community's worker is told nothing."""
    region = role.region
    stands_over = region is not None and region.level != Region.Level.COMMUNITY
    regions = [region.pk] if region is not None and stands_over else []
    return Waiting(
        label=_("站点自己不能确认的记录，等您确认"),
        count=ServiceRecord.objects.needing_second_eyes(regions).count() if regions else 0,
        url=reverse("timebank:second-eyes") if stands_over else reverse("timebank:query-list"),
        icon="clipboard-check",
    )


def _time_panels(user: User, role: Role | None) -> list[Panel]:
    if role is None:
        return []
    if role.kind in SERVES:
        return [_own_time(user), _own_records(user)]
    if role.kind in ASKS:
        return [_own_time(user, serves=False)]
    if role.kind == Role.Kind.COORDINATOR:
        return [_stations(user)]
    return []


def _own_time(user: User, *, serves: bool = True) -> Panel:
    banks = banks_of(user)
    account = person_account(user, banks[0]) if banks else None
    balance = balance_of(account) if account else Balance(0, 0, 0, 0)
    return Panel("timebank/home/_balance.html", {"balance": balance, "serves": serves}, order=10)


def _own_records(user: User) -> Panel:
    latest = list(own_records(user)[:RECORDS_SHOWN])
    return Panel(
        "timebank/home/_records.html",
        {"rows": [(record, TONES[ServiceRecord.State(record.state)]) for record in latest]},
        order=30,
    )


def _stations(user: User) -> Panel:
    rows = []
    for station in stations_run_by(user):
        bank = bank_serving(station.region)
        pool = station_pool(station, bank) if bank else None
        rows.append((station, balance_of(pool) if pool else Balance(0, 0, 0, 0)))
    return Panel("timebank/home/_stations.html", {"rows": rows}, order=20)
