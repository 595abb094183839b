"""What a page asks about service records: one's own, one record's story, its neighbours.

Everything starts from `ServiceRecord.objects.visible_to`, which says who may see what.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Change, Station, User
from timebank.lifecycles.records import RECORD
from timebank.models.banks import TimeBank
from timebank.models.catalogue import ServiceType
from timebank.models.records import ServiceRecord

type Words = str | Promise

State = ServiceRecord.State
TONES = {
    State.SUBMITTED: "waiting",
    State.RETURNED: "danger",
    State.WITHDRAWN: "neutral",
    State.CONFIRMED: "done",
    State.REVERSED: "danger",
    State.REFUSED: "danger",
}
VERBS: dict[str, Words] = {
    "submit": _("提交"),
    "ask_recipient": _("给服务对象发服务码"),
    "miss_code": _("服务码不对"),
    "block": _("有疑点，时间暂时冻结"),
} | {arrow.verb: arrow.label for arrow in RECORD}
VERB_TONES = {"confirm": "done", "return_": "waiting", "reverse": "danger"}


@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    what: Words
    who: str
    when: datetime
    why: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class OwnTotals:
    """What a volunteer's own records come to."""

    confirmed: int
    confirmed_minutes: int
    waiting: int
    returned: int


def own_records(user: User, *, state: str = "") -> QuerySet[ServiceRecord]:
    """The volunteer's records, latest service first; of one state if asked for."""
    records = ServiceRecord.objects.of_volunteer(user).with_parties()
    return records.filter(state=state) if state else records


def own_totals(user: User) -> OwnTotals:
    """How many of the volunteer's records are where, in one question."""
    rows = (
        ServiceRecord.objects.of_volunteer(user)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"), Sum("minutes"))
    )
    counts = {state: (number, minutes) for state, number, minutes in rows}
    confirmed, minutes = counts.get(State.CONFIRMED, (0, 0))
    return OwnTotals(
        confirmed=confirmed,
        confirmed_minutes=minutes,
        waiting=counts.get(State.SUBMITTED, (0, 0))[0],
        returned=counts.get(State.RETURNED, (0, 0))[0],
    )


def trail_of(record: ServiceRecord) -> list[Event]:
    """Who did what with a record, when and why, from the first to the last."""
    changes = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(ServiceRecord), object_id=record.pk
    ).select_related("acting_user")
    return [
        Event(
            what=VERBS.get(change.verb, change.verb),
            who=change.acting_user.display_name,
            when=change.at,
            why=change.reason,
            tone=VERB_TONES.get(change.verb, ""),
        )
        for change in changes
    ]


def open_stations() -> QuerySet[Station]:
    """Stations that take service now, in places that have a time bank."""
    bank_regions = list(TimeBank.objects.values_list("region", flat=True))
    return (
        Station.objects.filter(state=Station.State.OPEN, region__lineage__overlap=bank_regions)
        .select_related("region__parent")
        .order_by("region__code", "name")
    )


def station_last_served(user: User) -> Station | None:
    """Where the volunteer served last; else an open station of their home, if there is one."""
    record = ServiceRecord.objects.of_volunteer(user).select_related("station").first()
    if record is not None:
        return record.station
    if user.home_region_id is None:
        return None
    return Station.objects.filter(state=Station.State.OPEN, region=user.home_region_id).first()


def service_types() -> QuerySet[ServiceType]:
    return ServiceType.objects.active().order_by("group", "code")


def minutes_in(records: Iterable[ServiceRecord]) -> int:
    return sum(record.minutes for record in records)
