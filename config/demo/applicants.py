"""The organisations that apply in the rounds of today, each with the person who acts for it."""

import json
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class Applicant:
    """An organisation of the data and the person who acts for it."""

    organisation: Organisation
    manager: User


def bring_in_applicants(cast: Cast) -> dict[str, Applicant]:
    rows = json.loads((DATA / "organisations.json").read_text(encoding="utf-8"))
    system = cast.people["system"]
    regions = {region.short_name: region for region in Region.objects.current()}
    host = cast.organisations["shelifang"]
    found: dict[str, Applicant] = {
        "O8": Applicant(host, cast.people["ou"]),
        "O3": Applicant(cast.organisations["banrixian"], cast.people["pan"]),
    }
    for place, row in enumerate(rows):
        if row["id"] in found:
            continue
        organisation = Organisation.objects.create(
            name=row["name"],
            kind=ORGANISATION_KINDS[row["kind"]],
            credit_code=row["uscc"],
            filing_number=row["filing_no"] or "",
            host=host if row["host"] else None,
            hosting_agreed_at=timezone.now() if row["host"] else None,
            rating=row["rating"] if row["rating"] in Organisation.Rating.values else "",
            founded_on=date.fromisoformat(f"{row['founded']}-01"),
            contact_name="演示联系人",
            contact_phone=NO_SUCH_PHONE,
            region=regions[row["base"].split()[-1]],
            is_demo=True,
            state=Organisation.State.VERIFIED,
            verified_at=timezone.now(),
        )
        manager = User.objects.create_user(
            display_name=f"{row['name'][:2]}负责人",
            phone=phone_of(3_000 + place),
            phone_verified=True,
            home_region=organisation.region,
        )
        grant_role(manager, Role.Kind.MANAGER, organisation=organisation, acting_user=system)
        found[row["id"]] = Applicant(organisation, manager)
    return found
