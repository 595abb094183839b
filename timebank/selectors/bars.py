"""Who may not report their own hours now, and what is still missing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from accounts.models import User
from timebank.models import SelfReportBar, ServiceRecord

BY_ONESELF = (ServiceRecord.Provenance.SELF_REPORTED, ServiceRecord.Provenance.BACKFILLED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands with a bar."""

    bar: SelfReportBar
    served_minutes: int
    is_in_force: bool

    @property
    def missing_minutes(self) -> int:
        return max(0, self.bar.minutes_needed - self.served_minutes)


def standing_of(bar: SelfReportBar, today: date) -> Standing:
    """New hours since it began, confirmed by others than by one's own word."""
    served = (
        ServiceRecord.objects.confirmed()
        .filter(volunteer=bar.volunteer_id, started_at__date__gte=bar.starts_on)
        .exclude(provenance__in=BY_ONESELF)
        .aggregate(total=Sum("minutes", default=0))["total"]
    )
    is_over = today > bar.ends_on and served >= bar.minutes_needed
    is_lifted = bar.state == SelfReportBar.State.LIFTED
    return Standing(bar, served, not is_over and not is_lifted)


def bar_in_force(user: User, today: date) -> Standing | None:
    """What keeps a person from reporting their own hours today, the longest first; or nothing."""
    bars = SelfReportBar.objects.standing().filter(volunteer=user).order_by("-ends_on")
    found = (standing_of(bar, today) for bar in bars)
    return next((one for one in found if one.is_in_force), None)
