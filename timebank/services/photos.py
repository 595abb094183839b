"""Photos of a form that has to be put right first: kept for the person, taken over, thrown away."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Attachment, User
from accounts.services.attachments import camera_time_of, judge_camera_time, store_image
from timebank.models import PhotoDraft

KEPT_FOR = timedelta(days=1)


@transaction.atomic
def keep_photo(upload: "UploadedFile[Any]", *, acting_user: User) -> PhotoDraft:
    """Keep a photo that came with a form which could not be taken; only the person sees it.

    Refused: `FileRefused` as for every photo.
    """
    taken_at = camera_time_of(upload)
    return PhotoDraft.objects.create(
        attachment=store_image(upload, acting_user=acting_user),
        person=acting_user,
        taken_at=taken_at,
    )


@transaction.atomic
def take_photos(
    drafts: Iterable[PhotoDraft], *, expected_between: tuple[datetime, datetime]
) -> list[Attachment]:
    """Hand kept photos over to what they were meant for; the camera's time is judged and gone."""
    photos = []
    for draft in drafts:
        judge_camera_time(draft.attachment, draft.taken_at, expected_between)
        photos.append(draft.attachment)
        draft.delete()
    return photos


def discard_old_drafts(*, now: datetime) -> int:
    """Throw away what nobody handed in within a day, rows and files; how many photos that were.

    The files go after the commit: a task that is killed leaves at worst a file without a row.
    """
    count = 0
    for pk in PhotoDraft.objects.filter(kept_at__lte=now - KEPT_FOR).values_list("pk", flat=True):
        with transaction.atomic():
            draft = (
                PhotoDraft.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("attachment")
                .filter(pk=pk)
                .first()
            )
            if draft is not None:
                _discard(draft)
                count += 1
    return count


def _discard(draft: PhotoDraft) -> None:
    photo = draft.attachment
    draft.delete()
    photo.delete()
    for file in (photo.file, photo.thumbnail):
        if file:
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))  # type: ignore[misc]
