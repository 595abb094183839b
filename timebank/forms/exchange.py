"""Make a batch for another system; take in its receipt."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.errors import FileRefused
from accounts.forms.choices import model_choice_of
from accounts.models import User
from accounts.services.tables import read_table
from timebank.errors.exchange import NothingToSend, RejectedWithoutReason, UnknownLines
from timebank.forms.statements import day_field
from timebank.models.banks import TimeBank
from timebank.models.exchange import Exchange
from timebank.selectors.exchange import banks_exchanging
from timebank.services.exchange import make_exchange, reconcile_exchange

NUMBERS = ("服务记录编号", "记录编号", "record_number")  # not shown: heads of receipts
REASONS = ("退回原因", "原因", "reason")  # not shown: likewise


class ExchangeForm(forms.Form):
    """Which bank, from when to when; everything not sent yet where no day is given."""

    bank = forms.ModelChoiceField(label=_("时间银行"), queryset=TimeBank.objects.none())
    since = day_field(_("从"))
    until = day_field(_("到"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        banks = banks_exchanging(user)
        model_choice_of(self, "bank").queryset = banks
        self.fields["bank"].initial = banks.first()

    def hand_in(self) -> Exchange | None:
        """The batch; None with the reason on the form where there is nothing to send."""
        cleaned = self.cleaned_data
        try:
            return make_exchange(
                cleaned["bank"],
                since=cleaned["since"],
                until=cleaned["until"],
                acting_user=self.user,
            )
        except NothingToSend as refusal:
            self.add_error(None, str(refusal))
            return None


class ReceiptForm(forms.Form):
    """What was rejected, with reasons; nothing where all of it was taken."""

    upload = forms.FileField(
        label=_("退回的记录"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("表头要有“服务记录编号”和“退回原因”。全部接收的，不用选文件。"),
    )
    all_accepted = forms.BooleanField(label=_("没有退回，全部接收"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("upload") and not cleaned.get("all_accepted"):
            self.add_error("upload", _("请选择退回的记录表，或勾选“全部接收”。"))
        return cleaned

    def hand_in(self, exchange: Exchange, *, acting_user: User) -> Exchange | None:
        upload: UploadedFile[Any] | None = self.cleaned_data["upload"]
        try:
            rejected = _rejected_in(read_table(upload)) if upload else {}
            if rejected is None:
                self.add_error("upload", _("表头要有“服务记录编号”和“退回原因”。"))
                return None
            return reconcile_exchange(exchange, rejected=rejected, acting_user=acting_user)
        except (FileRefused, UnknownLines, RejectedWithoutReason) as refusal:
            self.add_error("upload", str(refusal))
            return None


def _rejected_in(table: list[list[str]]) -> dict[str, str] | None:
    """Numbers with reasons; None where the heads are not there."""
    for place, cells in enumerate(table[:5]):
        number = next((cells.index(words) for words in NUMBERS if words in cells), None)
        reason = next((cells.index(words) for words in REASONS if words in cells), None)
        if number is not None and reason is not None:
            return {
                row[number]: row[reason] if reason < len(row) else ""
                for row in table[place + 1 :]
                if number < len(row) and row[number]
            }
    return None
