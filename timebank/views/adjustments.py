"""更正: the log, proposing an adjustment or a reversal, deciding; and holding an account still."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.selectors.changes import trail_of
from accounts.views.attachments import attachment_response
from timebank.errors.books import MovedByDecisions
from timebank.forms.adjustments import (
    AdjustmentForm,
    CorrectionFilter,
    DecisionForm,
    ReversalForm,
    StandingForm,
    StandingProposalForm,
)
from timebank.lifecycles.books import CORRECTION
from timebank.models.adjustments import Adjustment, CorrectionState
from timebank.models.ledger import AccountState, LedgerAccount
from timebank.rules.books import (
    is_moved_by_decisions,
    may_ask_to_hold_still,
    may_hold_still,
    may_propose_on,
)
from timebank.selectors.books import accounts_seen_by, transfers_seen_by, with_entries
from timebank.selectors.corrections import (
    accounts_touched_by,
    corrections_answered_for_by,
    corrections_seen_by,
    narrowed,
    state_changes_seen_by,
)
from timebank.services import standing
from timebank.services.adjustments import (
    approve_correction,
    bank_of_book,
    propose_adjustment,
    propose_reversal,
    propose_standing,
    refuse_correction,
    withdraw_correction,
)

type Words = str | Promise

ROWS = 30
TONES = {
    CorrectionState.PROPOSED: "waiting",
    CorrectionState.APPROVED: "done",
    CorrectionState.REFUSED: "danger",
    CorrectionState.WITHDRAWN: "neutral",
}
TRAIL: dict[str, Words] = {
    "propose": gettext_lazy("提出"),
    "approve": gettext_lazy("复核通过，已入账"),
    "refuse": gettext_lazy("未通过"),
    "withdraw": gettext_lazy("撤回"),
}
STANDINGS = {
    "freeze": (standing.freeze, AccountState.FROZEN, gettext_lazy("冻结")),
    "suspend": (standing.suspend, AccountState.SUSPENDED, gettext_lazy("停用")),
    "reopen": (standing.reopen, AccountState.OPEN, gettext_lazy("恢复正常")),
    "close": (standing.close, AccountState.CLOSED, gettext_lazy("销户")),
}


@require_GET
def correction_list(request: SignedInRequest) -> HttpResponse:
    """更正记录: adjustments and reversals, and what was done to accounts themselves."""
    form = CorrectionFilter(request.GET or {})
    corrections = narrowed(corrections_seen_by(request.user), **form.narrowing())
    corrections = corrections.select_related(
        "book", "transfer", "from_account", "to_account", "proposed_by", "decided_by"
    )
    page = Paginator(corrections, ROWS).get_page(request.GET.get("page"))
    changes = state_changes_seen_by(request.user, most=ROWS) if page.number == 1 else []
    return render(
        request,
        "timebank/corrections/list.html",
        {
            "form": form,
            "page_obj": page,
            "rows": [(one, TONES[CorrectionState(one.state)]) for one in page],
            "changes": changes,
        },
    )


@require_GET
def correction_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is asked for, why, with what evidence; and to who may decide, the two buttons."""
    correction = _seen(request, pk)
    is_staff = corrections_answered_for_by(request.user).filter(pk=pk).exists()
    if correction.transfer is not None:
        with_entries([correction.transfer])
    verbs = {arrow.verb for arrow in CORRECTION.open_to(request.user, correction)}
    return render(
        request,
        "timebank/corrections/detail.html",
        {
            "correction": correction,
            "tone": TONES[CorrectionState(correction.state)],
            "is_staff": is_staff,
            "verbs": verbs,
            "form": DecisionForm(),
            "trail": trail_of(correction, TRAIL) if is_staff else [],
            "accounts": accounts_touched_by(correction) if is_staff else [],
            "openable": set(
                accounts_seen_by(request.user)
                .filter(book_id=correction.book_id)
                .filter(pk__in=[one.pk for one in accounts_touched_by(correction)])
                .values_list("pk", flat=True)
            ),
        },
    )


@require_GET
def correction_evidence(request: SignedInRequest, pk: int) -> FileResponse:
    """The evidence, for those who keep or audit the books."""
    correction = get_object_or_404(corrections_answered_for_by(request.user), pk=pk)
    return attachment_response(correction.evidence)


