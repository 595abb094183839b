"""What stood out, in sentences a person reads; and what waits for somebody to look at it.

The sentence of a rule stands here because each reader has a language; its facts stand in the flag.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Role, User
from accounts.rules import regions_of, roles_of_kind, stations_of
from accounts.templatetags.kit import day, hours, moment
from timebank.models import Flag, Screening
from timebank.rules.stations import TOWN_WORKERS

type Words = str | Promise

REASONS: dict[str, Words] = {
    "overlap": _("同一时间在“%(what)s”签过到（%(at)s）。"),
    "travel": _("与%(station)s的记录 %(record)s 只隔 %(gap)d 分钟，路上约要 %(travel)d 分钟。"),
    "device": _("%(days)d 天内有 %(people)d 人用同一部手机签到，不是申报过的一家人。"),
    "burst": _("同一位工作人员在 %(within)d 分钟内代 %(people)d 人登记，没有到场记录。"),
    "no_presence": _("写的是签到，但没有到场记录。"),
    "no_presence_of": _("报名了“%(what)s”，那段时间没有到场记录。"),
    "absent": _("“%(what)s”登记为未到。"),
    "ring": _("%(days)d 天内与%(names)s互相确认过多次服务。"),
    "photo_again": _("照片与记录 %(records)s 里的是同一张。"),
    "photo_differs": _("照片里写着的拍摄时间或地点与记录不符。"),
    "season": _("%(on)s 前两周内集中了 %(minutes)s，全年共 %(year)s。"),
    "minor": _("未满 18 岁，还没有登记监护人同意。请先联系监护人办理。"),
    "long_day": _("当天共 %(records)d 条，合计 %(minutes)s，超过八小时。"),
}
# What a volunteer is told where the facts are about other people too.
OF_OTHERS: Words = _("要和同时登记的其他记录一起核对。")
ABOUT_OTHERS = ("device", "burst", "ring", "photo_again")
SHOWN: dict[str, Any] = {
    "minutes": hours,
    "year": hours,
    "at": lambda told: moment(datetime.fromisoformat(told)),
    "on": lambda told: day(date.fromisoformat(told)),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A record that waits for a look, with why."""

    screening: Screening
    reasons: list[str]


def words_of(flag: Flag) -> str:
    """The flag's sentence in the reader's language."""
    key = flag.rule
    if key == "no_presence" and flag.facts.get("what"):
        key = "no_presence_of"
    facts = {
        name: SHOWN[name](value) if name in SHOWN else value for name, value in flag.facts.items()
    }
    return str(REASONS[key]) % facts


def reasons_of(screening: Screening, *, for_volunteer: bool = False) -> list[str]:
    """Why it was held; to the volunteer nothing about other people."""
    flags = list(screening.flags.all())
    if not for_volunteer:
        return [words_of(flag) for flag in flags]
    own = [words_of(flag) for flag in flags if flag.rule not in ABOUT_OTHERS]
    return [*own, str(OF_OTHERS)] if len(own) < len(flags) else own


def held_for(user: User) -> QuerySet[Screening]:
    """What this person may have to look at: of their stations, and of the places they stand over.

    What the station may be part of itself is only shown to those over it.
    """
    here = Q(record__station__in=stations_of(user), looks=Screening.Looks.STATION)
    over = Q(record__region__lineage__overlap=towns_over(user))
    return (
        Screening.objects.held()
        .filter(here | over)
        .exclude(record__volunteer=user)
        .filter(record__state__in=["submitted", "confirmed"])
        .select_related(
            "record__volunteer",
            "record__station__region",
            "record__service_type",
            "record__region",
            "record__recipient",
            "record__confirmed_by",
        )
        .prefetch_related("flags", "record__photos")
        .order_by("-looks", "held_at", "pk")
    )


def towns_over(user: User) -> list[int]:
    """The towns and cities this person stands over (社工站, officers)."""
    workers = [
        role.region_id
        for role in roles_of_kind(user, *TOWN_WORKERS)
        if role.region is not None
        and role.region_id is not None
        and role.region.level != Region.Level.COMMUNITY
    ]
    return [*workers, *regions_of(user, Role.Kind.OFFICER)]


def explained(screenings: Iterable[Screening]) -> list[Held]:
    return [Held(one, reasons_of(one)) for one in screenings]
