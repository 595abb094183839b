"""What an officer types to put an award's amount right: the sum twice, why, and the minutes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.forms.fields import TidyDecimalField
from ventures.models import Award
from ventures.selectors.award_corrections import fen_for
from ventures.services.award_corrections import RightAmount
from ventures.services.budgets import fen_of


class RightAmountForm(forms.Form):
    """Typed twice: a slip of a key is what brought the officer here."""

    amount = TidyDecimalField(label=_("会议纪要上的金额（元）"))
    again = TidyDecimalField(label=_("再写一遍（元）"), help_text=_("防止又打错。"))
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "例如：录入时少打了一个零。另一人同意后写在重新公示的更正说明里，人人可见，也发给申报方。"
        ),
    )
    minutes = forms.FileField(
        label=_("会议纪要（PDF）"),
        help_text=_("要看得到这个项目的金额。只有经办人、财务和审计人员能打开，不对外公开。"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        award: Award,
    ) -> None:
        super().__init__(data, files, initial={"seen": award.amount_fen})
        self.award = award
        self.most_fen = award.proposal.round.most_for(award.proposal.requested_fen)
        self.fund_fen = fen_for(award)

    def clean(self) -> dict[str, Any]:
        """Say beside the fields what the service would refuse, so that nothing typed is lost."""
        cleaned = super().clean() or {}
        amount, again = cleaned.get("amount"), cleaned.get("again")
        if amount is None or again is None:
            return cleaned
        fen = fen_of(amount)
        if amount != again:
            self.add_error("again", gettext("两次写的不一样，请对着会议纪要再看一遍。"))
        elif not 0 < fen <= self.most_fen:
            words = gettext("要大于 0，不超过 %(most)s") % {"most": yuan(self.most_fen)}
            self.add_error("amount", words)
        elif fen > self.fund_fen:
            words = gettext("超过本轮资金：连同它原来的金额，最多还有 %(most)s。")
            self.add_error("amount", words % {"most": yuan(self.fund_fen)})
        elif fen == cleaned.get("seen"):
            self.add_error("amount", gettext("现在就是这个金额，不用更正。"))
        return cleaned

    def right_amount(self) -> RightAmount:
        cleaned = self.cleaned_data
        return RightAmount(
            amount_fen=fen_of(cleaned["amount"]),
            reason=cleaned["reason"],
            minutes=cleaned["minutes"],
            seen_fen=cleaned["seen"],
        )