def reversal_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose to undo a transfer."""
    transfer = get_object_or_404(
        transfers_seen_by(request.user).select_related("book__time_bank__region"), pk=pk
    )
    with_entries([transfer])
    keys = [side.account.owner_key for side in transfer.sides]  # type: ignore[attr-defined]
    if not may_propose_on(request.user, transfer.book, keys):
        raise NotAllowed()
    form = ReversalForm(request.POST or None, request.FILES or None, unit=transfer.book.unit)
    if request.method == "POST" and form.is_valid():
        evidence = form.keep_evidence(request.user)
        if evidence is not None:
            correction = propose_reversal(
                transfer,
                reason=form.cleaned_data["reason"],
                evidence=evidence,
                allows_debt=form.cleaned_data.get("allows_debt", False),
                request_key=form.cleaned_data["request_key"],
                acting_user=request.user,
            )
            messages.success(request, _("已提出冲正，等另一位经办人复核。"))
            return redirect(correction)
    return render(
        request,
        "timebank/corrections/new.html",
        {"form": form, "transfer": transfer, "book": transfer.book},
        status=422 if form.is_bound else 200,
    )


def adjustment_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose an adjustment of this account."""
    account = _account_seen(request, pk)
    book = account.book
    if not may_propose_on(request.user, book, [account.owner_key]):
        raise NotAllowed()
    if is_moved_by_decisions(account):
        raise MovedByDecisions(account=account.label)
    form = AdjustmentForm(request.POST or None, request.FILES or None, book=book, about=account)
    if request.method == "POST" and form.is_valid():
        evidence = form.keep_evidence(request.user)
        if evidence is not None:
            correction = propose_adjustment(
                book,
                from_account=form.cleaned_data["from_account"],
                to_account=form.cleaned_data["to_account"],
                amount=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                evidence=evidence,
                request_key=form.cleaned_data["request_key"],
                acting_user=request.user,
            )
            messages.success(request, _("已提出调账，等另一位经办人复核。"))
            return redirect(correction)
    return render(
        request,
        "timebank/corrections/new.html",
        {"form": form, "about": account, "book": book},
        status=422 if form.is_bound else 200,
    )


@require_POST
def correction_decide(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    """The second person's yes or no, or the first one's withdrawal."""
    correction = _seen(request, pk)
    form = DecisionForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if verb == "approve":
        approve_correction(correction, reason=reason, acting_user=request.user)
        done = _("已复核通过并入账，相关的人会收到消息。")
        held = _("已复核通过，账户状态已经改好。")
        messages.success(request, held if correction.standing else done)
    elif verb == "refuse":
        refuse_correction(correction, reason=reason, acting_user=request.user)
        messages.success(request, _("已退回，提出人会收到消息。"))
    elif verb == "withdraw":
        withdraw_correction(correction, acting_user=request.user)
        messages.success(request, _("已撤回，没有入账。"))
    else:
        raise Http404
    return redirect(correction)


def account_standing(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    """Freeze, suspend, close or open an account: first what it means, then why."""
    account = _account_seen(request, pk)
    if verb not in STANDINGS:
        raise Http404
    act, state, words = STANDINGS[verb]
    if getattr(account.book, "time_bank", None) is None:
        return _standing_new(request, account, state, words)
    bank = bank_of_book(account.book)
    if not may_hold_still(request.user, bank, account):
        raise NotAllowed()
    form = StandingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(account, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(
            request, _("已办理：%(state)s。账户本人会收到消息。") % {"state": state.label}
        )
        return redirect("timebank:account-detail", pk=account.pk)
    return render(
        request,
        "confirm.html",
        {
            "title": _("%(label)s：%(state)s") % {"label": account.label, "state": words},
            "consequence": standing.MEANINGS[state],
            "form": form,
            "verb": _("确认办理"),
            "tone": "primary" if verb == "reopen" else "danger",
            "back_url": reverse("timebank:account-detail", args=[account.pk]),
        },
        status=422 if form.is_bound else 200,
    )


def _standing_new(
    request: SignedInRequest, account: LedgerAccount, state: AccountState, words: Words
) -> HttpResponse:
    """The same of a book that no bank keeps: proposed here, decided by a second person."""
    if not may_ask_to_hold_still(request.user, account):
        raise NotAllowed()
    form = StandingProposalForm(
        request.POST or None,
        request.FILES or None,
        account=account,
        closes=state == AccountState.CLOSED,
    )
    if request.method == "POST" and form.is_valid():
        evidence = form.keep_evidence(request.user)
        if evidence is not None:
            correction = propose_standing(
                account,
                state=state,
                to_account=form.cleaned_data.get("to_account"),
                reason=form.cleaned_data["reason"],
                evidence=evidence,
                request_key=form.cleaned_data["request_key"],
                acting_user=request.user,
            )
            messages.success(request, _("已提出，等另一位经办人复核。"))
            return redirect(correction)
    return render(
        request,
        "timebank/corrections/new.html",
        {
            "form": form,
            "about": account,
            "book": account.book,
            "title": _("提出%(state)s") % {"state": words},
            "consequence": standing.MEANINGS_OF_MONEY[state],
        },
        status=422 if form.is_bound else 200,
    )


def _seen(request: SignedInRequest, pk: int) -> Adjustment:
    return get_object_or_404(
        corrections_seen_by(request.user).select_related(
            "book__time_bank__region",
            "transfer__book",
            "from_account",
            "to_account",
            "proposed_by",
            "decided_by",
            "evidence",
            "posted",
        ),
        pk=pk,
    )


def _account_seen(request: SignedInRequest, pk: int) -> LedgerAccount:
    return get_object_or_404(
        accounts_seen_by(request.user).select_related("book__time_bank__region"), pk=pk
    )
