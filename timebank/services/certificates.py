"""Issue certificates and revoke them: free, from confirmed records only, written once.

How one is printed stands in `services.certificate_papers`, several at once in
`services.certificate_batches`.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Attachment, Person, User
from accounts.reasons import required
from accounts.selectors.people import people_looked_after_by
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.recognition import (
    IdentityUnchecked,
    NobodyIssues,
    NothingToCertify,
    RevokedBefore,
)
from timebank.models.banks import TimeBank
from timebank.models.certificates import (
    Certificate,
    CertificateBatch,
    CertificateLine,
    CertificatePolicy,
    CertificateRevocation,
)
from timebank.models.dossier import DossierEntry
from timebank.models.records import ServiceRecord
from timebank.rules import recognition as rules
from timebank.selectors.certificates import (
    LETTERS,
    NUMBER_LENGTH,
    Scope,
    certifiable,
    check_letter,
    digest,
    policy_on,
    written_number,
)
from timebank.selectors.dossier import confirmed_entries
from timebank.selectors.stars import stars_of
from timebank.terms.provenance import provenance_terms

VERSION = 2
EVERYTHING = Scope()


@transaction.atomic
def set_certificate_policy(
    bank: TimeBank,
    *,
    starts_on: date,
    standing: str,
    issuer: str,
    responsible: str = "",
    contact: str = "",
    seal: Attachment | None = None,
    left_out: Sequence[str] = (),
    marked: Sequence[str] = (),
    acting_user: User,
) -> CertificatePolicy:
    """Say as whom the bank certifies from a day on. Refused: `NotAllowed`."""
    is_product = acting_user.kind == User.Kind.SYSTEM
    if not is_product and not rules.may_set_policy(acting_user, bank):
        raise NotAllowed()
    policy = CertificatePolicy.objects.create(
        bank=bank,
        starts_on=starts_on,
        standing=standing,
        issuer=issuer,
        responsible=responsible,
        contact=contact,
        seal=seal,
        left_out=list(left_out),
        marked=list(marked),
        set_by=acting_user,
    )
    record_change(policy, "set", after=standing, acting_user=acting_user)
    return policy


@transaction.atomic
def issue_certificate(
    volunteer: User,
    *,
    bank: TimeBank,
    scope: Scope = EVERYTHING,
    batch: CertificateBatch | None = None,
    acting_user: User,
) -> Certificate:
    """Write a certificate of what the volunteer's confirmed records say now.

    The volunteer is told when somebody else issued it. Refused: `NotAllowed`, `NobodyIssues`,
    `IdentityUnchecked` (for a 志愿服务记录证明), `NothingToCertify`.
    """
    if batch is None:
        looked_after = people_looked_after_by(acting_user).filter(pk=volunteer.pk).exists()
        if not rules.may_issue_to(acting_user, volunteer, looked_after=looked_after):
            raise NotAllowed()
    now = database_now()
    policy = policy_on(bank, localdate(now))
    if policy is None:
        raise NobodyIssues(bank=bank.name)
    person = Person.objects.filter(user=volunteer).first()
    is_checked = person is not None and person.identity_checks.exists()
    if policy.standing == CertificatePolicy.Standing.RECORDER and not is_checked:
        raise IdentityUnchecked()
    # Held until the paper is written: none of them is reversed in between.
    locked = certifiable(volunteer, policy, scope).select_for_update(of=("self",), no_key=True)
    records = list(locked.select_related("service_type", "station", "confirmed_by"))
    if not records:
        raise NothingToCertify()
    number = _new_number()
    minutes = sum(record.minutes for record in records)
    snapshot: dict[str, Any] = {
        "version": VERSION,
        "number": number,
        "standing": policy.standing,
        "issued_on": localdate(now).isoformat(),
        "handled_by": acting_user.display_name,
        "issuer": {
            "name": policy.issuer,
            "responsible": policy.responsible,
            "contact": policy.contact,
        },
        "volunteer": _volunteer_words(volunteer, person, is_checked),
        "scope": {
            "since": scope.since.isoformat() if scope.since else "",
            "until": scope.until.isoformat() if scope.until else "",
            "group": scope.group,
        },
        "minutes": minutes,
        "lines": [_line_words(record, policy) for record in records],
        **_other_blocks(volunteer, scope),
    }
    certificate = Certificate.objects.create(
        number=number,
        token=secrets.token_urlsafe(32),
        check_code=f"{secrets.randbelow(1_000_000):06d}",
        bank=bank,
        policy=policy,
        volunteer=volunteer,
        minutes=minutes,
        services=len(records),
        first_on=localdate(records[0].started_at),
        last_on=localdate(records[-1].started_at),
        snapshot=snapshot,
        sha256=digest(snapshot),
        batch=batch,
        issued_by=acting_user,
        issued_at=now,
    )
    CertificateLine.objects.bulk_create(
        CertificateLine(certificate=certificate, record=record) for record in records
    )
    on_behalf_of = None if acting_user.pk == volunteer.pk else volunteer
    record_change(
        certificate,
        "issue",
        acting_user=acting_user,
        on_behalf_of=on_behalf_of,
        facts={"minutes": certificate.minutes, "records": len(records)},
    )
    if on_behalf_of is not None:
        _tell_issued(certificate, acting_user)
    return certificate


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, reason: str, acting_user: User) -> None:
    """Say that a certificate no longer holds; the public page shows it at once.

    Refused: `ReasonMissing`, `NotAllowed` for anyone but an officer over the bank (never one's
    own), `RevokedBefore`.
    """
    reason = required(reason)
    if not rules.may_revoke(acting_user, certificate):
        raise NotAllowed()
    if not _revoke(certificate, reason, None, acting_user):
        raise RevokedBefore(number=certificate.number)


def revoke_for(record: ServiceRecord, *, reason: str, acting_user: User) -> int:
    """Revoke every certificate that rests on a record that was reversed; how many those were."""
    resting = Certificate.objects.filter(lines__record=record).select_related("volunteer")
    words = _("所依据的服务记录 %(number)s 已冲正：%(reason)s") % {
        "number": record.number,
        "reason": reason,
    }
    return sum(_revoke(one, words[:200], record, acting_user) for one in resting)


def _revoke(
    certificate: Certificate, reason: str, record: ServiceRecord | None, acting_user: User
) -> bool:
    """Whether it was this that revoked it: a second time changes nothing."""
    revocation, is_new = CertificateRevocation.objects.get_or_create(
        certificate=certificate,
        defaults={"reason": reason, "record": record, "revoked_by": acting_user},
    )
    if not is_new:
        return False
    record_change(certificate, "revoke", reason=reason, acting_user=acting_user)
    with override(certificate.volunteer.language):
        tell(
            certificate.volunteer,
            kind="certificate_revoked",
            title=_("证明 %(number)s 已作废") % {"number": certificate.number},
            body=_("%(reason)s。需要时可以按现在的记录重新开具。") % {"reason": revocation.reason},
            link=certificate.get_absolute_url(),
            key=f"certificate:{certificate.pk}:revoked",
        )
    return True


def _tell_issued(certificate: Certificate, acting_user: User) -> None:
    with override(certificate.volunteer.language):
        tell(
            certificate.volunteer,
            kind="certificate_issued",
            title=_("已为您开具证明 %(number)s") % {"number": certificate.number},
            body=_("由%(who)s办理。不是您要办的，请联系所在站点。")
            % {"who": acting_user.display_name},
            link=certificate.get_absolute_url(),
            key=f"certificate:{certificate.pk}:issued",
        )


def _new_number() -> str:
    """Random, so that one number tells nothing of another; its last letter catches mistakes."""
    letters = "".join(secrets.choice(LETTERS) for _place in range(NUMBER_LENGTH - 1))
    return written_number(letters + check_letter(letters))


def _volunteer_words(volunteer: User, person: Person | None, is_checked: bool) -> dict[str, Any]:
    return {
        "name": person.real_name if person else volunteer.display_name,
        "number": f"ZY{volunteer.pk:08d}",
        "id_last_four": person.id_last_four if person else "",
        "is_checked": is_checked,
    }


def _line_words(record: ServiceRecord, policy: CertificatePolicy) -> dict[str, Any]:
    """What decree 67 art. 7 asks to be recorded of a service."""
    confirmer = record.confirmed_by.display_name if record.confirmed_by else ""
    return {
        "record": record.number,
        "activity": record.service_type.name,
        "group": record.service_type.group,
        "on": _on(record.started_at),
        "place": record.place,
        "what": record.what,
        "minutes": record.minutes,
        "unit": record.station.name,
        "led_by": record.led_by or confirmer,
        "mark": record.provenance if _is_marked(record, policy) else "",
    }


def _other_blocks(volunteer: User, scope: Scope) -> dict[str, Any]:
    """Training, awards and stars as checked (decree 67 art. 8-10); a paper narrowed to one kind of
    service says nothing of them. Learning time is told beside service, never added to it."""
    if scope.group:
        return {"trainings": [], "commendations": [], "stars": None}
    entries = {
        kind: [
            {
                "title": one.title,
                "content": one.content,
                "minutes": one.minutes,
                "body": one.body,
                "on": one.held_on.isoformat(),
            }
            for one in confirmed_entries(volunteer, kind)
            if scope.covers(one.held_on)
        ]
        for kind in DossierEntry.Kind.values
    }
    granted = stars_of(volunteer).granted
    last = granted[-1] if granted else None
    return {
        "trainings": entries[DossierEntry.Kind.TRAINING],
        "commendations": entries[DossierEntry.Kind.COMMENDATION],
        "stars": {"level": last.level, "on": _on(last.decided_at)}
        if last is not None and last.decided_at is not None
        else None,
    }


def _is_marked(record: ServiceRecord, policy: CertificatePolicy) -> bool:
    """By the bank's own rules for certificates, or by what every paper marks."""
    terms = provenance_terms(localdate(record.started_at))
    return record.provenance in policy.marked or terms.of(record.provenance).is_marked


def _on(instant: datetime) -> str:
    return localdate(instant).isoformat()
