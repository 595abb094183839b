"""Bring a file of history in; say why; decide."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.errors import FileRefused
from accounts.forms.choices import model_choice_of
from accounts.models import Station, User
from accounts.services.tables import read_table
from accounts.templatetags.kit import masked_phone
from timebank.errors.history import HistoryBroughtBefore, HistoryUnreadable, NothingInFile
from timebank.models.history import HistoryImport
from timebank.selectors.history import stations_to_bring_to
from timebank.services.history import bring_history
from timebank.services.history_mapping import FIELDS, name_columns

PHONE = re.compile(r"\+?\d{11,14}")


class HistoryForm(forms.Form):
    """The file, and the station its records will belong to."""

    station = forms.ModelChoiceField(
        label=_("归到哪个站点"), queryset=Station.objects.none(), empty_label=_("请选择")
    )
    upload = forms.FileField(
        label=_("导出的表格"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_(
            "志愿浙江、志愿汇导出的表格，或自己的 CSV、XLSX。不用改表头："
            "认得的直接核对，认不得的请您指一次，以后就记住了。"
        ),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        stations = stations_to_bring_to(user)
        model_choice_of(self, "station").queryset = stations
        only = list(stations[:2])
        if len(only) == 1:
            self.fields["station"].initial = only[0]

    def hand_in(self) -> HistoryImport | None:
        """The file, kept and waiting to be looked at; None with the reason beside the field."""
        upload: UploadedFile[Any] = self.cleaned_data["upload"]
        try:
            table = read_table(upload)
            upload.seek(0)
            return bring_history(
                self.cleaned_data["station"],
                table,
                file_name=upload.name or "",
                digest=hashlib.sha256(upload.read()).hexdigest(),
                acting_user=self.user,
            )
        except (FileRefused, HistoryUnreadable, NothingInFile, HistoryBroughtBefore) as refusal:
            self.add_error("upload", str(refusal))
            return None


class ColumnsForm(forms.Form):
    """Which column of the file is what: one choice for each head, guessed beforehand."""

    origin = forms.ChoiceField(
        label=_("这份表格来自"), choices=HistoryImport.Origin.choices, widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: Any,
        history: HistoryImport,
        first_rows: Sequence[Sequence[str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.history = history
        taken = {at: name for name, at in history.heads["columns"].items()}
        self.fields["origin"].initial = history.origin
        self.columns: list[str] = []
        for at, head in enumerate(history.heads.get("cells", [])):
            if not head:
                continue
            name = f"column_{at}"
            self.columns.append(name)
            self.fields[name] = forms.ChoiceField(
                label=head[:60],
                help_text=_seen_under(at, first_rows),
                required=False,
                initial=taken.get(at, ""),
                choices=[("", _("不用这一列")), *FIELDS.items()],
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.named: dict[str, int] = {}
        for name in self.columns:
            told = cleaned.get(name)
            if not told:
                continue
            if told in self.named:
                self.add_error(
                    name, _("“%(field)s”已经选过一列了，只能选一列。") % {"field": FIELDS[told]}
                )
            else:
                self.named[told] = int(name.removeprefix("column_"))
        return cleaned

    def hand_in(self, *, acting_user: User) -> HistoryImport | None:
        """The file, to be read so; None with what is still missing said on top."""
        try:
            return name_columns(
                self.history,
                origin=self.cleaned_data["origin"],
                columns=self.named,
                acting_user=acting_user,
            )
        except HistoryUnreadable as refusal:
            self.add_error(None, str(refusal))
            return None


def _seen_under(at: int, rows: Sequence[Sequence[str]]) -> str:
    """What the first rows say in a column; phone numbers only by their ends."""
    said = [str(cells[at]) for cells in rows if at < len(cells) and cells[at]]
    shown = [masked_phone(one) if PHONE.fullmatch(one) else one[:40] for one in said]
    return _("头几行：%(said)s") % {"said": _("、").join(shown)} if shown else ""


class HistoryReasonForm(forms.Form):
    """Why it is brought, not taken in, or undone."""

    reason = forms.CharField(
        label=_("说明"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
