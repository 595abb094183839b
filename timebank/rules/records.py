"""Who may hand in, decide and reverse a service record. Pure questions."""

from accounts.models import Region, Role, Station, User
from accounts.rules import (
    has_role_over,
    is_coordinator_of,
    is_officer_over,
)
from timebank.models.records import ServiceRecord
from timebank.rules.stations import stands_over


def is_served_by(user: User, record: ServiceRecord) -> bool:
    """The volunteer whose service it is."""
    return record.volunteer_id == user.pk


def may_decide_record(user: User, record: ServiceRecord) -> bool:
    """A coordinator of its station or who stands over it; never the volunteer."""
    return not is_served_by(user, record) and (
        is_coordinator_of(user, record.station) or stands_over(user, record.station)
    )


def handed_in_by(user: User, record: ServiceRecord) -> bool:
    """Who wrote the record down for its volunteer."""
    return record.recorded_by_id == user.pk and not is_served_by(user, record)


def may_confirm_record(user: User, record: ServiceRecord) -> bool:
    """Who may decide it, but a second pair of eyes: not the one who handed it in."""
    return may_decide_record(user, record) and not handed_in_by(user, record)


def may_reverse_record(user: User, record: ServiceRecord) -> bool:
    """An officer over the place, who neither served nor confirmed it."""
    return (
        is_officer_over(user, record.region)
        and not is_served_by(user, record)
        and record.confirmed_by_id != user.pk
    )


def may_record_for(user: User, volunteer: User, station: Station) -> bool:
    """The volunteer, or who runs the station and has the signed sheet, or the product itself."""
    return (
        user.pk == volunteer.pk or user.kind == User.Kind.SYSTEM or is_coordinator_of(user, station)
    )


def may_open_bank(user: User, region: Region) -> bool:
    """An administrator of the place, or the product itself while it is set up."""
    return user.kind == User.Kind.SYSTEM or has_role_over(user, region, Role.Kind.ADMINISTRATOR)
