"""What a page asks about certificates: what could be certified, and whether one still holds."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.certificates import Certificate, CertificatePolicy
from timebank.models.records import ServiceRecord

# Without 0, 1, I, L and O, which people mistake. 31 is a prime: see `check_letter`.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = "ZM"
NUMBER_LENGTH = 12

VALID, REVOKED, BROKEN = "valid", "revoked", "broken"


@dataclass(frozen=True)
class Standing:
    """Whether a certificate holds now; since when and why it does not."""

    state: str
    since: datetime | None = None
    reason: str = ""

    @property
    def is_valid(self) -> bool:
        return self.state == VALID


@dataclass(frozen=True)
class Scope:
    """Which of somebody's records a certificate covers; everything, unless said otherwise."""

    since: date | None = None
    until: date | None = None
    group: str = ""

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def policy_on(bank: TimeBank, day: date) -> CertificatePolicy | None:
    """How the bank certifies on that day, if it has said so."""
    return CertificatePolicy.objects.in_force(bank, day).select_related("seal").first()


def certifiable(
    volunteer: User, policy: CertificatePolicy, scope: Scope
) -> QuerySet[ServiceRecord]:
    """Confirmed records of the bank in this scope that nothing is open about, the oldest first;
    what the policy leaves out is left out. Time on the way is never in `minutes`."""
    records = (
        ServiceRecord.objects.of_volunteer(volunteer)
        .proven()
        .filter(bank_id=policy.bank_id)
        .exclude(provenance__in=policy.left_out)
    )
    if scope.since:
        records = records.filter(started_at__date__gte=scope.since)
    if scope.until:
        records = records.filter(started_at__date__lte=scope.until)
    if scope.group:
        records = records.filter(service_type__group=scope.group)
    return records.order_by("started_at", "id")


def groups_of(volunteer: User) -> list[str]:
    """The kinds of service somebody has confirmed records of."""
    return list(
        ServiceRecord.objects.of_volunteer(volunteer)
        .proven()
        .order_by("service_type__group")
        .values_list("service_type__group", flat=True)
        .distinct()
    )


def confirmed_total(volunteer: User) -> tuple[int, int]:
    """Minutes and number of somebody's confirmed records."""
    found = (
        ServiceRecord.objects.of_volunteer(volunteer)
        .proven()
        .aggregate(minutes=Sum("minutes"), count=Count("pk"))
    )
    return found["minutes"] or 0, found["count"]


# Whether it holds ------------------------------------------------------------------------------


def canonical(snapshot: dict[str, Any]) -> bytes:
    """The one way a snapshot is written as bytes."""
    words = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return words.encode()


def digest(snapshot: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def standing_of(certificate: Certificate) -> Standing:
    """Valid, or revoked since when and why; broken where its words are not those it was issued
    with. Asks a certificate read `with_standing`."""
    revocation = getattr(certificate, "revocation", None)
    if revocation is not None:
        return Standing(REVOKED, revocation.revoked_at, revocation.reason)
    if certificate.rests_on_fallen:  # type: ignore[attr-defined]
        return Standing(REVOKED, None, str(_("所依据的服务记录已冲正")))
    if digest(certificate.snapshot) != certificate.sha256:
        return Standing(BROKEN)
    return Standing(VALID)


def by_token(token: str) -> Certificate | None:
    """The certificate a scanned code leads to."""
    return _read().filter(token=token).first()


def by_number(typed: str, word: str) -> Certificate | None:
    """The certificate of a typed number, for who also knows the surname or the check code.

    A number whose last letter does not fit was mistyped or made up: the database is not asked.
    """
    number = normalised_number(typed)
    word = unicodedata.normalize("NFKC", word).strip()
    if number is None or not word:
        return None
    found = _read().filter(number=number).first()
    if found is None:
        return None
    name = found.snapshot["volunteer"]["name"]
    knows = word == found.check_code or (not word.isdigit() and name.startswith(word))
    return found if knows else None


def normalised_number(typed: str) -> str | None:
    """ZM-XXXX-XXXX-XXXX, however it was typed; None where it cannot be one of ours."""
    letters = unicodedata.normalize("NFKC", typed).upper()
    letters = "".join(letter for letter in letters if letter.isalnum())
    letters = letters.removeprefix(PREFIX) if len(letters) == NUMBER_LENGTH + 2 else letters
    if len(letters) != NUMBER_LENGTH or any(letter not in LETTERS for letter in letters):
        return None
    if check_letter(letters[:-1]) != letters[-1]:
        return None
    return written_number(letters)


def written_number(letters: str) -> str:
    return "-".join([PREFIX, letters[:4], letters[4:8], letters[8:]])


def check_letter(letters: str) -> str:
    """The last letter of a number: its places weigh 2, 3, 4 … modulo the prime 31, so that one
    wrong letter or two swapped neighbours never fit."""
    weighed = sum(place * LETTERS.index(letter) for place, letter in enumerate(letters, start=2))
    return LETTERS[weighed % len(LETTERS)]


def _read() -> QuerySet[Certificate]:
    return Certificate.objects.with_standing().select_related("bank__region", "policy")
