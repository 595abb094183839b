"""What could be given to another system now, and what a batch holds."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from accounts.models import Consent, User
from accounts.rules import regions_of
from timebank.models.adjustments import KEEPERS
from timebank.models.banks import TimeBank
from timebank.models.exchange import Exchange, ExchangeLine
from timebank.models.records import ServiceRecord
from timebank.terms.exchange import STANDARD, Mapping, mapping_of

Operation = ExchangeLine.Operation
type Cell = str | int | None


def banks_exchanging(user: User) -> QuerySet[TimeBank]:
    """The banks whose records this person may give."""
    kept = regions_of(user, *KEEPERS)
    return TimeBank.objects.select_related("region").filter(region__lineage__overlap=kept)


def sendable(bank: TimeBank, *, since: date | None, until: date | None) -> QuerySet[ServiceRecord]:
    """Confirmed and never sent (or sent back), and those that were taken and have fallen since."""
    sent = ExchangeLine.objects.filter(record=OuterRef("pk"), state__in=["sent", "accepted"])
    added = Exists(sent.filter(operation=Operation.ADD, state="accepted"))
    records = ServiceRecord.objects.filter(bank=bank).filter(
        Q(state=ServiceRecord.State.CONFIRMED)
        & ~Q(screening__state__in=("held", "false"))
        & ~Exists(sent.filter(operation=Operation.ADD))
        | Q(state=ServiceRecord.State.REVERSED)
        & Q(added)
        & ~Exists(sent.filter(operation=Operation.WITHDRAW))
    )
    if since:
        records = records.filter(started_at__date__gte=since)
    if until:
        records = records.filter(started_at__date__lte=until)
    return records.select_related(
        "volunteer__person__region", "volunteer__home_region", "service_type", "station",
        "confirmed_by",
    ).order_by("id")  # fmt: skip


def of_consenting(records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
    """Of people who allow it now; what is taken back is said of everybody who had allowed it."""
    consent = Consent.objects.filter(
        user=OuterRef("volunteer"), purpose=Consent.Purpose.EXCHANGE, withdrawn_at=None
    )
    return records.filter(Exists(consent) | Q(state=ServiceRecord.State.REVERSED))


def told_of(record: ServiceRecord) -> dict[str, Any]:
    """A record in the elements of the draft mapping; hours as the law counts them."""
    volunteer = record.volunteer
    person = getattr(volunteer, "person", None)
    region = (person.region if person else None) or volunteer.home_region
    is_gone = record.state == ServiceRecord.State.REVERSED
    confirmer = record.confirmed_by.display_name if record.confirmed_by else ""
    return {
        "record_number": record.number,
        "operation": Operation.WITHDRAW if is_gone else Operation.ADD,
        "volunteer_number": f"ZY{volunteer.pk:08d}",
        "volunteer_name": person.real_name if person else volunteer.display_name,
        "volunteer_gender": person.gender if person else "",
        "volunteer_region": region.code if region else "",
        "activity_name": record.service_type.name,
        "service_group": record.service_type.group,
        "service_content": record.what,
        "service_place": record.place,
        "started_at": localtime(record.started_at).isoformat(timespec="minutes"),
        "ended_at": localtime(record.ended_at).isoformat(timespec="minutes"),
        "service_hours": f"{record.served_minutes / 60:.2f}",
        "organiser": record.station.name,
        "led_by": record.led_by or confirmer,
        "provenance": record.provenance,
    }


def json_of(exchange: Exchange) -> dict[str, Any]:
    """The whole batch as it was sent, said to be a draft at its head."""
    return {
        "standard": STANDARD,
        "mapping": exchange.mapping,
        "is_draft": True,
        "batch": exchange.pk,
        "bank": exchange.bank.name,
        "made_at": localtime(exchange.made_at).isoformat(timespec="seconds"),
        "sha256": exchange.sha256,
        "records": list(exchange.lines.values_list("content", flat=True)),
    }


def rows_of(exchange: Exchange, mapping: Mapping) -> Iterator[list[Cell]]:
    keys = [element.key for element in mapping.elements]
    for content in exchange.lines.values_list("content", flat=True).iterator(1_000):
        yield [content.get(key, "") for key in keys]


def mapping_used(exchange: Exchange) -> Mapping:
    return mapping_of(exchange.mapping)
