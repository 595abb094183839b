"""Who may ask, answer, inspect and bar: what looks into records. Pure questions."""

from accounts.models import Role, User
from accounts.rules import is_coordinator_of, is_officer_over
from timebank.models.banks import TimeBank
from timebank.models.bars import SelfReportBar
from timebank.models.inspections import Inspection, InspectionItem
from timebank.models.record_queries import RecordQuery
from timebank.models.records import ServiceRecord
from timebank.rules.books import keeps_books_of
from timebank.rules.records import are_relatives, is_served_by, may_decide_record
from timebank.rules.stations import stands_over

INSPECTS = (Role.Kind.OFFICER, Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER)


# Questions about a record


def asked_it(user: User, query: RecordQuery) -> bool:
    return query.raised_by_id == user.pk


def may_answer(user: User, query: RecordQuery) -> bool:
    """Whoever may decide the record; after the station's answer, only who stands over it."""
    record = query.record
    if are_relatives(user, record.volunteer_id) or not may_decide_record(user, record):
        return False
    if query.state == RecordQuery.State.ESCALATED:
        return stands_over(user, record.station) and not is_coordinator_of(user, record.station)
    return True


def may_correct(user: User, query: RecordQuery) -> bool:
    """An officer over the place: not who proposed it, served, or confirmed the old record."""
    record = query.record
    return (
        is_officer_over(user, record.region)
        and not is_served_by(user, record)
        and not are_relatives(user, record.volunteer_id)
        and user.pk not in (query.proposed_by_id, record.confirmed_by_id)
    )


# Inspections


def may_inspect_in(user: User, bank: TimeBank) -> bool:
    """Who prepares, draws and publishes: an officer of the bank's place."""
    return is_officer_over(user, bank.region)


def runs_inspection(user: User, inspection: Inspection) -> bool:
    return may_inspect_in(user, inspection.bank)


def is_inspector_of(user: User, item: InspectionItem) -> bool:
    return item.inspector_id == user.pk


def may_reply(user: User, item: InspectionItem) -> bool:
    """Who runs the station the notice went to."""
    return is_coordinator_of(user, item.record.station)


# Bars


def may_bar(user: User, record: ServiceRecord) -> bool:
    """An officer over the place, who is not the volunteer nor related."""
    return (
        is_officer_over(user, record.region)
        and not is_served_by(user, record)
        and not are_relatives(user, record.volunteer_id)
    )


def is_barred_one(user: User, bar: SelfReportBar) -> bool:
    return bar.volunteer_id == user.pk


def may_decide_appeal(user: User, bar: SelfReportBar) -> bool:
    """Whoever keeps the bank's books besides the one who imposed it."""
    return (
        keeps_books_of(user, bar.bank)
        and user.pk not in (bar.imposed_by_id, bar.volunteer_id)
        and not are_relatives(user, bar.volunteer_id)
    )
