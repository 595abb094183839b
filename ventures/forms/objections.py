"""What an objector hands in, and what the office answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of
from accounts.models import Organisation

OWN_NAME = ""


class ObjectionForm(forms.Form):
    """Against what, in whose name, why, with which evidence."""

    item = forms.ChoiceField(label=_("对哪一项有异议"), required=False)
    standing = forms.ChoiceField(label=_("以谁的名义提出"), required=False)
    phone = forms.RegexField(
        r"^[0-9+() -]{5,20}$",
        label=_("联系电话"),
        error_messages={"invalid": _("请填写电话号码，如 10012345678。")},
    )
    facts = forms.CharField(
        label=_("事实和理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写清哪里不符合、有什么依据，方便核对。"),
    )
    evidence = forms.FileField(
        label=_("证据材料"),
        required=False,
        help_text=_("PDF、照片或办公文档。以单位名义提出的必须附盖章的扫描件。"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        items: Sequence[tuple[str, str]],
        bodies: QuerySet[Organisation],
        own_name: str,
    ) -> None:
        super().__init__(data, files)
        self.bodies = {str(body.pk): body for body in bodies}
        choice_of(self, "item").choices = [
            ("", _("整份公示")),
            *items,
        ]
        names = [(pk, body.name) for pk, body in self.bodies.items()]
        if own_name:
            names.insert(0, (OWN_NAME, _("本人 %(name)s（实名）") % {"name": own_name}))
        choice_of(self, "standing").choices = names
        self.fields["standing"].required = not own_name

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.organisation is not None and not values.get("evidence"):
            self.add_error("evidence", _("以单位名义提出的，请附盖章的扫描件。"))
        return values

    @property
    def organisation(self) -> Organisation | None:
        return self.bodies.get(self.cleaned_data.get("standing") or OWN_NAME)


class AnswerObjectionForm(forms.Form):
    """The written answer and what it finds."""

    verb = forms.ChoiceField(
        label=_("复核结论"),
        choices=[
            ("uphold", _("异议成立")),
            ("reject", _("异议不成立")),
            ("refuse", _("不予受理（匿名、与公示无关等）")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("书面答复"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("查了什么、依据是什么、结论是什么。提出异议的人会收到全文。"),
    )


class ReturnRevisionForm(forms.Form):
    reason = forms.CharField(
        label=_("要改什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
