"""What those who look after a place see of its time bank on their home page: the figures."""

from django.utils.translation import gettext as _

from accounts.home import Panel
from accounts.models import Role
from timebank.selectors.figures import public_figures

LOOKS_AFTER = {
    Role.Kind.COMMUNITY_WORKER,
    Role.Kind.LEAD_WORKER,
    Role.Kind.OFFICER,
    Role.Kind.OBSERVER,
    Role.Kind.AUDITOR,
    Role.Kind.ADMINISTRATOR,
}


def panels_for(role: Role | None) -> list[Panel]:
    """The place's figures and their curve: three questions to the database."""
    if role is None or role.kind not in LOOKS_AFTER or role.region is None:
        return []
    figures = public_figures(role.region)
    return [
        Panel(
            "timebank/home/_place.html",
            {
                "place": role.region.short_name,
                "figures": figures,
                "hours_total": figures.minutes // 60,
                "hours_this_week": figures.minutes_this_week // 60,
                "weeks": [
                    (_("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}, minutes)
                    for day, minutes in figures.whole_weeks
                ],
            },
            order=60,
        )
    ]
