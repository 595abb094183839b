"""The dullest valid policy and certificate."""

from datetime import date

from accounts.models import IdentityCheck, User
from config.demo.cast import system_user
from timebank.models import Certificate, CertificatePolicy, TimeBank
from timebank.services.certificates import issue_certificate, set_certificate_policy


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
