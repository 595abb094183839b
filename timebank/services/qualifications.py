"""Write down what was seen on paper: a certificate, a finished training, a guardian's consent."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.activities import NoConsentToWithdraw, OwnPaper
from timebank.models import GuardianConsent, Qualification, Signup
from timebank.rules import activities as rules
from timebank.services.signup_releases import coming_signups_of, release_who_may_not_join


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
def withdraw_guardian_consent(volunteer: User, *, acting_user: User) -> list[Signup]:
    """The guardian no longer allows it (个人信息保护法 art. 15); what follows is done at once.

    Whoever is still a minor loses the seats of what is to come: they go on to others, nobody counts
    as absent, the volunteer is told. What was served stays served. The seats that were freed.
    Refused: `NoConsentToWithdraw`, `OwnPaper`, `NotAllowed`.
    """
    _require_another(volunteer, acting_user)
    consent = GuardianConsent.objects.filter(volunteer=volunteer, withdrawn_at=None).first()
    if consent is None:
        raise NoConsentToWithdraw()
    _withdraw(volunteer)
    released = release_who_may_not_join(coming_signups_of(volunteer), acting_user=acting_user)
    change = record_change(
        consent,
        "withdraw",
        acting_user=acting_user,
        on_behalf_of=volunteer,
        facts={"seats_freed": len(released)},
    )
    with override(volunteer.language):
        tell(
            volunteer,
            kind="guardian_withdrew",
            title=_("监护人撤回了同意"),
            body=ngettext(
                "监护人不再同意您参加志愿服务，退回了 %(count)d 个名额，不算未到；"
                "以前的服务时间不变。",
                "监护人不再同意您参加志愿服务，退回了 %(count)d 个名额，不算未到；"
                "以前的服务时间不变。",
                len(released),
            )
            % {"count": len(released)},
            link=reverse("timebank:shift-own-list"),
            key=f"guardian:{consent.pk}:{change.pk}",
        )
    return released


def _withdraw(volunteer: User) -> None:
    GuardianConsent.objects.filter(volunteer=volunteer, withdrawn_at=None).update(
        withdrawn_at=Now()
    )


def _require_another(volunteer: User, acting_user: User) -> None:
    if volunteer.pk == acting_user.pk:
        raise OwnPaper()
    if not (rules.is_system(acting_user) or rules.checks_papers(acting_user, volunteer)):
        raise NotAllowed()
