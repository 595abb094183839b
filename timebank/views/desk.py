"""站长的工作台: what waits for a decision, and all records of one's stations."""

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.models import Role
from accounts.requests import SignedInRequest, row_number
from accounts.rules import has_role
from accounts.services.tables import without_formula
from accounts.templatetags.kit import clock, hours, iso
from timebank.forms.records import ConfirmForm, DeskFilter, RecordFilter, ReturnForm
from timebank.models.records import READERS_OF_A_REGION, ServiceRecord
from timebank.selectors.desk import (
    cases_of,
    desk_load,
    station_records,
    stations_run_by,
    stations_seen_by,
    waiting_records,
)
from timebank.selectors.records import TONES
from timebank.services.record_decisions import confirm_records
from timebank.views.records import back_to

CASES_PER_PAGE = 20
ROWS_PER_PAGE = 50


@require_GET
def desk(request: SignedInRequest) -> HttpResponse:
    _require_desk(request)
    form = DeskFilter(request.GET or {}, stations=stations_run_by(request.user))
    waiting = waiting_records(request.user, **form.narrowing()).prefetch_related("photos")
    page = Paginator(waiting, CASES_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "timebank/desk/desk.html",
        {
            "page_obj": page,
            "form": form,
            "load": desk_load(request.user),
            "cases": [
                (
                    case,
                    ReturnForm(auto_id=f"return_{case.record.pk}_%s"),
                    ConfirmForm(
                        auto_id=f"confirm_{case.record.pk}_%s", lacks=case.lack is not None
                    ),
                )
                for case in cases_of(page.object_list)
            ],
            "here": request.get_full_path(),
            "is_filtered": bool(request.GET),
        },
    )


@require_POST
def desk_confirm(request: SignedInRequest) -> HttpResponse:
    """Confirm what was ticked, each by itself; what was refused is said with its reason."""
    _require_desk(request)
    named = (row_number(words) for words in request.POST.getlist("record"))
    ticked = [number for number in named if number is not None]
    records = list(
        ServiceRecord.objects.visible_to(request.user)
        .with_parties()
        .filter(pk__in=ticked)
        .order_by("recorded_at", "pk")
    )
    report = confirm_records(records, acting_user=request.user)
    if report.confirmed:
        messages.success(
            request,
            _("确认了 %(count)d 条，共 %(minutes)s。")
            % {"count": len(report.confirmed), "minutes": hours(report.minutes)},
        )
    for record, why in report.refused:
        messages.warning(
            request,
            _("%(name)s的“%(service)s”没有确认：%(why)s")
            % {
                "name": record.volunteer.display_name,
                "service": record.service_type.name,
                "why": why,
            },
        )
    if not records:
        messages.info(request, _("没有选中任何记录。请先在要确认的记录前打勾。"))
    return redirect(back_to(request, "timebank:desk"))


@require_GET
def station_record_list(request: SignedInRequest) -> HttpResponse:
    _require_reader(request)
    form = RecordFilter(request.GET or {}, stations=stations_seen_by(request.user))
    records = station_records(request.user, **form.narrowing())
    page = Paginator(records, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "timebank/desk/records.html",
        {
            "page_obj": page,
            "form": form,
            "rows": [(record, TONES[ServiceRecord.State(record.state)]) for record in page],
        },
    )


@require_GET
def station_record_export(request: SignedInRequest) -> HttpResponse:
    """What the list shows, as a table for Excel or WPS."""
    _require_reader(request)
    form = RecordFilter(request.GET or {}, stations=stations_seen_by(request.user))
    records = station_records(request.user, **form.narrowing())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="records-{timezone.localdate()}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(_heads())
    for record in records.iterator(chunk_size=2000):
        writer.writerow([without_formula(cell) for cell in _cells(record)])
    return answer


def _heads() -> list[str]:
    return [
        _("编号"),
        _("志愿者"),
        _("服务站点"),
        _("服务类型"),
        _("服务内容"),
        _("服务地点"),
        _("为谁服务"),
        _("日期"),
        _("开始"),
        _("结束"),
        _("时长（分钟）"),
        _("记录来源"),
        _("状态"),
        _("确认人"),
        _("确认时间"),
    ]


def _cells(record: ServiceRecord) -> list[Any]:
    return [
        record.number,
        record.volunteer.display_name,
        record.station.name,
        record.service_type.name,
        record.what,
        record.place,
        record.recipient_words,
        timezone.localdate(record.started_at).isoformat(),
        clock(record.started_at),
        clock(record.ended_at),
        record.minutes,
        record.get_provenance_display(),
        record.get_state_display(),
        record.confirmed_by.display_name if record.confirmed_by else "",
        iso(record.confirmed_at) if record.confirmed_at else "",
    ]


def _require_desk(request: SignedInRequest) -> None:
    if not has_role(request.user, Role.Kind.COORDINATOR):
        raise NotAllowed()


def _require_reader(request: SignedInRequest) -> None:
    if not has_role(request.user, Role.Kind.COORDINATOR, *READERS_OF_A_REGION):
        raise NotAllowed()
