"""Hand a file out. Whoever calls this has first looked the file's owner up as seen by the user."""

from django.http import FileResponse, Http404
from django.utils.cache import patch_cache_control

from accounts.models import Attachment

TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def attachment_response(attachment: Attachment, *, thumbnail: bool = False) -> FileResponse:
    """The file as an answer: images inline, documents only ever as a download, nothing guessed.

    Raises 404 when a thumbnail is asked for that does not exist.
    """
    is_image = attachment.kind == Attachment.Kind.IMAGE
    if thumbnail and not attachment.thumbnail:
        raise Http404
    file = attachment.thumbnail if thumbnail else attachment.file
    answer = FileResponse(
        file.open("rb"),
        as_attachment=not is_image,
        filename=attachment.name,
        content_type="image/webp" if thumbnail else TYPES[attachment.suffix],
    )
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, private=True, max_age=3600 if is_image else 0)
    return answer
