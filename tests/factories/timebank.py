"""The dullest valid bank, kind of service, service and record; tests write what matters."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Region, Station, User
from config.demo.cast import system_user
from tests.plugins.relay import laid_again
from timebank.models import ServiceRecord, ServiceType, TimeBank
from timebank.services.banks import open_bank
from timebank.services.record_decisions import confirm_record
from timebank.services.records import Service, submit_record

ASKED = "打电话问过白奶奶，她说来过"


def at(hour: int, minute: int = 0, *, days_ago: int = 1) -> datetime:
    """An instant in Haining: yesterday at this hour, unless it was another day."""
    return timezone.make_aware(datetime.combine(day(days_ago), time(hour, minute)))


def day(days_ago: int = 1) -> date:
    return timezone.localdate() - timedelta(days=days_ago)


@laid_again
def make_bank(code: str = "330481000000", name: str = "海宁时间银行") -> TimeBank:
    return open_bank(name, region=Region.objects.get(code=code), acting_user=system_user())


def make_service_type(code: str = "S01", **facts: object) -> ServiceType:
    details = {
        "name": "上门理发",
        "group": "生活照料",
        "usual_minutes": 30,
        "min_minutes": 20,
        "max_minutes": 90,
        "place": "服务对象家中",
    }
    service_type, _is_new = ServiceType.objects.get_or_create(code=code, defaults=details | facts)
    return service_type


def make_service(station: Station, **facts: object) -> Service:
    """An hour of hairdressing, yesterday from 14:00."""
    if "service_type" not in facts:
        facts["service_type"] = make_service_type()
    details = {
        "what": "为白奶奶理发",
        "place": "南关厢 12 号",
        "for_whom": "白奶奶",
        "started_at": at(14),
        "ended_at": at(15),
    }
    return Service(station=station, **details | facts)


def make_record(volunteer: User, station: Station, **facts: object) -> ServiceRecord:
    """A record handed in by its volunteer, waiting for the station."""
    service = make_service(station, **facts)
    return submit_record(volunteer, service, acting_user=volunteer)


@laid_again
def make_confirmed_record(
    volunteer: User, station: Station, confirmed_by: User, **facts: object
) -> ServiceRecord:
    """A record that brought its minutes."""
    record = make_record(volunteer, station, **facts)
    return confirm_record(record, word=ASKED, acting_user=confirmed_by)
