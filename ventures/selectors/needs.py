"""Read needs: lists, figures, the public story of one, what waits on a desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Change, Region, User
from accounts.selectors.changes import TrailEntry
from timebank.doors import SuggestedListing, suggested_listings
from ventures.lifecycles.needs import NEED
from ventures.models import UNPUBLISHED, Need, Round
from ventures.models.needs import NeedQuerySet

type Words = str | Promise

TONES = {
    "raised": "waiting",
    "returned": "waiting",
    "listed": "active",
    "in_menu": "done",
    "in_call": "done",
    "referred": "done",
    "settled": "done",
    "market": "neutral",
    "refused": "neutral",
    "merged": "neutral",
    "withdrawn": "neutral",
}
OFFICE: Words = gettext_lazy("社区或镇街工作人员")
BY_ITS_RAISER = {"raise", "resubmit", "withdraw"}
TOLD_WITH_WORDS = {
    "put_in_menu",
    "put_in_call",
    "refer",
    "settle",
    "leave_to_market",
    "refuse",
    "reconsider",
}
INSIDE_ONLY = {"return_", "resubmit", "add_file", "remove_file"}
VERBS: dict[str, Words] = {"raise": gettext_lazy("提出需求")} | {
    arrow.verb: arrow.label for arrow in NEED
}


class Median(Aggregate):
    """The middle one of a column; null where there is none."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Figures:
    """A list in three numbers."""

    waiting: int
    answered: int
    median_days: int | None


def filtered(needs: NeedQuerySet, wanted: dict[str, Any]) -> NeedQuerySet:
    """By words or number, place, group, kind, fate, open or closed, and round."""
    if words := wanted.get("q", "").strip():
        found = Q(title__icontains=words) | Q(description__icontains=words)
        digits = words.rpartition("-")[2]
        if digits.isascii() and digits.isdigit() and len(digits) < 10:
            found |= Q(pk=int(digits))
        needs = needs.filter(found)
    if place := wanted.get("place"):
        needs = needs.filter(region__lineage__contains=[place.pk])
    for name in ("track", "kind", "state"):
        if wanted.get(name):
            needs = needs.filter(**{name: wanted[name]})
    if wanted.get("open") == "open":
        needs = needs.filter(state__in=Need.OPEN)
    elif wanted.get("open") == "closed":
        needs = needs.exclude(state__in=Need.OPEN)
    if wanted.get("round"):
        needs = needs.filter(round__code=wanted["round"])
    return needs


def figures_of(needs: NeedQuerySet) -> Figures:
    """How many wait, how many have a fate, and the median of working days."""
    told = needs.order_by().aggregate(
        waiting=Count("pk", filter=Q(state__in=Need.OPEN)),
        answered=Count("pk", filter=Q(state__in=Need.FATES)),
        median=Median("days_taken"),
    )
    median = told["median"]
    return Figures(
        told["waiting"], told["answered"], None if median is None else round(float(median))
    )


def counts_by_state(needs: NeedQuerySet) -> dict[str, int]:
    counted = needs.order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in counted}


# One need --------------------------------------------------------------------------


def changes_of(need: Need) -> QuerySet[Change]:
    return Change.objects.filter(
        content_type=ContentType.objects.get_for_model(Need), object_id=need.pk
    )


def story_of(need: Need, *, inside: bool) -> list[TrailEntry]:
    """What happened, newest first, without a person's name.

    Those inside (who raised it, who handles it) also read what was asked to be completed.
    """
    entries = []
    for change in changes_of(need).order_by("-pk"):
        if change.verb not in VERBS or (change.verb in INSIDE_ONLY and not inside):
            continue
        tells = inside or change.verb in TOLD_WITH_WORDS
        words = change.reason if tells else ""
        entries.append(
            TrailEntry(
                what=VERBS[change.verb],
                who=str(need.get_origin_display() if change.verb in BY_ITS_RAISER else OFFICE),
                when=change.at,
                why=words + _days_words(change),
                tone="done" if change.after in Need.FATES else "",
            )
        )
    return entries


def _days_words(change: Change) -> str:
    days = change.facts.get("days")
    if days is None:
        return ""
    return _("（用了 %(days)d 个工作日）") % {"days": days}


def asked_to_complete(need: Need) -> str:
    """What the office asked for when it returned it."""
    last = changes_of(need).filter(verb="return_").order_by("-pk").first()
    return last.reason if last else ""


