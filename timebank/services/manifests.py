"""The signed list of a shift that a leader's phone takes along to where there is no network.

It names who is signed up, shortened, and tells their badges apart by a hash: whoever finds the
phone reads no number and can show no badge. The signature covers the shift, who took the list, when
and until when, and the list itself; scans come back with it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core import signing

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.templatetags.kit import masked_name
from timebank.errors.presence import ManifestNotOurs
from timebank.models import Shift, Signup
from timebank.rules import presence as rules
from timebank.selectors.presence import door_of
from timebank.services.service_cards import badges_of, token_of_badge

SALT = "timebank.manifest"
KEY_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Listed:
    """One seat on the list; `key` tells the badge."""

    seat: int
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the phone keeps."""

    shift: int
    issued_at: datetime
    valid_until: datetime
    people: list[Listed]
    signed: str


@dataclass(frozen=True, slots=True)
class ReadManifest:
    """What a signature was found to say."""

    issued_at: datetime
    valid_until: datetime


def key_of(shift_pk: int, token: str) -> str:
    """What tells a badge on this list: the phone computes the same from what it scans."""
    return hashlib.sha256(f"{shift_pk}:{token}".encode()).hexdigest()[:KEY_LETTERS]


def issue_manifest(shift: Shift, *, acting_user: User) -> Manifest:
    """The list as it stands now, valid until signing out ends.

    Whoever has no badge yet gets one, so that it is on the list when it is shown.
    Refused: `NotAllowed`.
    """
    if not rules.may_keep_presence(acting_user, shift):
        raise NotAllowed()
    issued_at, valid_until = database_now(), door_of(shift).closes_at
    people = _listed(shift)
    said = {
        "shift": shift.pk,
        "user": acting_user.pk,
        "issued_at": issued_at.isoformat(),
        "valid_until": valid_until.isoformat(),
        "people": _digest(people),
    }
    signed = signing.Signer(salt=SALT).sign_object(said)
    return Manifest(shift.pk, issued_at, valid_until, people, signed)


def read_manifest(signed: str, shift: Shift, *, acting_user: User) -> ReadManifest:
    """What the signed list says. Refused: `ManifestNotOurs` for whatever we did not sign so."""
    try:
        said = signing.Signer(salt=SALT).unsign_object(signed)
    except (signing.BadSignature, ValueError) as forged:
        raise ManifestNotOurs() from forged
    if said["shift"] != shift.pk or said["user"] != acting_user.pk:
        raise ManifestNotOurs()
    return ReadManifest(
        datetime.fromisoformat(said["issued_at"]), datetime.fromisoformat(said["valid_until"])
    )


def _listed(shift: Shift) -> list[Listed]:
    seats = list(
        Signup.objects.seated()
        .filter(shift=shift)
        .select_related("volunteer__person")
        .order_by("seat")
    )
    badges = badges_of([seat.volunteer for seat in seats])
    return [
        Listed(
            seat=seat.seat or 0,
            name=masked_name(_name(seat.volunteer)),
            key=key_of(shift.pk, token_of_badge(badges[seat.volunteer_id])),
        )
        for seat in seats
    ]


def _name(volunteer: User) -> str:
    person = getattr(volunteer, "person", None)
    return (person.real_name if person is not None else "") or volunteer.display_name


def _digest(people: list[Listed]) -> str:
    words = json.dumps([asdict(one) for one in people], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()
