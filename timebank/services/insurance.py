"""意外保险: before people may come to harm, they are insured (志愿服务条例 art. 17).

Asked where an activity opens, changes or moves, where a service with a risk comes onto the menu,
and for the day on which it shall be given. What a policy covers is for those who took it out.
"""

from datetime import date

from django.db.models import Max
from django.utils import timezone

from timebank.errors.activities import NotInsured
from timebank.errors.orders import (
    InsuranceMissing,
    InsuranceOver,
    ListingNotInsured,
)
from timebank.models import Activity, Listing, Shift

# Activities ---------------------------------------------------------------------


def needs_insurance(activity: Activity) -> bool:
    """Where there may be danger, or the kind of service carries more than a low risk."""
    return activity.is_dangerous or activity.service_type.carries_risk


def require_insured(activity: Activity) -> None:
    """Refuse with `NotInsured` what may be risky and is not insured up to its last shift."""
    if not needs_insurance(activity):
        return
    last = activity.shifts.exclude(state=Shift.State.CANCELLED).aggregate(last=Max("ends_at"))
    ends_at = last["last"]
    _require_until(activity, timezone.localdate(ends_at) if ends_at else timezone.localdate())


def require_shift_insured(activity: Activity, day: date) -> None:
    """The same for one more day of an activity that is announced already."""
    is_announced = activity.state not in (Activity.State.DRAFT, Activity.State.CANCELLED)
    if is_announced and needs_insurance(activity):
        _require_until(activity, day)


def _require_until(activity: Activity, day: date) -> None:
    is_covered = activity.insured_until is not None and activity.insured_until >= day
    if not activity.insurance or not is_covered:
        raise NotInsured()


# The menu -------------------------------------------------------------------------


def require_listing_insured(listing: Listing) -> None:
    """Refuse with `ListingNotInsured` to offer what is risky and is not insured now."""
    if not listing.is_insured_on(timezone.localdate()):
        raise ListingNotInsured(service=listing.service_type.name)


def require_service_insured(listing: Listing, day: date) -> None:
    """Refuse to arrange what is risky for a day no insurance covers: `InsuranceMissing`, or
    `InsuranceOver` by then.
    """
    if listing.is_insured_on(day):
        return
    station = {"station": listing.station.name, "phone": listing.station.phone}
    if listing.insured_until is None:
        raise InsuranceMissing(**station)
    raise InsuranceOver(insured_until=listing.insured_until, **station)
