"""What the office types of an anonymous copy: the words of each field, the files let through."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from ventures.models import ProposalFile
from ventures.selectors.blind_copies import FieldLine


class BlindCopyForm(forms.Form):
    """Field by field what reviewers read; what is emptied stays empty for them."""

    def __init__(
        self,
        data: Any = None,
        *,
        lines: Sequence[FieldLine],
        files: Sequence[ProposalFile],
        released: Mapping[int, str],
    ) -> None:
        super().__init__(data)
        self.lines, self.standing = lines, files
        for number, line in enumerate(lines):
            self.fields[f"text_{number}"] = forms.CharField(
                label=str(line.label),
                initial=line.shown,
                required=False,
                max_length=4000,
                strip=True,
                widget=forms.Textarea(attrs={"rows": 4 if line.is_long else 1}),
            )
        for place, file in enumerate(files, start=1):
            self.fields[f"file_{file.pk}"] = forms.BooleanField(
                label=_("放行给评委"), required=False, initial=file.pk in released
            )
            self.fields[f"name_{file.pk}"] = forms.CharField(
                label=_("给评委看的文件名"),
                required=False,
                max_length=60,
                initial=released.get(file.pk) or _("附件 %(place)d.pdf") % {"place": place},
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for file in self.standing:
            if values.get(f"file_{file.pk}") and not (values.get(f"name_{file.pk}") or "").strip():
                self.add_error(f"name_{file.pk}", _("放行的附件要有一个看不出是谁的名字。"))
        return values

    def rows(self) -> list[tuple[FieldLine, BoundField]]:
        return [(line, self[f"text_{number}"]) for number, line in enumerate(self.lines)]

    def file_rows(self) -> list[tuple[ProposalFile, BoundField, BoundField]]:
        return [(file, self[f"file_{file.pk}"], self[f"name_{file.pk}"]) for file in self.standing]

    def texts(self) -> dict[str, str]:
        return {
            line.key: self.cleaned_data[f"text_{number}"].replace("\r\n", "\n")
            for number, line in enumerate(self.lines)
        }

    def files_released(self) -> dict[int, str]:
        return {
            file.pk: self.cleaned_data[f"name_{file.pk}"].strip()
            for file in self.standing
            if self.cleaned_data[f"file_{file.pk}"]
        }


class ReleaseForm(forms.Form):
    """Let reviewers read it; with traces left, only after somebody has looked at each."""

    has_seen = forms.BooleanField(label=_("这些我都看过，不会让评委认出申报方"), required=False)
