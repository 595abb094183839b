"""积德榜: who is thanked in public, by place, period and kind; and small badges for one's own page.

Only who opted in is on it, with a masked name. Everything of a day beyond the cap adds nothing,
however many records it is split into; there is no last place and no order of towns. How boards are
drawn stands in `services.honour_boards`; here they are read.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.data_words import in_readers_language
from accounts.models import Consent, Region, User
from accounts.templatetags.kit import masked_name, plain_day
from timebank.models.catalogue import ServiceType
from timebank.models.honour import HonourStanding
from timebank.models.records import ServiceRecord

SHOWN = 30
PERIODS = (
    ("month", gettext_lazy("本月")),
    ("quarter", gettext_lazy("近三个月")),
    ("year", gettext_lazy("今年")),
)


@dataclass(frozen=True)
class Thanked:
    """One line of the board."""

    name: str
    minutes: int
    days: int
    place: str


@dataclass(frozen=True)
class Badge:
    """A light badge: what for, since when, the icon."""

    title: str | Promise
    text: str
    icon: str


def first_day_of(period: str, today: date) -> date:
    if period == "quarter":
        return today - timedelta(days=91)
    return today.replace(day=1) if period == "month" else today.replace(month=1, day=1)


def honour_board(
    *, place: Region | None, period: str, group: str = "", today: date
) -> list[Thanked]:
    """The most thanked, most first, as the board was last drawn in this period; who no longer
    agrees is left out at once. One statement, however many volunteers there are."""
    since = timezone.make_aware(datetime.combine(first_day_of(period, today), datetime.min.time()))
    agrees = Consent.objects.filter(
        user=OuterRef("volunteer"), purpose=Consent.Purpose.HONOUR, withdrawn_at=None
    )
    rows = (
        HonourStanding.objects.filter(
            Exists(agrees), period=period, place=place, group=group, drawn_at__gte=since
        )
        .select_related("volunteer__person", "volunteer__home_region")
        .order_by("-minutes", "-days", "volunteer")[:SHOWN]
    )
    return [
        Thanked(
            masked_name(_real_name(row.volunteer)),
            row.minutes,
            row.days,
            row.volunteer.home_region.short_name if row.volunteer.home_region else "",
        )
        for row in rows
    ]


def groups_served() -> list[str]:
    """The kinds of service the board may be narrowed to: those of the catalogue."""
    groups = ServiceType.objects.active().order_by("group").values_list("group", flat=True)
    return list(groups.distinct())


def badges_of(volunteer: User, today: date) -> list[Badge]:
    """First times and long service; nothing is taken away and nothing counted down."""
    own = ServiceRecord.objects.of_volunteer(volunteer).confirmed().order_by()
    told = own.aggregate(first=Min("started_at"), count=Count("pk"))
    if not told["count"]:
        return []
    first_on = timezone.localdate(told["first"])
    kinds = own.values("service_type__name").annotate(first=Min("started_at")).order_by("first")
    badges = [Badge(_("第一次服务"), plain_day(first_on), "star")]
    badges += [
        Badge(
            _("第一次%(kind)s") % {"kind": in_readers_language(kind["service_type__name"])},
            plain_day(timezone.localdate(kind["first"])),
            "heart",
        )
        for kind in kinds[1:4]
    ]
    badges += [
        Badge(_("服务满 %(count)d 次") % {"count": times}, "", "award")
        for times in (10, 50, 100, 300)
        if told["count"] >= times
    ]
    years = (today - first_on).days // 365
    if years:
        badges.append(Badge(_("同行 %(years)d 年") % {"years": years}, "", "trophy"))
    return badges


def _real_name(user: User) -> str:
    person = getattr(user, "person", None)
    return person.real_name if person else user.display_name
