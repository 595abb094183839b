"""Find places: towns of a county, communities of a town, by name or by pinyin."""

from django.db.models import Q, QuerySet

from accounts.models.regions import Region


def towns_of(county: Region) -> QuerySet[Region]:
    """The towns and streets below a county, in the order of their codes."""
    return Region.objects.current().towns().filter(parent=county)


def communities_of(*places: Region) -> QuerySet[Region]:
    """The communities and villages below one or more places."""
    return Region.objects.current().communities().within(*places)


def regions_named(words: str, *, below: Region | None = None) -> QuerySet[Region]:
    """Towns and communities whose name, pinyin or pinyin initials match, largest first."""
    words = words.strip()
    found = Region.objects.current().filter(level__gte=Region.Level.TOWN)
    if below is not None:
        found = found.within(below)
    if not words:
        return found.none()
    key = words.lower().replace(" ", "")
    return found.filter(
        Q(name__contains=words)
        | Q(short_name__contains=words)
        | Q(pinyin__startswith=key)
        | Q(pinyin__contains=f" {key}")
    ).order_by("level", "pinyin", "code")


def communities_by_town(
    *, only: QuerySet[Region] | None = None
) -> list[tuple[Region, list[Region]]]:
    """Every current community under its town, in two questions: what a grouped chooser shows."""
    communities = Region.objects.current().communities() if only is None else only
    below: dict[int | None, list[Region]] = {}
    for community in communities.order_by("code"):
        below.setdefault(community.parent_id, []).append(community)
    towns = Region.objects.filter(pk__in=[pk for pk in below if pk]).order_by("code")
    return [(town, below[town.pk]) for town in towns]
