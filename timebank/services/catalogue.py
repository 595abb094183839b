"""Load the catalogue of services from its file, and keep it in step with the file; weigh kinds."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from timebank.errors.recognition import NotBackdated
from timebank.models.banks import TimeBank
from timebank.models.catalogue import ExcludedService, ServiceCoefficient, ServiceType
from timebank.rules.books import keeps_books_of

CATALOGUE = Path(__file__).resolve().parent.parent / "data" / "service_catalogue.json"


@transaction.atomic
def load_catalogue(path: Path = CATALOGUE) -> int:
    """Make or update every kind of service the file names; how many there are.

    Kinds that the file no longer names stay, inactive: records refer to them. What is never
    counted follows the file exactly. Loading twice changes nothing.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))
    services = rows["services"]
    for row in services:
        details = {name: value for name, value in row.items() if name != "code"}
        ServiceType.objects.update_or_create(
            code=row["code"], defaults=details | {"is_active": True}
        )
    codes = [row["code"] for row in services]
    ServiceType.objects.exclude(code__in=codes).update(is_active=False)
    ExcludedService.objects.exclude(words__in=rows["never_counted"]).delete()
    for position, words in enumerate(rows["never_counted"]):
        ExcludedService.objects.update_or_create(words=words, defaults={"position": position})
    return len(services)


@transaction.atomic
def set_coefficient(
    bank: TimeBank,
    service_type: ServiceType,
    *,
    hundredths: int,
    starts_on: date,
    basis: str,
    acting_user: User,
) -> ServiceCoefficient:
    """Say how the bank weighs a kind of service from a day on; what was served before stays.

    Refused: `NotAllowed` for anyone who does not keep the bank's books, `ReasonMissing` without
    its basis, `NotBackdated` for a day that is over.
    """
    is_product = acting_user.kind == User.Kind.SYSTEM
    if not is_product and not keeps_books_of(acting_user, bank):
        raise NotAllowed()
    basis = required(basis)
    today = localdate(database_now())
    if starts_on < today and not is_product:
        raise NotBackdated(starts_on=starts_on)
    row = ServiceCoefficient.objects.create(
        bank=bank,
        service_type=service_type,
        hundredths=hundredths,
        starts_on=starts_on,
        basis=basis,
        set_by=acting_user,
    )
    facts = {"service_type": service_type.code, "starts_on": starts_on.isoformat()}
    record_change(row, "set", after=str(hundredths), facts=facts, acting_user=acting_user)
    return row
