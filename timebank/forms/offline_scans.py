"""What a leader's phone brings in from offline, read with care; and what a person decides of it."""

import json
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.forms.choices import choice_of
from accounts.models import User
from timebank.forms.orders import time_input
from timebank.forms.presence import at_shift
from timebank.models import OfflineScan
from timebank.services.offline_scans import Bundle, ToldScan, dismiss_scan, take_scan

MOST_AT_ONCE = 300


class ToldScanForm(forms.Form):
    """One scan of a bundle."""

    client_id = forms.UUIDField()
    token = forms.CharField(max_length=80)
    verb = forms.ChoiceField(choices=OfflineScan.Verb.choices)
    device_at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])


class BundleForm(forms.Form):
    """The head of a bundle."""

    manifest = forms.CharField(max_length=2000)
    sent_at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])


def bundle_of(body: bytes, device: str) -> Bundle | None:
    """A phone's bundle; None where any of it is odd."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    scans = told.get("scans") if isinstance(told, dict) else None
    if not isinstance(scans, list) or not 1 <= len(scans) <= MOST_AT_ONCE:
        return None
    if not all(isinstance(scan, dict) for scan in scans):
        return None
    head, rows = BundleForm(told), [ToldScanForm(scan) for scan in scans]
    if not all(form.is_valid() for form in (head, *rows)):
        return None
    told_scans = [ToldScan(**row.cleaned_data) for row in rows]
    return Bundle(scans=told_scans, device=device, **head.cleaned_data)


class SettleScanForm(forms.Form):
    """Was it so? Somebody says, and why."""

    verb = forms.ChoiceField(
        label=_("怎么处理"),
        choices=[("take", _("采用，按下面的时间登记")), ("dismiss", _("不采用"))],
        widget=forms.RadioSelect,
    )
    at = forms.TimeField(label=_("当时的时间"), required=False, widget=time_input())
    reason = forms.CharField(
        label=_("理由"),
        max_length=120,
        help_text=_("怎么知道的，如：当时在场，手机时间快了一小时；扫了两次。"),
    )

    def __init__(self, *args: Any, scan: OfflineScan, **options: Any) -> None:
        super().__init__(*args, **options)
        self.scan = scan
        self.fields["at"].initial = f"{timezone.localtime(scan.by_server):%H:%M}"
        if scan.volunteer_id is None:  # nobody's badge: there is nothing to take
            choice_of(self, "verb").choices = [("dismiss", _("不采用"))]
            self.fields["verb"].initial = "dismiss"
            del self.fields["at"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verb") == "take" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("请填写时间。"))
        return cleaned

    def hand_in(self, *, acting_user: User) -> OfflineScan | None:
        """Do it; what stands against it is said beside the choice."""
        cleaned = self.cleaned_data
        if cleaned["verb"] == "dismiss":
            return dismiss_scan(self.scan, reason=cleaned["reason"], acting_user=acting_user)
        at = at_shift(self.scan.shift, cleaned["at"])
        if at.replace(second=0) == timezone.localtime(self.scan.by_server).replace(
            second=0, microsecond=0
        ):
            at = self.scan.by_server  # nobody types seconds: an instant not changed stays exact
        try:
            return take_scan(self.scan, at=at, reason=cleaned["reason"], acting_user=acting_user)
        except Refusal as refusal:
            if refusal.code in ("scan_settled", "not_allowed", "not_their_own_presence"):
                raise
            self.add_error("verb", str(refusal))
            return None
