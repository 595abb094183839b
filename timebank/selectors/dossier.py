"""志愿服务档案: the five blocks of a volunteer's record (民政部令第67号 art. 4), and what waits."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from accounts import rules as people
from accounts.models import Person, Role, User
from timebank.models.dossier import DossierEntry
from timebank.models.orders import Feedback
from timebank.models.qualifications import Qualification
from timebank.selectors.certificates import confirmed_total, groups_of
from timebank.selectors.stars import StarStanding, stars_of

Kind = DossierEntry.Kind
SHOWN = 20


@dataclass(frozen=True)
class Dossier:
    """What is known of one volunteer, block by block."""

    volunteer: User
    person: Person | None
    skills: list[Qualification]
    groups: list[str]
    minutes: int
    services: int
    trainings: list[DossierEntry]
    commendations: list[DossierEntry]
    waiting: list[DossierEntry]
    ratings: list[Feedback]
    stars: StarStanding

    @property
    def training_minutes(self) -> int:
        """Learning time, never added to service."""
        return sum(one.minutes or 0 for one in self.trainings)


def dossier_of(volunteer: User, today: date) -> Dossier:
    minutes, services = confirmed_total(volunteer)
    entries = list(
        DossierEntry.objects.of_volunteer(volunteer)
        .filter(state__in=["entered", "confirmed"])
        .select_related("entered_by")
    )
    confirmed = [one for one in entries if one.state == DossierEntry.State.CONFIRMED]
    return Dossier(
        volunteer=volunteer,
        person=Person.objects.select_related("region").filter(user=volunteer).first(),
        skills=list(Qualification.objects.filter(volunteer=volunteer).valid_on(today)),
        groups=groups_of(volunteer),
        minutes=minutes,
        services=services,
        trainings=[one for one in confirmed if one.is_training],
        commendations=[one for one in confirmed if not one.is_training],
        waiting=[one for one in entries if one.state == DossierEntry.State.ENTERED],
        ratings=list(ratings_of(volunteer)[:SHOWN]),
        stars=stars_of(volunteer),
    )


def ratings_of(volunteer: User) -> QuerySet[Feedback]:
    """What recipients said of the service (art. 10), the latest first."""
    return (
        Feedback.objects.filter(order__volunteer=volunteer)
        .select_related("order__listing")
        .order_by("-given_at")
    )


def confirmed_entries(volunteer: User, kind: str) -> QuerySet[DossierEntry]:
    """What a certificate may say besides service, the oldest first."""
    entries = DossierEntry.objects.of_volunteer(volunteer).confirmed().filter(kind=kind)
    return entries.order_by("held_on", "id")


def learning_minutes(volunteer: User) -> int:
    total = confirmed_entries(volunteer, Kind.TRAINING).aggregate(total=Sum("minutes"))
    return total["total"] or 0


def entries_to_check(user: User) -> QuerySet[DossierEntry]:
    """Entered by somebody else, for oneself or for people of the places one answers for."""
    places = people.regions_of(user, Role.Kind.OFFICER, Role.Kind.COMMUNITY_WORKER) + [
        role.station.region_id
        for role in people.roles_of_kind(user, Role.Kind.COORDINATOR)
        if role.station is not None
    ]
    theirs = Q(volunteer=user)
    if places:
        theirs |= Q(volunteer__home_region__lineage__overlap=places)
    waiting = DossierEntry.objects.waiting().filter(theirs).exclude(entered_by=user)
    return waiting.select_related("volunteer", "entered_by").order_by("entered_at")
