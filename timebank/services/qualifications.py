"""Write down what was seen on paper: a certificate, a finished training, a guardian's consent."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from timebank.errors.activities import OwnPaper
from timebank.models import GuardianConsent, Qualification
from timebank.rules import activities as rules


@transaction.atomic
def verify_qualification(
    volunteer: User,
    kind: str,
    *,
    number: str = "",
    level: str = "",
    issued_on: date | None = None,
    valid_until: date | None = None,
    acting_user: User,
) -> Qualification:
    """Note that the certificate was seen; an earlier one of its kind is replaced.

    Refused: `OwnPaper`, `NotAllowed`.
    """
    _require_another(volunteer, acting_user)
    Qualification.objects.filter(volunteer=volunteer, kind=kind, withdrawn_at=None).update(
        withdrawn_at=Now()
    )
    qualification = Qualification.objects.create(
        volunteer=volunteer,
        kind=kind,
        number=number,
        level=level,
        issued_on=issued_on,
        valid_until=valid_until,
        verified_by=acting_user,
    )
    record_change(
        qualification, "verify", after=kind, acting_user=acting_user, on_behalf_of=volunteer
    )
    return qualification


@transaction.atomic
def record_guardian_consent(
    volunteer: User,
    *,
    guardian_name: str,
    guardian_phone: str,
    relation: str,
    accepts_child_rule: bool = False,
    acting_user: User,
) -> GuardianConsent:
    """Note that the guardian's signed consent was seen; a newer one replaces it.

    Refused: `OwnPaper`, `NotAllowed`.
    """
    _require_another(volunteer, acting_user)
    _withdraw(volunteer)
    consent = GuardianConsent.objects.create(
        volunteer=volunteer,
        guardian_name=guardian_name,
        guardian_phone=guardian_phone,
        relation=relation,
        accepts_child_rule=accepts_child_rule,
        recorded_by=acting_user,
    )
    record_change(consent, "give", acting_user=acting_user, on_behalf_of=volunteer)
    return consent


@transaction.atomic
def withdraw_guardian_consent(volunteer: User, *, acting_user: User) -> None:
    """The guardian no longer allows it; seats taken before stay until they are given back."""
    _require_another(volunteer, acting_user)
    _withdraw(volunteer)
    record_change(volunteer, "withdraw_guardian_consent", acting_user=acting_user)


def _withdraw(volunteer: User) -> None:
    GuardianConsent.objects.filter(volunteer=volunteer, withdrawn_at=None).update(
        withdrawn_at=Now()
    )


def _require_another(volunteer: User, acting_user: User) -> None:
    if volunteer.pk == acting_user.pk:
        raise OwnPaper()
    if not (rules.is_system(acting_user) or rules.checks_papers(acting_user, volunteer)):
        raise NotAllowed()
