"""Write the anonymous copy of a proposal (匿名稿), release it to blind reviewers, take it back."""

from collections.abc import Mapping

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed, Overtaken
from accounts.models import User
from accounts.services.changes import record_change
from ventures.errors.blinding import CopyReleased, NothingHidden, TracesLeft
from ventures.models import (
    BlindCopy,
    Proposal,
    ProposalVersion,
    Redaction,
    ReleasedFile,
    ReviewPhase,
    Round,
)
from ventures.rules import reviews as review_rules
from ventures.rules.blinding import places_in
from ventures.selectors.blind_copies import print_of, standing_files, traces_of
from ventures.services.blind_numbers import number_proposals


def require_may_blind(user: User, round: Round) -> None:
    """Who schedules the reviewing, and has no tie in the round; only where something is hidden."""
    if not review_rules.may_schedule_reviews(user, round):
        raise NotAllowed()
    if not ReviewPhase.objects.filter(round=round, hides_applicant=True).exists():
        raise NothingHidden()


@transaction.atomic
def save_copy(
    version: ProposalVersion,
    texts: Mapping[str, str],
    files: Mapping[int, str],
    *,
    acting_user: User,
) -> BlindCopy:
    """Keep what reviewers shall read in place of each field, and which files they may open.

    Words that equal the original are no rewriting; empty ones are, and stay empty. Refused: to
    others than those who schedule the reviewing, where nothing is hidden (`NothingHidden`), and
    while reviewers read the copy (`CopyReleased`).
    """
    copy = _held(version, acting_user)
    if copy.released_at is not None:
        raise CopyReleased()
    written = {
        place.key: texts[place.key].strip()
        for place in places_in(version.snapshot)
        if place.key in texts
        and texts[place.key].strip() != ("" if place.tells else place.words.strip())
    }
    copy.redactions.all().delete()
    Redaction.objects.bulk_create(
        Redaction(copy=copy, field=key, text=text) for key, text in written.items()
    )
    standing = {file.pk for file in standing_files(version.proposal)}
    assert set(files) <= standing, "a form offers the proposal's own files"
    copy.released_files.all().delete()
    ReleasedFile.objects.bulk_create(
        ReleasedFile(copy=copy, file_id=pk, shown_name=name) for pk, name in files.items()
    )
    copy.saved_at, copy.saved_by = database_now(), acting_user
    copy.save(update_fields=["saved_at", "saved_by"])
    record_change(
        copy,
        "write_blind_copy",
        facts={"fields": sorted(written), "files": sorted(files)},
        acting_user=acting_user,
    )
    return copy


@transaction.atomic
def release_copy(
    version: ProposalVersion, *, has_seen: bool, acting_user: User, seen: str | None = None
) -> BlindCopy:
    """Let blind reviewers read the copy; twice is once. `seen`: the print of what a page showed.

    Refused while words that tell who applies stand in it, unless somebody says that they have
    looked at each of them (`TracesLeft`), where somebody wrote on it since (`Overtaken`), and like
    saving.
    """
    copy = _held(version, acting_user)
    if copy.released_at is not None:
        return copy
    if seen is not None and seen != print_of(version, copy):
        raise Overtaken()
    traces = traces_of(version, copy)
    if traces and not has_seen:
        raise TracesLeft(words=traces)
    copy.released_at, copy.released_by = database_now(), acting_user
    copy.save(update_fields=["released_at", "released_by"])
    record_change(copy, "release_blind_copy", facts={"left": len(traces)}, acting_user=acting_user)
    return copy


@transaction.atomic
def take_back_copy(version: ProposalVersion, *, acting_user: User) -> BlindCopy:
    """Close it to reviewers again, to put something right; sheets and scores stay."""
    copy = _held(version, acting_user)
    if copy.released_at is None:
        return copy
    copy.released_at = copy.released_by = None
    copy.save(update_fields=["released_at", "released_by"])
    record_change(copy, "take_back_blind_copy", acting_user=acting_user)
    return copy


def _held(version: ProposalVersion, user: User) -> BlindCopy:
    """The copy of this version, made when first worked on, locked."""
    round = Round.objects.select_for_update().get(pk=version.proposal.round_id)
    require_may_blind(user, round)
    assert version.proposal.state == Proposal.State.UNDER_REVIEW, "the list offers no others"
    number_proposals(round)
    BlindCopy.objects.get_or_create(version=version, defaults={"saved_by": user})
    return BlindCopy.objects.select_for_update().get(version=version)
