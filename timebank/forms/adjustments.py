"""Forms of officers: propose a correction, decide one, hold an account still, bring openings in."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import FileRefused
from accounts.forms.choices import model_choice_of
from accounts.models import Attachment, User
from accounts.services.attachments import store_image, store_pdf
from accounts.services.tables import read_table
from timebank.models.adjustments import Adjustment, CorrectionState
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Unit
from timebank.services.opening_tables import Trial, check_openings, trial_of, try_openings

KEPT_SECONDS = 2 * 3600
MOST = 600_000
MOST_YUAN = Decimal("100000000")
# What an account may be put right against: where its amounts come from and go to by right.
COUNTERPARTS = (
    AccountKind.ISSUANCE,
    AccountKind.POOL,
    AccountKind.STATION,
    AccountKind.SOURCE,
    AccountKind.FUND,
    AccountKind.PAYEE,
)

OF_A_SOURCE = (AccountKind.SOURCE, AccountKind.FUND)


def reason_field(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=400,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由，让复核的人和账户本人看得明白。")},
    )


class ProposalForm(forms.Form):
    """What both corrections need: why, with what evidence."""

    reason = reason_field(_("理由"))
    upload = forms.FileField(
        label=_("佐证材料"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf,image/*"}),
        help_text=_("一张照片或一个 PDF：原始签到表、情况说明、对账截图。"),
        error_messages={"required": _("请附上佐证材料。")},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"request_key": uuid4()} | (options.get("initial") or {})
        super().__init__(*args, **options)

    def keep_evidence(self, acting_user: User) -> Attachment | None:
        """The file, kept; None with the reason beside the field when it cannot be taken."""
        upload: UploadedFile[Any] = self.cleaned_data["upload"]
        is_pdf = upload.read(5) == b"%PDF-"
        try:
            store = store_pdf if is_pdf else store_image
            return store(upload, acting_user=acting_user)
        except FileRefused as refusal:
            self.add_error("upload", str(refusal))
            return None


class ReversalForm(ProposalForm):
    """冲正 one transfer. Of money nothing is taken back that is no longer there."""

    allows_debt = forms.BooleanField(
        label=_("时间已经用掉时，记为欠额，以后存入的先补上"),
        required=False,
    )
    field_order = ("reason", "allows_debt", "upload")

    def __init__(self, *args: Any, unit: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if unit == Unit.FEN:
            del self.fields["allows_debt"]


def amount_field(unit: str) -> forms.Field:
    """How much of what a book counts: whole minutes or points, yuan with their fen."""
    if unit == Unit.FEN:
        return forms.DecimalField(
            label=_("多少元"),
            min_value=Decimal("0.01"),
            max_value=MOST_YUAN,
            decimal_places=2,
            help_text=_("例如 1600 或 1600.50。"),
        )
    if unit == Unit.POINT:
        return forms.IntegerField(label=_("多少积分"), min_value=1, max_value=MOST)
    return forms.IntegerField(
        label=_("多少分钟"), min_value=1, max_value=MOST, help_text=_("60 分钟是 1 小时。")
    )


class AdjustmentForm(ProposalForm):
    """调账 from one account to another; accounts are named by number, found on the page before."""

    from_account = forms.ModelChoiceField(
        queryset=LedgerAccount.objects.none(), label=_("转出账户"), empty_label=_("请选择")
    )
    to_account = forms.ModelChoiceField(
        queryset=LedgerAccount.objects.none(), label=_("转入账户"), empty_label=_("请选择")
    )
    field_order = ("from_account", "to_account", "amount", "reason", "upload")

    def __init__(self, *args: Any, book: Book, about: LedgerAccount, **options: Any) -> None:
        """`about` is the account put right: on one side it stands, the other is chosen."""
        super().__init__(*args, **options)
        self.fields["amount"] = amount_field(book.unit)
        self.order_fields(self.field_order)
        others = LedgerAccount.objects.filter(book_id=book.pk, whole=None)
        if about.kind in OF_A_SOURCE:  # nobody's money becomes another's
            others = others.filter(owner_key__in=[about.owner_key, book.owner_key])
        others = others.filter(kind__in=COUNTERPARTS) | others.filter(pk=about.pk)
        for name in ("from_account", "to_account"):
            model_choice_of(self, name).queryset = others.order_by("kind", "pk")

    def clean_amount(self) -> int:
        amount: int | Decimal = self.cleaned_data["amount"]
        return amount if isinstance(amount, int) else int(amount * 100)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("from_account") and cleaned["from_account"] == cleaned.get("to_account"):
            self.add_error("to_account", _("转出和转入不能是同一个账户。"))
        return cleaned


class DecisionForm(forms.Form):
    """What the second person says; a no needs its reason."""

    reason = reason_field(_("复核意见"), required=False)


class StandingForm(forms.Form):
    """Why an account is frozen, suspended, closed or opened."""

    reason = reason_field(_("原因（账户本人会看到）"))


class StandingProposalForm(ProposalForm):
    """The same of a money account, for the second person; where what is left on a closed one goes.

    Where the account stands empty nothing needs to be chosen.
    """

    to_account = forms.ModelChoiceField(
        queryset=LedgerAccount.objects.none(),
        label=_("剩余转到"),
        required=False,
        empty_label=_("账户已经空了，不用转"),
    )
    field_order = ("to_account", "reason", "upload")

    def __init__(self, *args: Any, account: LedgerAccount, closes: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not closes:
            del self.fields["to_account"]
            return
        others = LedgerAccount.objects.filter(book_id=account.book_id, whole=None)
        if account.kind in OF_A_SOURCE:
            others = others.filter(owner_key__in=[account.owner_key, account.book.owner_key])
        others = others.filter(kind__in=COUNTERPARTS).exclude(pk=account.pk)
        model_choice_of(self, "to_account").queryset = others.order_by("kind", "pk")


class CorrectionFilter(forms.Form):
    kind = forms.ChoiceField(
        label=_("种类"), required=False, choices=[("", _("全部")), *Adjustment.Kind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *CorrectionState.choices]
    )
    words = forms.CharField(label=_("理由里的字"), required=False, max_length=40)

    def narrowing(self) -> dict[str, str]:
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        return {name: asked.get(name) or "" for name in ("kind", "state", "words")}


class OpeningForm(forms.Form):
    """The file of an earlier system, where it comes from and up to when it counts."""

    origin = forms.CharField(
        label=_("原系统或台账"), max_length=40, help_text=_("例如：原积分台账、纸质存折。")
    )
    as_of = forms.DateField(
        label=_("结转日期"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    upload = forms.FileField(
        label=_("期初表格"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV 或 XLSX，第一行是表头：姓名、手机号、分钟、原编号、备注。"),
    )
    field_order = ("origin", "as_of", "upload")

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        if not date(2000, 1, 1) <= as_of <= timezone.localdate():
            raise forms.ValidationError(_("结转日期不能晚于今天。"))
        return as_of

    def try_out(self, bank: TimeBank) -> Trial | None:
        """Read the file and look at every row; None with the reason beside the field."""
        upload: UploadedFile[Any] = self.cleaned_data["upload"]
        try:
            table = read_table(upload)
        except FileRefused as refusal:
            self.add_error("upload", str(refusal))
            return None
        return try_openings(bank, table, origin=self.cleaned_data["origin"])

    def digest(self) -> str:
        upload: UploadedFile[Any] = self.cleaned_data["upload"]
        upload.seek(0)
        return hashlib.sha256(upload.read()).hexdigest()


class OpeningProposalForm(forms.Form):
    """Propose what was tried out: the rows travel along, signed, and are looked at again."""

    reason = reason_field(_("导入说明"))
    kept = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def keep(bank: TimeBank, trial: Trial, form: OpeningForm) -> str:
        upload: UploadedFile[Any] = form.cleaned_data["upload"]
        return signing.dumps(
            {
                "bank": bank.pk,
                "rows": trial.plain(),
                "origin": form.cleaned_data["origin"],
                "as_of": form.cleaned_data["as_of"].isoformat(),
                "file_name": upload.name or "",
                "digest": form.digest(),
                "request_key": str(uuid4()),
            },
            salt="openings",
            compress=True,
        )

    def clean_kept(self) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = signing.loads(
                self.cleaned_data["kept"], salt="openings", max_age=KEPT_SECONDS
            )
        except signing.BadSignature as error:
            raise forms.ValidationError(_("试导入的结果已过期，请重新选择文件。")) from error
        return kept

    def trial(self, bank: TimeBank) -> Trial:
        kept = self.cleaned_data["kept"]
        return check_openings(bank, trial_of(kept["rows"]), origin=kept["origin"])

    def facts(self) -> dict[str, Any]:
        """What `propose_openings` takes besides the rows."""
        kept = self.cleaned_data["kept"]
        return {
            "reason": self.cleaned_data["reason"],
            "origin": kept["origin"],
            "as_of": date.fromisoformat(kept["as_of"]),
            "file_name": kept["file_name"],
            "digest": kept["digest"],
            "request_key": UUID(kept["request_key"]),
        }