def listing_of(need: Need) -> SuggestedListing | None:
    """What its suggestion to the station has become."""
    if need.listing is None:
        return None
    return suggested_listings([need.listing]).get(need.listing)


def supports(user: User, need: Need) -> bool:
    return need.supports.filter(user=user, withdrawn_at__isnull=True).exists()


# Duplicates and rounds ----------------------------------------------------------------


def may_stand_for(other: Need, need: Need) -> bool:
    """Whether a duplicate may be merged into this one: public, of the same town, standing."""
    return (
        other.pk != need.pk
        and not other.is_personal
        and (other.state == Need.State.LISTED or other.has_fate)
        and _town_of(other.region) == _town_of(need.region)
    )


def like(need: Need, most: int = 30) -> list[Need]:
    """Those it could be a duplicate of: same town; the same group and the same words first."""
    town = _town_of(need.region)
    near = (
        Need.objects.whole()
        .filter(region__lineage__contains=[town], is_personal=False)
        .filter(state__in=[Need.State.LISTED, *Need.FATES])
        .exclude(pk=need.pk)
    )
    pairs = _pairs(need.title)
    return sorted(
        near,
        key=lambda one: (
            -len(pairs & _pairs(one.title)),
            one.track_id != need.track_id,
            -one.pk,
        ),
    )[:most]


def _pairs(words: str) -> set[str]:
    return {words[place : place + 2] for place in range(len(words) - 1)}


def _town_of(region: Region) -> int:
    """The town or street of a place; the place itself where it is a town or more."""
    towns = 4  # province, prefecture, county, town
    return int(region.lineage[min(len(region.lineage), towns) - 1])


def fits_round(need: Need, round: Round, now: datetime) -> bool:
    """Whether the round could call for projects about it: place, group, kind, and in time."""
    return (
        round.region_id in need.region.lineage
        and need.kind in round.kinds
        and round.tracks.filter(pk=need.track_id).exists()
        and (not round.is_published or round.state == Round.State.OPEN)
        and now < round.closes_at
    )


def choosable_for(round: Round, user: User) -> NeedQuerySet:
    """Listed needs the officer may put in the round's call, most voices first."""
    return (
        Need.objects.public()
        .filter(
            state=Need.State.LISTED,
            region__lineage__contains=[round.region_id],
            kind__in=round.kinds,
            track__in=round.tracks.all(),
        )
        .exclude(raised_by=user)
        .whole()
        .with_voices()
        .order_by(F("voices").desc(), "-severity", "-pk")
    )


def asked_before(round: Round, needs: Iterable[Need]) -> list[int]:
    """Of these needs those that the call this one repeats had taken up, and that came back when it
    was ended."""
    if round.copied_from_id is None:
        return []
    return list(
        Change.objects.filter(
            content_type=ContentType.objects.get_for_model(Need),
            object_id__in=[need.pk for need in needs],
            verb="come_back",
            facts__round=round.copied_from_id,
        ).values_list("object_id", flat=True)
    )


def rounds_for(need: Need, user: User, now: datetime) -> QuerySet[Round]:
    """Rounds of the officer's own place that could take it."""
    own = [
        role.region_id for role in user.roles.active().filter(kind="officer", region__isnull=False)
    ]
    return Round.objects.filter(
        region__in=[pk for pk in own if pk in need.region.lineage],
        kinds__contains=[need.kind],
        tracks=need.track_id,
        state__in=[*UNPUBLISHED, Round.State.OPEN],
        closes_at__gt=now,
    ).order_by("closes_at")


# Desks -----------------------------------------------------------------------------


def waiting_on(regions: Sequence[int], user: User) -> NeedQuerySet:
    """What the people of these places have to screen or answer, the oldest first."""
    return (
        Need.objects.filter(
            region__lineage__overlap=list(regions),
            state__in=[Need.State.RAISED, Need.State.LISTED],
        )
        .exclude(raised_by=user)
        .order_by("pk")
    )


def own_needs(user: User, organisations: Iterable[int]) -> NeedQuerySet:
    """What a person or her organisations raised, newest first."""
    return (
        Need.objects.filter(Q(raised_by=user) | Q(organisation__in=list(organisations)))
        .whole()
        .with_voices()
    )
