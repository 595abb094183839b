"""What pages ask about stars: one's level, how far the next is, what speaks for the quality."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.orders import Feedback
from timebank.models.records import ServiceRecord
from timebank.models.signups import Signup
from timebank.models.stars import StarGrant, StarThreshold


@dataclass(frozen=True)
class StarStanding:
    """Somebody's stars: how many, since when, the next one and what is missing for it."""

    level: int
    minutes: int
    granted: list[StarGrant]
    waits: StarGrant | None
    next_level: int | None
    next_minutes: int

    @property
    def missing(self) -> int:
        return max(self.next_minutes - self.minutes, 0)


def stars_of(volunteer: User) -> StarStanding:
    """Hours are those of every bank; a level counts once, wherever it was granted."""
    minutes = (
        ServiceRecord.objects.of_volunteer(volunteer)
        .proven()
        .aggregate(total=Coalesce(Sum("minutes"), 0))["total"]
    )
    grants = list(StarGrant.objects.filter(volunteer=volunteer).order_by("level", "id"))
    granted = [one for one in grants if one.state == StarGrant.State.GRANTED]
    level = max((one.level for one in granted), default=0)
    steps = {one.level: one.minutes for one in StarThreshold.objects.in_force(localdate())}
    following = min((one for one in steps if one > level), default=None)
    waits = next((one for one in grants if one.state == StarGrant.State.PROPOSED), None)
    return StarStanding(
        level, minutes, granted, waits, following, steps[following] if following else 0
    )


def minutes_in_bank(volunteer: User, bank: TimeBank) -> int:
    """What a bank's confirmed records of somebody come to."""
    found = (
        ServiceRecord.objects.of_volunteer(volunteer)
        .proven()
        .filter(bank=bank)
        .aggregate(total=Coalesce(Sum("minutes"), 0))
    )
    return int(found["total"])


def quality_of(volunteer: User) -> dict[str, float | int | None]:
    """What is known besides the hours: the recipients' stars, absences, records taken back."""
    feedback = Feedback.objects.filter(order__volunteer=volunteer).aggregate(
        mean=Avg("stars"), count=Count("pk")
    )
    records = ServiceRecord.objects.of_volunteer(volunteer)
    return {
        "stars_mean": round(float(feedback["mean"]), 1) if feedback["count"] else None,
        "stars_count": feedback["count"],
        "low_stars": Feedback.objects.filter(order__volunteer=volunteer, stars__lte=2).count(),
        "absences": Signup.objects.filter(volunteer=volunteer, attendance__state="absent").count(),
        "reversed": records.filter(state=ServiceRecord.State.REVERSED).count(),
        "self_reported": records.confirmed()
        .filter(
            provenance__in=[
                ServiceRecord.Provenance.SELF_REPORTED,
                ServiceRecord.Provenance.BACKFILLED,
            ]
        )
        .count(),
        "services": records.confirmed().count(),
    }


def reached(today: date) -> list[tuple[int, int, int, StarThreshold]]:
    """Bank, volunteer, minutes and level of everybody whose hours reach a level that was neither
    granted nor proposed, nor declined until later."""
    steps = list(StarThreshold.objects.in_force(today))
    if not steps:
        return []
    totals = (
        ServiceRecord.objects.proven()
        .values("bank_id", "volunteer_id")
        .annotate(total=Sum("minutes"))
        .filter(total__gte=min(step.minutes for step in steps))
    )
    taken = set(
        StarGrant.objects.filter(state__in=["proposed", "granted"]).values_list(
            "bank_id", "volunteer_id", "level"
        )
    )
    taken |= set(
        StarGrant.objects.filter(again_from__gt=today).values_list(
            "bank_id", "volunteer_id", "level"
        )
    )
    return [
        (row["bank_id"], row["volunteer_id"], row["total"], step)
        for row in totals
        for step in steps
        if row["total"] >= step.minutes
        and (row["bank_id"], row["volunteer_id"], step.level) not in taken
    ]


def grants_to_judge(user: User) -> QuerySet[StarGrant]:
    """Proposed and to be judged by this person, the oldest first."""
    return (
        StarGrant.objects.visible_to(user)
        .proposed()
        .exclude(volunteer=user)
        .select_related("volunteer__home_region", "bank__region")
        .order_by(F("proposed_at").asc(), "id")
    )
