"""Keep the files handed in with a proposal; what is removed stays on record.

Only the applicant's people add and remove, and only in the proposal's time.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.documents import store_document
from ventures.errors.proposals import SignatureOverdue, TooManyFiles
from ventures.models import Proposal, ProposalFile
from ventures.rules import proposals as rules
from ventures.rules.timetable import deadline_for
from ventures.selectors.proposals import kinds_of_file_taken
from ventures.services.proposals import locked_proposal


@transaction.atomic
def add_proposal_file(
    proposal: Proposal, upload: "UploadedFile[Any]", *, kind: str, acting_user: User
) -> ProposalFile:
    """Keep a PDF, a photo or an Office file with the proposal. The signed page may follow until
    the round's stated day.

    Refused: what is none of these or too large (`FileRefused`), more files than a proposal holds
    (`TooManyFiles`), and when the time is over.
    """
    proposal = locked_proposal(proposal.pk)
    _require_file_time(proposal, kind, acting_user)
    _require_room(proposal, upload.size or 0)
    file = ProposalFile.objects.create(
        proposal=proposal,
        attachment=store_document(upload, acting_user=acting_user),
        kind=kind,
        added_by=acting_user,
    )
    record_change(
        proposal,
        "add_file",
        after=kind,
        facts={"file": file.pk, "sha256": file.attachment.sha256},
        acting_user=acting_user,
    )
    return file


@transaction.atomic
def remove_proposal_file(file: ProposalFile, *, acting_user: User) -> ProposalFile:
    """Take a file off the proposal; it stays on record. Same times as adding one."""
    proposal = locked_proposal(file.proposal_id)
    _require_file_time(proposal, file.kind, acting_user)
    removed = ProposalFile.objects.filter(pk=file.pk, removed_at__isnull=True).update(
        removed_at=database_now()
    )
    if removed:
        record_change(
            proposal,
            "remove_file",
            before=file.kind,
            facts={"file": file.pk},
            acting_user=acting_user,
        )
    file.refresh_from_db()
    return file


def _require_room(proposal: Proposal, size: int) -> None:
    kept = [file.attachment.size_bytes for file in proposal.kept_files]
    most, bytes_most = settings.PROPOSAL_FILES_LIMIT, settings.PROPOSAL_FILES_LIMIT_BYTES
    if len(kept) >= most or sum(kept) + size > bytes_most:
        raise TooManyFiles(most=most, size=filesizeformat(bytes_most))


# Guards ---------------------------------------------------------------------------


def _require_file_time(proposal: Proposal, kind: str, acting_user: User) -> None:
    if not rules.is_applicant(acting_user, proposal):
        raise NotAllowed()
    if kind not in kinds_of_file_taken(proposal, database_now()):
        raise SignatureOverdue(
            due_on=proposal.round.signature_due_on, closed_at=deadline_for(proposal).until
        )
