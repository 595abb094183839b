"""历史数据导入: upload, the rows with what is wrong beside them, propose, take in, undo, report."""

from http import HTTPStatus
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.selectors.changes import trail_of
from accounts.services.tables import Table, csv_of
from timebank.forms.history import ColumnsForm, HistoryForm, HistoryReasonForm
from timebank.lifecycles.history import HISTORY
from timebank.models.history import HistoryImport
from timebank.selectors.history import (
    brings_history,
    done_so_far,
    report_rows,
    rows_of,
)
from timebank.services import history as services

ROWS = 50
SAMPLES = Path(__file__).resolve().parent.parent / "data" / "history"
TONES = {
    "mapping": "waiting",
    "reading": "waiting", "faulty": "danger", "clean": "waiting", "proposed": "waiting",
    "posting": "waiting", "posted": "done", "refused": "danger", "withdrawn": "neutral",
    "undoing": "waiting", "undone": "neutral",
}  # fmt: skip
SAMPLED = [
    (origin, label)
    for origin, label in HistoryImport.Origin.choices
    if origin != HistoryImport.Origin.OTHER
]
SHOWN_OF_A_COLUMN = 3
TRAIL = {"bring": gettext_lazy("上传")} | {arrow.verb: arrow.label for arrow in HISTORY}


@require_GET
def history_list(request: SignedInRequest) -> HttpResponse:
    """What was brought and how it stands; the sample files."""
    found = HistoryImport.objects.visible_to(request.user).select_related("station", "brought_by")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(one, TONES[one.state]) for one in page],
        "brings": brings_history(request.user),
        "origins": SAMPLED,
    }
    return render(request, "timebank/history/list.html", context)


def history_new(request: SignedInRequest) -> HttpResponse:
    if not brings_history(request.user):
        raise NotAllowed()
    is_sent = request.method == "POST"
    form = HistoryForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, user=request.user
    )
    if is_sent and form.is_valid():
        history = form.hand_in()
        if history is not None and history.state == "mapping":
            return redirect("timebank:history-columns", history.pk)
        if history is not None:
            return redirect(history)
    context = {"form": form, "origins": SAMPLED}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "timebank/history/new.html", context, status=status)


@require_GET
def history_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """How it stands; while a task works, the part that changes is asked for every two seconds."""
    return _page(request, _seen(request, pk))


def history_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Each head with what stands under it, and what it is taken for; then the rows are read so."""
    history = _seen(request, pk)
    HISTORY.require(history, "read_so", acting_user=request.user)
    rows = [row.cells for row in history.rows.order_by("number")[:SHOWN_OF_A_COLUMN]]
    form = ColumnsForm(request.POST or None, history=history, first_rows=rows)
    if request.method == "POST" and form.is_valid():
        read = form.hand_in(acting_user=request.user)
        if read is not None:
            services.carry_on_later(read)
            messages.success(request, _("记住了。正在按这样逐行核对，什么都没有写入。"))
            return redirect(history)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"history": history, "form": form}
    return render(request, "timebank/history/columns.html", context, status=status)


@require_POST
def history_decide(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    history = _seen(request, pk)
    form = HistoryReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if verb == "propose":
        services.propose_history(history, reason=reason, acting_user=request.user)
        messages.success(request, _("已提交。复核通过以前，什么都没有写入。"))
    elif verb == "approve":
        services.approve_history(history, reason=reason, acting_user=request.user)
        messages.success(request, _("已通过，正在写入。全部写入或全部不写。"))
    elif verb == "refuse":
        services.refuse_history(history, reason=reason, acting_user=request.user)
        messages.success(request, _("已退回，提出人会收到消息。"))
    elif verb == "withdraw":
        services.withdraw_history(history, acting_user=request.user)
        messages.success(request, _("已撤回，什么都没有写入。"))
    elif verb == "undo":
        services.undo_history(history, reason=reason, acting_user=request.user)
        messages.success(request, _("正在撤销，这一批记录逐条冲正。"))
    else:
        raise Http404
    return redirect(history)


@require_GET
def history_report(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """The file with what became of each row, to put right in Excel or WPS."""
    history = _seen(request, pk)
    first = history.rows.order_by("number").first()
    blanks = [""] * (len(first.cells) if first else 0)
    columns = {at: name for name, at in history.heads["columns"].items()}
    heads = [history.heads["heads"].get(columns.get(at, ""), "") for at in range(len(blanks))]
    table = Table(
        title="",
        facts=[(_("文件"), history.file_name), (_("状态"), str(history.get_state_display()))],
        heads=[_("行"), _("要改什么"), _("服务记录"), *heads],
        rows=report_rows(history),
    )
    return StreamingHttpResponse(
        csv_of(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="history-{history.pk}.csv"'},
    )


@require_GET
def history_sample(request: SignedInRequest, origin: str) -> FileResponse:
    """A small file of invented people with the heads of that system."""
    if origin not in dict(SAMPLED):
        raise Http404
    path = SAMPLES / f"{origin}.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{origin}.csv")


def _page(request: SignedInRequest, history: HistoryImport) -> HttpResponse:
    part = "#standing" if request.headers.get("HX-Request") else ""
    page = Paginator(rows_of(history), ROWS).get_page(request.GET.get("page"))
    context = {
        "history": history,
        "tone": TONES[history.state],
        "done": done_so_far(history),
        "page_obj": page,
        "heads": list(history.heads["heads"].values()),
        "verbs": {arrow.verb for arrow in HISTORY.open_to(request.user, history)},
        "form": HistoryReasonForm(),
        "trail": [] if part else trail_of(history, TRAIL),
    }
    return render(request, f"timebank/history/detail.html{part}", context)


def _seen(request: SignedInRequest, pk: int) -> HistoryImport:
    found = HistoryImport.objects.visible_to(request.user).select_related(
        "bank__region", "station__region", "brought_by", "decided_by", "undone_by"
    )
    return get_object_or_404(found.distinct(), pk=pk)
