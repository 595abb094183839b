"""数据报送: batches for the national or provincial system, their files, and what came back."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.services.tables import Table, csv_of
from timebank.forms.exchange import ExchangeForm, ReceiptForm
from timebank.models.exchange import Exchange
from timebank.rules.exchange import may_reconcile
from timebank.selectors.exchange import banks_exchanging, json_of, mapping_used, rows_of
from timebank.terms.exchange import STANDARD, mapping_on

ROWS = 50
TONES = {"sent": "waiting", "reconciled": "done"}
LINE_TONES = {"sent": "waiting", "accepted": "done", "rejected": "danger"}


def exchange_list(request: SignedInRequest) -> HttpResponse:
    """The log of what was given and taken; a form for the next batch; the draft mapping."""
    found = Exchange.objects.visible_to(request.user).select_related("bank", "made_by")
    may_make = banks_exchanging(request.user).exists()
    if not may_make and not found.exists():
        raise NotAllowed()
    is_sent = request.method == "POST"
    if is_sent and not may_make:
        raise NotAllowed()
    form = ExchangeForm(request.POST if is_sent else None, user=request.user)
    if is_sent and form.is_valid():
        exchange = form.hand_in()
        if exchange is not None:
            messages.success(request, _("已生成。下载文件报送，有回执再来对账。"))
            return redirect(exchange)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(one, TONES[one.state]) for one in page],
        "form": form if may_make else None,
        "standard": STANDARD,
        "mapping": mapping_on(timezone.localdate()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "timebank/exchange/list.html", context, status=status)


def exchange_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One batch: counts, files, lines; the receipt is taken in here."""
    exchange = _seen(request, pk)
    is_sent = request.method == "POST"
    if is_sent and not may_reconcile(request.user, exchange):
        raise NotAllowed()
    form = ReceiptForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        done = form.hand_in(exchange, acting_user=request.user)
        if done is not None:
            messages.success(request, _("已对账。退回的改好以后，会进下一批。"))
            return redirect(done)
    lines = exchange.lines.select_related("record").order_by("-state", "id")
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    context = {
        "exchange": exchange,
        "tone": TONES[exchange.state],
        "page_obj": page,
        "lines": [(line, LINE_TONES[line.state]) for line in page],
        "standard": STANDARD,
        "form": form
        if exchange.state == Exchange.State.SENT and may_reconcile(request.user, exchange)
        else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "timebank/exchange/detail.html", context, status=status)


@require_GET
def exchange_json(request: SignedInRequest, pk: int) -> JsonResponse:
    exchange = _seen(request, pk)
    return JsonResponse(
        json_of(exchange),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="exchange-{pk}.json"'},
    )


@require_GET
def exchange_csv(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    exchange = _seen(request, pk)
    mapping = mapping_used(exchange)
    table = Table(
        title="",
        facts=[
            (_("目标标准"), _("%(standard)s（映射草案）") % {"standard": STANDARD}),
            (_("映射版本"), mapping.version),
        ],
        heads=[str(element.name) for element in mapping.elements],
        rows=rows_of(exchange, mapping),
    )
    return StreamingHttpResponse(
        csv_of(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="exchange-{pk}.csv"'},
    )


def _seen(request: SignedInRequest, pk: int) -> Exchange:
    found = Exchange.objects.visible_to(request.user)
    return get_object_or_404(
        found.select_related("bank__region", "made_by", "reconciled_by").distinct(), pk=pk
    )
