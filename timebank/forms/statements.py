"""What a statement may be narrowed by; the filter lives in the address."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of
from timebank.models.ledger import TransferKind, Unit
from timebank.selectors.statements import Narrowing

OF_MINUTES = (
    TransferKind.REWARD,
    TransferKind.USE,
    TransferKind.GIFT,
    TransferKind.GRANT,
    TransferKind.EXPIRY,
    TransferKind.OPENING,
    TransferKind.ADJUSTMENT,
    TransferKind.REVERSAL,
)
EARLIEST = date(2000, 1, 1)
LATEST = date(2999, 12, 31)


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class MovementFilter(forms.Form):
    """By cause, day and word."""

    kind = forms.ChoiceField(label=_("事由"), required=False)
    since = day_field(_("从"))
    until = day_field(_("到"))
    words = forms.CharField(
        label=_("说明里的字"),
        required=False,
        max_length=40,
        help_text=_("账目特别多时，只在最近两万行里找。"),
    )

    def __init__(self, *args: Any, unit: str = Unit.MINUTE, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [
            (kind.value, kind.label)
            for kind in TransferKind
            if unit != Unit.MINUTE or kind in OF_MINUTES
        ]
        choice_of(self, "kind").choices = [("", _("全部")), *kinds]

    def narrowing(self) -> Narrowing:
        """What was asked for; what makes no sense is left out."""
        self.is_valid()
        asked: dict[str, Any] = getattr(self, "cleaned_data", {})
        since, until = asked.get("since"), asked.get("until")
        return Narrowing(
            kind=asked.get("kind") or "",
            direction=asked.get("direction") or "",
            since=min(max(since, EARLIEST), LATEST) if since else None,
            until=min(max(until, EARLIEST), LATEST) if until else None,
            words=(asked.get("words") or "").replace("\x00", ""),
        )


class StatementFilter(MovementFilter):
    """By direction too."""

    direction = forms.ChoiceField(
        label=_("收支"),
        required=False,
        choices=[("", _("全部")), ("in", _("存入")), ("out", _("用出"))],
    )
    field_order = ("kind", "direction", "since", "until", "words")
