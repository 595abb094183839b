"""Who may hand in, decide and reverse a service record. Pure questions."""

from django.db.models import Q

from accounts.models import Region, Role, Station, User
from accounts.rules import (
    has_role_over,
    is_coordinator_of,
    is_officer_over,
)
from timebank.models.presence import Attendance
from timebank.models.records import ServiceRecord
from timebank.models.relations import Relation
from timebank.models.screening import Screening
from timebank.rules.stations import stands_over

WRITTEN_BY_HAND = (ServiceRecord.Provenance.PAPER, ServiceRecord.Provenance.BACKFILLED)


def is_served_by(user: User, record: ServiceRecord) -> bool:
    """The volunteer whose service it is."""
    return record.volunteer_id == user.pk


def may_decide_record(user: User, record: ServiceRecord) -> bool:
    """A coordinator of its station or who stands over it; never the volunteer."""
    return not is_served_by(user, record) and (
        is_coordinator_of(user, record.station) or stands_over(user, record.station)
    )


def handed_in_by(user: User, record: ServiceRecord) -> bool:
    """Who wrote the record down for its volunteer, or the presence it rests on."""
    if is_served_by(user, record):
        return False
    return record.recorded_by_id == user.pk or _wrote_presence(user, record)


def _wrote_presence(user: User, record: ServiceRecord) -> bool:
    if record.provenance not in WRITTEN_BY_HAND:
        return False
    by_hand = ("paper", "staff")
    seen = Attendance.objects.filter(record=record)
    return seen.filter(
        Q(arrived_by=user, arrived_how__in=by_hand) | Q(left_by=user, left_how__in=by_hand)
    ).exists()


def are_relatives(user: User, other_id: int) -> bool:
    """Whether one of the two declared the other a relative or of the same household."""
    return are_relatives_of(user.pk, other_id)


def are_relatives_of(one_id: int, other_id: int) -> bool:
    return Relation.objects.among([one_id, other_id]).exists()


def is_held(record: ServiceRecord) -> bool:
    """Whether it stood out and nobody has looked at it yet."""
    return hasattr(record, "screening") and record.screening.state == Screening.State.HELD


def may_confirm_record(user: User, record: ServiceRecord) -> bool:
    """Who may decide it, but a second pair of eyes: not the one who handed it in, no relative;
    and not before a person has looked at what stood out."""
    return (
        may_decide_record(user, record)
        and not handed_in_by(user, record)
        and not is_held(record)
        and not are_relatives(user, record.volunteer_id)
    )


def may_carry_word(user: User, record: ServiceRecord) -> bool:
    """Who served, or the station, brings the word of whom it was for: the recipient, when they are
    neither of the two who say it happened, nor a declared relative of the volunteer."""
    recipient = record.recipient
    if recipient is None or is_held(record):
        return False
    near = [record.volunteer_id, record.recorded_by_id, user.pk]
    if recipient.user_id is not None and (
        recipient.user_id in near or are_relatives_of(recipient.user_id, record.volunteer_id)
    ):
        return False
    return brings_words(user, record)


def brings_words(user: User, record: ServiceRecord) -> bool:
    """Who may stand at the recipient's door for it: who served, or who runs the station."""
    return is_served_by(user, record) or is_coordinator_of(user, record.station)


def may_refuse_record(user: User, record: ServiceRecord) -> bool:
    """Only who stands over the station says of a record that it is false; never who is near it."""
    return (
        stands_over(user, record.station)
        and not is_served_by(user, record)
        and not handed_in_by(user, record)
        and not are_relatives(user, record.volunteer_id)
    )


def may_look_at(user: User, screening: Screening) -> bool:
    """Whoever may confirm the record; where the station may be part of it, only those over it."""
    record = screening.record
    if record.confirmed_by_id == user.pk:
        return False
    if screening.looks == Screening.Looks.TOWN:
        return may_refuse_record(user, record) and not is_coordinator_of(user, record.station)
    return (
        may_decide_record(user, record)
        and not handed_in_by(user, record)
        and not are_relatives(user, record.volunteer_id)
    )


def may_find_false(user: User, screening: Screening) -> bool:
    return may_look_at(user, screening) and may_refuse_record(user, screening.record)


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
