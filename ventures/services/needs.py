"""Raise needs, put them right, screen them, take them back, and hand in their evidence.

What becomes of a need is in `need_fates`, duplicates in `need_merging`, voices in `need_support`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Organisation, Region, User
from accounts.reasons import required
from accounts.rules import is_member_of
from accounts.services.attachments import store_image, store_pdf
from accounts.services.changes import record_change
from ventures.errors.needs import HoldsMerged, NeedAnswered, TooManyFiles
from ventures.lifecycles.needs import NEED
from ventures.models import Need, NeedFile, Track
from ventures.rules import needs as rules
from ventures.services.need_news import tell_concerned, tell_raiser

FILES_MOST = 6

type Uploads = "Sequence[UploadedFile[Any]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedWords:
    """What a need says."""

    title: str
    description: str
    region: Region
    track: Track
    kind: str
    severity: int
    people: int
    is_personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a need comes from: a resident, an organisation, a meeting with its day and size."""

    origin: str = Need.Origin.RESIDENT
    organisation: Organisation | None = None
    met_on: date | None = None
    met_by: int | None = None


RESIDENT = Source()


@transaction.atomic
def raise_need(
    words: NeedWords, *, source: Source = RESIDENT, files: Uploads = (), acting_user: User
) -> Need:
    """Raise a need; it waits for the community's pre-screening and is not public before.

    Refused: for an organisation one does not belong to (`NotAllowed`), files that are not what
    they claim (`FileRefused`) or too many (`TooManyFiles`).
    """
    if source.organisation is not None and not is_member_of(acting_user, source.organisation):
        raise NotAllowed()
    need = Need.objects.create(**columns_of(words), **columns_of(source), raised_by=acting_user)
    need.refresh_from_db()
    record_change(need, "raise", after=need.state, acting_user=acting_user)
    for file in files:
        add_need_file(need, file, acting_user=acting_user)
    return need


def columns_of(words: "NeedWords | Source") -> dict[str, Any]:
    """The fields as they are: rows stay rows."""
    return {name: getattr(words, name) for name in words.__slots__}


@transaction.atomic
def resubmit_need(need: Need, words: NeedWords, *, acting_user: User) -> Need:
    """Put a returned need right and hand it in again. Refused: `OutOfTurn`, `NotAllowed`."""
    need = locked_need(need.pk)
    NEED.move(need, "resubmit", acting_user=acting_user, **columns_of(words))
    return need


@transaction.atomic
def withdraw_need(need: Need, *, acting_user: User) -> Need:
    """Take it back; who supported it is told. Refused while others are merged into it."""
    need = locked_need(need.pk)
    require_nothing_merged(need)
    NEED.move(need, "withdraw", acting_user=acting_user)
    tell_concerned(need, acting_user=acting_user)
    return need


@transaction.atomic
def list_need(need: Need, *, acting_user: User) -> Need:
    """Pre-screening: it is public now and people may support it. Refused: to its raiser."""
    need = locked_need(need.pk)
    NEED.move(need, "list", acting_user=acting_user, listed_at=database_now())
    tell_raiser(need, acting_user=acting_user)
    return need


@transaction.atomic
def return_need(need: Need, *, reason: str, acting_user: User) -> Need:
    """Ask the raiser to complete it; the reason is theirs to read, not public."""
    need = locked_need(need.pk)
    reason = required(reason)
    NEED.move(need, "return_", acting_user=acting_user, reason=reason)
    tell_raiser(need, acting_user=acting_user, words=reason)
    return need


# Evidence -------------------------------------------------------------------------


@transaction.atomic
def add_need_file(need: Need, upload: "UploadedFile[Any]", *, acting_user: User) -> NeedFile:
    """Keep a photo or a PDF with the need, as long as it waits for its answer.

    What is inside decides which of the two it is. A PDF of a meeting is its minutes.
    """
    need = locked_need(need.pk)
    if not (rules.is_raiser(acting_user, need) or rules.handles(acting_user, need)):
        raise NotAllowed()
    _require_open(need)
    if need.files.filter(removed_at__isnull=True).count() >= FILES_MOST:
        raise TooManyFiles(most=FILES_MOST)
    upload.seek(0)
    is_pdf = upload.read(5) == b"%PDF-"
    store = store_pdf if is_pdf else store_image
    is_minutes = is_pdf and need.origin == Need.Origin.MEETING
    file = NeedFile.objects.create(
        need=need,
        attachment=store(upload, acting_user=acting_user),
        kind=NeedFile.Kind.MINUTES if is_minutes else NeedFile.Kind.EVIDENCE,
    )
    record_change(
        need, "add_file", after=file.kind, facts={"file": file.pk}, acting_user=acting_user
    )
    return file


@transaction.atomic
def remove_need_file(file: NeedFile, *, acting_user: User) -> NeedFile:
    """Take a file off; it stays on record. Only its raiser, while the need waits."""
    need = locked_need(file.need_id)
    if not rules.is_raiser(acting_user, need):
        raise NotAllowed()
    _require_open(need)
    if NeedFile.objects.filter(pk=file.pk, removed_at__isnull=True).update(
        removed_at=database_now()
    ):
        record_change(need, "remove_file", facts={"file": file.pk}, acting_user=acting_user)
    file.refresh_from_db()
    return file


# Guards ---------------------------------------------------------------------------


def locked_need(pk: int) -> Need:
    """Lock the bare row first: a joined row may change while one waits."""
    Need.objects.select_for_update().only("pk").get(pk=pk)
    return Need.objects.select_related("region__parent", "track", "organisation").get(pk=pk)


def require_nothing_merged(need: Need) -> None:
    merged = need.merged.count()
    if merged:
        raise HoldsMerged(number=need.number, count=merged)


def _require_open(need: Need) -> None:
    if need.state not in Need.OPEN:
        raise NeedAnswered(number=need.number)
