"""What the form of a new call is filled in with: what the last call of the place said, else what
is usual. Whoever opens a round need change nothing but the money.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import Region, User
from ventures.models import Programme, Round, Rubric, Track
from ventures.rules.plain_figures import plain_yuan

# A call is official text, whatever language its officer reads the site in.
MICRO_YUAN = "10000"
# Copied from the last call of the place, where there was one.
FROM_LAST = (
    "about", "eligibility", "not_funded", "contact_name", "contact_phone", "supervision_phone",
    "address", "coaching", "timetable",
)  # fmt: skip


def usual_terms(region: Region, officer: User, closes_at: datetime) -> dict[str, Any]:
    """By the names of the form's fields."""
    year = timezone.localtime(closes_at).year
    last = (
        Round.objects.filter(region=region, purpose=Round.Purpose.GRANT)
        .select_related("rubric")
        .order_by("-id")
        .first()
    )
    programmes = Programme.objects.filter(region__in=region.lineage)
    presets = Rubric.objects.filter(is_preset=True)
    with override(OFFICIAL_LANGUAGE):
        usual = {
            "year": year,
            "region": region.pk,
            "closes_at": closes_at,
            "kinds": ["governance", "service"],
            "tracks": list(Track.objects.values_list("pk", flat=True)),
            "programme": programmes.values_list("pk", flat=True).first(),
            "name": _name(region, year),
            "sponsors": _sponsor(region),
            "eligibility": _("在%(place)s开展服务、依法登记的社会组织，以及备案的社区社会组织。")
            % {"place": region.short_name},
            "contact_name": officer.display_name,
            "contact_phone": (officer.phone or "").removeprefix("+86"),
            "cap": "" if region.level == Region.Level.COUNTY else MICRO_YUAN,
            "rubric": presets.values_list("pk", flat=True).first(),
        } | _numbers(region, year)
    return usual | (_of_last(last) if last is not None else {})


def _of_last(last: Round) -> dict[str, Any]:
    said = {name: getattr(last, name) for name in FROM_LAST if getattr(last, name)}
    if last.sponsor_names:
        said["sponsors"] = "\n".join(last.sponsor_names)
    if last.has_money:
        said["cap"] = plain_yuan(last.cap_fen)
    return said | {"programme": last.programme_id, "operator": last.operator_id}


def _name(region: Region, year: int) -> str:
    words = {"place": region.short_name, "year": year}
    name = (
        _("%(place)s %(year)s 年公益创投")
        if region.level == Region.Level.COUNTY
        else _("%(place)s %(year)s 年微创投")
    ) % words
    before = Round.objects.filter(region=region, year=year).count()
    return (
        _("%(name)s（第 %(number)d 轮）") % {"name": name, "number": before + 1} if before else name
    )


def _sponsor(region: Region) -> str:
    """The body that runs the place; of a city nobody knows which bureau it is."""
    if region.kind == Region.Kind.TOWN:
        return _("%(town)s人民政府") % {"town": region.name}
    if region.kind == Region.Kind.STREET:
        return _("%(street)s办事处") % {"street": region.name}
    return region.name if region.level == Region.Level.COMMUNITY else ""


def _numbers(region: Region, year: int) -> dict[str, str]:
    """A code for addresses and a beginning for the numbers of proposals that nobody has yet."""
    place = region.code.rstrip("0") if region.level < Region.Level.COMMUNITY else region.code
    tail = "S" if region.level == Region.Level.COUNTY else place[6:]
    for turn in range(1, 100):
        more = f"-{turn}" if turn > 1 else ""
        code, prefix = f"{place}-{year}{more}", f"QC{year}-{tail}{more}"
        taken = Round.objects.filter(code=code) | Round.objects.filter(number_prefix=prefix)
        if not taken.exists():
            return {"code": code, "number_prefix": prefix}
    return {}
