"""积分: one's own points; for who gives them, grants proposed and decided."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.selectors.changes import trail_of
from timebank.forms.adjustments import DecisionForm
from timebank.forms.points import PointGrantForm
from timebank.lifecycles.books import POINT_GRANT
from timebank.models.adjustments import CorrectionState
from timebank.models.banks import TimeBank
from timebank.models.points import PointGrant
from timebank.rules.books import may_decide_points, may_propose_points
from timebank.selectors.books import transfers_seen_by
from timebank.selectors.passbook import passbook_lines
from timebank.selectors.points import banks_to_give_points_in, points_accounts_of
from timebank.selectors.statements import balance_of, statement_of
from timebank.services.points import (
    approve_points,
    propose_points,
    refuse_points,
    try_points_again,
    withdraw_points,
)
from timebank.views.adjustments import TONES, TRAIL

ROWS = 50
LINES = 30


@require_GET
def my_points(request: SignedInRequest) -> HttpResponse:
    """我的积分: how many, and for what."""
    accounts = [
        (
            account,
            balance_of(account),
            passbook_lines(statement_of(account, limit=LINES).lines, reader=request.user),
        )
        for account in points_accounts_of(request.user)
    ]
    return render(
        request,
        "timebank/points/mine.html",
        {"accounts": accounts, "gives": bool(banks_to_give_points_in(request.user))},
    )


@require_GET
def grant_list(request: SignedInRequest) -> HttpResponse:
    """Grants of the books one keeps or audits, and those one proposed."""
    grants = PointGrant.objects.visible_to(request.user).select_related("bank", "proposed_by")
    page = Paginator(grants.prefetch_related("rows"), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "timebank/points/list.html",
        {
            "page_obj": page,
            "rows": [
                (
                    grant,
                    TONES[CorrectionState(grant.state)],
                    sum(row.points for row in grant.rows.all()),
                )
                for grant in page
            ],
            "banks": banks_to_give_points_in(request.user),
        },
    )


def grant_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose points for people."""
    bank = get_object_or_404(TimeBank.objects.select_related("region", "book"), pk=pk)
    if not may_propose_points(request.user, bank):
        raise NotAllowed()
    form = PointGrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        grant = propose_points(
            bank,
            form.cleaned_data["people"],
            reason=form.cleaned_data["reason"],
            request_key=form.cleaned_data["request_key"],
            acting_user=request.user,
        )
        messages.success(request, _("已提交，等另一位经办人复核。现在还没有发放。"))
        return redirect(grant)
    return render(
        request,
        "timebank/points/new.html",
        {"bank": bank, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_GET
def grant_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    grant = _seen(request, pk)
    rows = list(grant.rows.select_related("person"))
    refused = [row for row in rows if row.refusal]
    posted = [row.transfer_id for row in rows if row.transfer_id]
    return render(
        request,
        "timebank/points/detail.html",
        {
            "grant": grant,
            "tone": TONES[CorrectionState(grant.state)],
            "rows": rows,
            "openable": set(
                transfers_seen_by(request.user).filter(pk__in=posted).values_list("pk", flat=True)
            ),
            "points": sum(row.points for row in rows),
            "refused": refused,
            "may_try_again": bool(refused) and may_decide_points(request.user, grant),
            "verbs": {arrow.verb for arrow in POINT_GRANT.open_to(request.user, grant)},
            "form": DecisionForm(),
            "trail": trail_of(grant, TRAIL),
        },
    )


@require_POST
def grant_decide(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    grant = _seen(request, pk)
    form = DecisionForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if verb == "approve":
        approve_points(grant, reason=reason, acting_user=request.user)
        _say_answers(request, grant)
    elif verb == "again":
        try_points_again(grant, acting_user=request.user)
        _say_answers(request, grant)
    elif verb == "refuse":
        refuse_points(grant, reason=reason, acting_user=request.user)
        messages.success(request, _("已退回，提出人会收到消息。"))
    elif verb == "withdraw":
        withdraw_points(grant, acting_user=request.user)
        messages.success(request, _("已撤回，没有发放。"))
    else:
        raise Http404
    return redirect(grant)


def _say_answers(request: SignedInRequest, grant: PointGrant) -> None:
    posted = grant.rows.exclude(transfer_id=None).count()
    refused = grant.rows.exclude(refusal="").count()
    if refused:
        messages.warning(
            request,
            _("%(posted)d 人的积分已入账，%(refused)d 人没有入账，原因写在各行。")
            % {"posted": posted, "refused": refused},
        )
    else:
        messages.success(request, _("%(posted)d 人的积分已全部入账。") % {"posted": posted})


def _seen(request: SignedInRequest, pk: int) -> PointGrant:
    return get_object_or_404(
        PointGrant.objects.visible_to(request.user).select_related(
            "bank__region", "proposed_by", "decided_by"
        ),
        pk=pk,
    )
