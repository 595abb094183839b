"""Enter a training or an award: one's own with its paper, or for everybody who took part."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.errors import FileRefused
from accounts.models import Attachment, User
from accounts.services.attachments import store_image, store_pdf
from timebank.forms.name_lines import people_of_lines
from timebank.models.dossier import DossierEntry
from timebank.services.dossier import Told, enter, enter_for_many

HOURS_MOST = 2_000


class EntryForm(forms.Form):
    """What decree 67 asks of a training (art. 8) or of an award (art. 9)."""

    title = forms.CharField(label=_("名称"), max_length=60)
    content = forms.CharField(
        label=_("主要内容"), max_length=200, widget=forms.Textarea({"rows": 2})
    )
    hours = forms.DecimalField(
        label=_("学习时长（小时）"), min_value=0.5, max_value=HOURS_MOST, decimal_places=1
    )
    body = forms.CharField(label=_("举办单位"), max_length=80)
    held_on = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    upload = forms.FileField(
        label=_("证书或文件"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf,image/*"}),
        help_text=_("一张照片或一个 PDF。"),
    )

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        if kind == DossierEntry.Kind.COMMENDATION:
            del self.fields["content"], self.fields["hours"]
            self.fields["body"].label = _("授予单位")

    def told(self) -> Told:
        cleaned = self.cleaned_data
        hours = cleaned.get("hours")
        return Told(
            kind=self.kind,
            title=cleaned["title"],
            body=cleaned["body"],
            held_on=cleaned["held_on"],
            content=cleaned.get("content", ""),
            minutes=int(hours * 60) if hours else None,
        )

    def keep_evidence(self, acting_user: User) -> Attachment | None:
        """The file, kept; None with the reason beside the field when it cannot be taken."""
        upload: UploadedFile[Any] | None = self.cleaned_data.get("upload")
        if upload is None:
            return None
        is_pdf = upload.read(5) == b"%PDF-"
        upload.seek(0)
        try:
            return (store_pdf if is_pdf else store_image)(upload, acting_user=acting_user)
        except FileRefused as refusal:
            self.add_error("upload", str(refusal))
            return None

    def hand_in(self, acting_user: User) -> DossierEntry | None:
        """One's own, with its paper."""
        evidence = self.keep_evidence(acting_user)
        if self.errors:
            return None
        return enter(acting_user, self.told(), evidence=evidence, acting_user=acting_user)


class EntryForManyForm(EntryForm):
    """The same for a list of people, by their numbers."""

    lines = forms.CharField(
        label=_("名单"),
        widget=forms.Textarea({"rows": 6}),
        help_text=_("每行一人，写上手机号。每人都会收到消息，核对后才记入档案。"),
    )

    def __init__(self, *args: Any, user: User, kind: str, **options: Any) -> None:
        super().__init__(*args, kind=kind, **options)
        self.user = user
        self.fields["upload"].required = False

    def clean_lines(self) -> list[User]:
        return people_of_lines(self.cleaned_data["lines"], looked_after_by=self.user)

    def hand_in_all(self) -> list[DossierEntry] | None:
        evidence = self.keep_evidence(self.user)
        if self.errors:
            return None
        people = self.cleaned_data["lines"]
        return enter_for_many(people, self.told(), evidence=evidence, acting_user=self.user)


class EntryReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea({"rows": 2}))
