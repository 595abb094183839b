"""The organisations that apply in the rounds of today, each with the person who acts for it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, Region, Role, User
from accounts.services.roles import grant_role
from config.demo.cast import Cast, phone_of
from config.demo.history import NO_SUCH_PHONE
from config.demo.timebank import DATA

ORGANISATION_KINDS = {
    "民办非企业单位": Organisation.Kind.SERVICE,
    "社会团体": Organisation.Kind.ASSOCIATION,
    "备案社区社会组织": Organisation.Kind.FILED,
}
# Whom one may sign in as, by the data's number of the body.
PLAYED_BY = {"O9": "deng"}


@dataclass(frozen=True)
class Applicant:
    """An organisation of the data and the person who acts for it."""

    organisation: Organisation
    manager: User


def bring_in_applicants(cast: Cast) -> dict[str, Applicant]:
    rows = json.loads((DATA / "organisations.json").read_text(encoding="utf-8"))
    regions = {region.short_name: region for region in Region.objects.current()}
    host = cast.organisations["shelifang"]
    found: dict[str, Applicant] = {
        "O8": Applicant(host, cast.people["ou"]),
        "O3": Applicant(cast.organisations["banrixian"], cast.people["pan"]),
    }
    for place, row in enumerate(rows):
        if row["id"] in found:
            continue
        region = regions[row["base"].split()[-1]]
        key = PLAYED_BY.get(row["id"])
        found[row["id"]] = bring_in_body(
            cast,
            cast.people[key] if key else _manager(row["name"][:2], 3_000 + place, region),
            name=row["name"],
            kind=ORGANISATION_KINDS[row["kind"]],
            credit_code=row["uscc"],
            filing_number=row["filing_no"] or "",
            host=host if row["host"] else None,
            rating=row["rating"] if row["rating"] in Organisation.Rating.values else "",
            founded_on=date.fromisoformat(f"{row['founded']}-01"),
            region=region,
        )
    return found


def bring_in_groups(cast: Cast, names: dict[str, str], region: Region) -> dict[str, Applicant]:
    """Filed groups of one place by key, paid through the operator."""
    return {
        key: bring_in_body(
            cast,
            _manager(name.removesuffix("（演示）"), 4_090 + place, region),
            name=name,
            kind=Organisation.Kind.FILED,
            host=cast.organisations["shelifang"],
            region=region,
        )
        for place, (key, name) in enumerate(names.items(), start=1)
    }


def bring_in_body(cast: Cast, manager: User, *, host: Organisation | None, **own: Any) -> Applicant:
    """Verified, with this person acting for it."""
    body = Organisation.objects.create(
        host=host,
        hosting_agreed_at=timezone.now() if host else None,
        contact_name="演示联系人",
        contact_phone=NO_SUCH_PHONE,
        is_demo=True,
        state=Organisation.State.VERIFIED,
        verified_at=timezone.now(),
        **own,
    )
    system = cast.people["system"]
    grant_role(manager, Role.Kind.MANAGER, organisation=body, acting_user=system)
    return Applicant(body, manager)


def _manager(name: str, place: int, region: Region) -> User:
    return User.objects.create_user(
        display_name=f"{name}负责人",
        is_demo=True,
        phone=phone_of(place),
        phone_verified=True,
        home_region=region,
    )
