"""离线扫码: the leader's phone scans badges, also without a network, and brings them in later.

The page and what it needs are kept on the phone by a service worker that answers for this page
alone. What does not fit is shown to a person here.
"""

from functools import cache
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from timebank.forms.offline_scans import SettleScanForm, bundle_of
from timebank.lifecycles.presence import OFFLINE_SCAN
from timebank.models import Attendance, OfflineScan, Shift
from timebank.rules import presence as rules
from timebank.selectors.presence import door_of
from timebank.services.manifests import Manifest, issue_manifest
from timebank.services.offline_scans import take_in_scans, words_of
from timebank.views.check_ins import device_of
from timebank.views.presence import kept_shift

WORKER = Path(__file__).resolve().parent.parent / "static" / "timebank" / "scanner_worker.js"


@require_GET
def scanner(request: SignedInRequest, pk: int) -> HttpResponse:
    """The camera, the list, what waits to be sent. Works once opened, with or without a network."""
    shift = kept_shift(request, pk)
    manifest = issue_manifest(shift, acting_user=request.user)
    return render(
        request,
        "timebank/presence/scanner.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "door": door_of(shift),
            "manifest": _told(manifest, shift, request.user.pk),
            "people": manifest.people,
            "is_cancelled": shift.state == Shift.State.CANCELLED,
            "waiting": shift.offline_scans.to_look_at().count(),
        },
    )


def _told(manifest: Manifest, shift: Shift, user: int) -> dict[str, object]:
    return {
        "shift": manifest.shift,
        "user": user,
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
        "issued_at": manifest.issued_at.isoformat(),
        "valid_until": manifest.valid_until.isoformat(),
        "signed": manifest.signed,
        "people": {one.key: one.name for one in manifest.people},
    }


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: served here, because where it is served decides what it answers for."""
    answer = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8")


@require_POST
def scans(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the phone kept; each scan is answered with what came of it, also the second time."""
    shift = kept_shift(request, pk)
    bundle = bundle_of(request.body, device_of(request))
    if bundle is None:
        words = _("没有看懂手机传来的内容。请联网重新打开扫码页，再上传一次。")
        return JsonResponse({"message": words}, status=422)
    taken = take_in_scans(shift, bundle, acting_user=request.user)
    return JsonResponse(
        {
            "scans": [
                {"client_id": str(scan.client_id), "state": scan.state, "words": words_of(scan)}
                for scan in taken
            ],
            "waiting": shift.offline_scans.to_look_at().count(),
        }
    )


def scan_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One scan that did not fit: why, what is known, and what somebody decides."""
    scan = get_object_or_404(OfflineScan.objects.visible_to(request.user).with_shift(), pk=pk)
    is_open = OFFLINE_SCAN.open_to(request.user, scan)
    keeps_presence = rules.may_keep_presence(request.user, scan.shift)
    if request.method == "POST":
        OFFLINE_SCAN.require(scan, "dismiss", acting_user=request.user)
    form = SettleScanForm(request.POST or None, scan=scan) if is_open else None
    if form is not None and form.is_bound and form.is_valid():
        settled = form.hand_in(acting_user=request.user)
        if settled is not None:
            messages.success(request, _("已处理：%(what)s。") % {"what": words_of(settled)})
            if not keeps_presence:
                return redirect(settled)
            return redirect(f"{reverse('timebank:presence-desk', args=[scan.shift_id])}#scans")
    known = Attendance.objects.filter(shift=scan.shift, volunteer=scan.volunteer_id).first()
    return render(
        request,
        "timebank/presence/scan.html",
        {
            "scan": scan,
            "shift": scan.shift,
            "activity": scan.shift.activity,
            "form": form,
            "known": known,
            "keeps_presence": keeps_presence,
            "is_own": scan.volunteer_id == request.user.pk,
        },
        status=422 if request.method == "POST" else 200,
    )
