"""The dullest valid policy, certificate, training and award."""

from datetime import date

from accounts.models import IdentityCheck, User
from config.demo.cast import system_user
from timebank.models import Certificate, CertificatePolicy, TimeBank
from timebank.services.certificates import issue_certificate, set_certificate_policy
from timebank.services.dossier import Told


def make_policy(bank: TimeBank, **facts: object) -> CertificatePolicy:
    """The bank certifies as a platform, since long ago."""
    details = {
        "starts_on": date(2026, 1, 1),
        "standing": CertificatePolicy.Standing.PLATFORM,
        "issuer": "海宁时间银行（演示）",
        "acting_user": system_user(),
    }
    return set_certificate_policy(bank, **details | facts)


def make_certificate(volunteer: User, bank: TimeBank, **facts: object) -> Certificate:
    """What the volunteer issues alone."""
    details = {"bank": bank, "acting_user": volunteer}
    certificate = issue_certificate(volunteer, **details | facts)
    return Certificate.objects.with_standing().get(pk=certificate.pk)


def check_identity_of(user: User, checked_by: User) -> None:
    """Somebody saw the document."""
    IdentityCheck.objects.create(
        person=user.person, method=IdentityCheck.Method.DOCUMENT, checked_by=checked_by
    )


def training(**facts: object) -> Told:
    """Four hours of first aid."""
    details = {
        "kind": "training",
        "title": "应急救护培训",
        "content": "心肺复苏和包扎",
        "minutes": 240,
        "body": "海宁市红十字会（演示）",
        "held_on": date(2026, 3, 1),
    }
    return Told(**details | facts)


def commendation(**facts: object) -> Told:
    details = {
        "kind": "commendation",
        "title": "优秀志愿者",
        "body": "硖石街道（演示）",
        "held_on": date(2026, 3, 5),
    }
    return Told(**details | facts)
