"""What the catalogue says on a day: how a bank weighs an hour of each kind of service."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from timebank.models.banks import TimeBank
from timebank.models.catalogue import (
    ServiceCoefficient,
    ServiceType,
    weighed,
    written_coefficient,
)
from timebank.models.listings import Listing
from timebank.selectors.banks import bank_serving


@dataclass(frozen=True)
class Weighed:
    """One kind of service, what it weighs now, what was said of it before or for later."""

    service_type: ServiceType
    hundredths: int
    rows: list[ServiceCoefficient]

    @property
    def words(self) -> str:
        return written_coefficient(self.hundredths)


def coefficient_of(service_type: ServiceType, bank: TimeBank, day: date) -> int:
    """In hundredths, as it was on the day of the service; 100 where the bank has said nothing."""
    said = ServiceCoefficient.objects.in_force(bank, day).filter(service_type=service_type).first()
    return said.hundredths if said else ServiceCoefficient.USUAL


def coefficient_for(listing: Listing, day: date) -> int:
    """How the bank of its place weighs this item on a day, in hundredths."""
    bank = bank_serving(listing.station.region)
    return coefficient_of(listing.service_type, bank, day) if bank else ServiceCoefficient.USUAL


def set_aside_for(listing: Listing, minutes: int, day: date) -> int:
    """What an order of so much time sets aside."""
    return weighed(minutes, coefficient_for(listing, day))


def catalogue_weighed(bank: TimeBank, day: date) -> list[Weighed]:
    """Every kind of service in use, in the order of the catalogue."""
    said = ServiceCoefficient.objects.filter(bank=bank).select_related("set_by")
    kinds = ServiceType.objects.active().prefetch_related(
        Prefetch("coefficients", queryset=said, to_attr="said")
    )
    return [Weighed(kind, _now(kind.said, day), kind.said) for kind in kinds]  # type: ignore[attr-defined]


def _now(rows: list[ServiceCoefficient], day: date) -> int:
    """`rows` come latest first."""
    begun = (row.hundredths for row in rows if row.starts_on <= day)
    return next(begun, ServiceCoefficient.USUAL)
