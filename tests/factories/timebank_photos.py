"""Pictures handed in, as files of this machine."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Attachment, User
from accounts.services.attachments import store_image


def stored_picture(picture: Image.Image, person: User) -> Attachment:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    upload = SimpleUploadedFile("现场.jpg", file.getvalue(), "image/jpeg")
    return store_image(upload, acting_user=person)
