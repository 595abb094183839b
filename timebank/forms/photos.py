"""Photos in a form, kept while the rest of it is put right, so that nobody picks them twice."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.errors import FileRefused
from accounts.forms.choices import model_choice_of
from accounts.models import Attachment, User
from accounts.services.attachments import store_image
from timebank.models import PhotoDraft
from timebank.services.photos import keep_photo, take_photos

MOST_PHOTOS = 6


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Several photos at once; what is inside is looked at when they are stored."""

    widget = ManyFiles(attrs={"accept": "image/*"})

    def clean(self, value: Any, initial: Any = None) -> Any:
        files = value if isinstance(value, list | tuple) else [value] if value else []
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(
                _("一次最多 %(most)d 张照片。") % {"most": MOST_PHOTOS}, code="too_many"
            )
        return [super(PhotosField, self).clean(file, initial) for file in files]


class PhotosForm(forms.Form):
    """A form with photos: the new ones, and those kept from before that are still wanted.

    A page that shows the form again calls `keep_photos` first.
    """

    photos = PhotosField(
        label=_("现场照片"),
        required=False,
        help_text=_("最多 6 张。照片里的拍摄时间只用来核对，不会保存。"),
    )
    kept = forms.ModelMultipleChoiceField(
        label=_("已上传的照片"),
        queryset=PhotoDraft.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("有照片已经过期，请重新选一次。")},
    )

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        model_choice_of(self, "kept").queryset = PhotoDraft.objects.of(person).select_related(
            "attachment"
        )
        self.kept_photos: list[PhotoDraft] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len(cleaned.get("photos") or []) + len(cleaned.get("kept") or []) > MOST_PHOTOS:
            self.add_error("photos", _("一次最多 %(most)d 张照片。") % {"most": MOST_PHOTOS})
        return cleaned

    def keep_photos(self) -> None:
        """Hold on to what was uploaded while the person puts the rest right."""
        self.kept_photos = list(self.cleaned_data.get("kept") or [])
        for upload in self.cleaned_data.get("photos") or []:
            self._keep(upload)

    def _keep(self, upload: "UploadedFile[Any]") -> None:
        try:
            self.kept_photos.append(keep_photo(upload, acting_user=self.person))
        except FileRefused as refusal:
            if "photos" not in self.errors:
                self.add_error("photos", str(refusal))

    def stored_photos(self, started_at: datetime, ended_at: datetime) -> list[Attachment]:
        """The photos to hand in, each compared with when the service was."""
        expected = (started_at, ended_at)
        return [
            *take_photos(self.cleaned_data["kept"], expected_between=expected),
            *(
                store_image(upload, acting_user=self.person, expected_between=expected)
                for upload in self.cleaned_data["photos"]
            ),
        ]
