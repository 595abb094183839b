"""A second, invented bank beside Haining's, and an agreement to exchange hours."""

from datetime import date

from accounts.models import Region
from config.demo.cast import system_user
from timebank.models import ClearingAgreement, TimeBank
from timebank.services.banks import open_bank
from timebank.services.clearing import agree_clearing

TONGXIANG = "330483000000"


def make_neighbour(code: str = TONGXIANG, name: str = "桐乡时间银行（虚构）") -> TimeBank:
    haining = Region.objects.get(code="330481000000")
    region, is_new = Region.objects.get_or_create(
        code=code,
        defaults={
            "name": "桐乡市",
            "short_name": "桐乡",
            "level": Region.Level.COUNTY,
            "kind": Region.Kind.COUNTY,
            "parent": haining.parent,
            "is_fictional": True,
            "valid_from": date(2023, 6, 30),
        },
    )
    if is_new:
        region.lineage = [*haining.lineage[:-1], region.pk]
        region.save(update_fields=["lineage"])
    return open_bank(name, region=region, acting_user=system_user())


def make_agreement(
    bank: TimeBank, other: TimeBank, *, limit_minutes: int = 600
) -> ClearingAgreement:
    return agree_clearing(bank, other, limit_minutes=limit_minutes, acting_user=system_user())
