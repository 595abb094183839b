"""纸质签到表: print it filled in beforehand, type it in afterwards, read it again."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.services.papers import typeset
from accounts.templatetags.kit import period
from accounts.views.attachments import attachment_response
from timebank.errors.presence import OwnSheet, ShiftCalledOff
from timebank.forms.sheets import CompareForm, SheetForm
from timebank.models import PaperSheet, Shift, Signup
from timebank.rules import presence as rules
from timebank.selectors.presence import TONES
from timebank.views.presence import kept_shift

PAPER = "timebank/papers/sign_in_sheet.typ"
LEAST_LINES = 20
SPARE_LINES = 5


@require_GET
def paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sheet as an A4 page: who has a seat is on it, with lines for who just comes."""
    shift = kept_shift(request, pk)
    answer = HttpResponse(typeset(PAPER, _paper_data(shift)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="sign-in-{shift.pk}.pdf"'
    return answer


def _paper_data(shift: Shift) -> dict[str, object]:
    activity = shift.activity
    seated = list(
        Signup.objects.seated()
        .filter(shift=shift)
        .select_related("volunteer__person")
        .order_by("seat")
    )
    lines = [
        [
            str(signup.seat),
            _real_name(signup),
            f"V{signup.volunteer_id:06d}",
            (signup.volunteer.phone or "")[-4:],
        ]
        for signup in seated
    ]
    blank = max(SPARE_LINES, LEAST_LINES - len(lines))
    lines += [[str(len(seated) + number), "", "", ""] for number in range(1, blank + 1)]
    return {
        "title": _("志愿服务签到表"),
        "facts": [
            [_("活动"), activity.title],
            [_("时间"), period(shift.starts_at, shift.ends_at)],
            [_("地点"), shift.place],
            [_("活动组织单位"), activity.owner_name],
            [_("活动负责人"), activity.led_by.display_name],
            [_("编号"), f"CC{shift.pk:06d}"],
        ],
        "heads": [
            _("序号"),
            _("姓名"),
            _("编号"),
            _("手机后四位"),
            _("签到"),
            _("签退"),
            _("签名"),
        ],
        "rows": lines,
        "walk_ins": _("没有报名、直接来的人，写在空行里，手机号写全；第一次来的请写出生日期。"),
        "signatures": [_("记录人"), _("审核人"), _("日期")],
        "foot": _("%(site)s · 时间写到分，如 8:30；签到、签退和签名由本人填写。")
        % {"site": settings.SITE_NAME},
    }


def _real_name(signup: Signup) -> str:
    person = getattr(signup.volunteer, "person", None)
    return person.real_name if person else signup.volunteer.display_name


def sheet_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Type a signed sheet in: everyone on one page, who just came below."""
    shift = kept_shift(request, pk)
    if shift.state == Shift.State.CANCELLED:
        raise ShiftCalledOff()
    posted = request.method == "POST"
    form = SheetForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        shift=shift,
        person=request.user,
    )
    if posted and "more" not in request.POST:
        sheet = form.hand_in(acting_user=request.user)
        if sheet is not None:
            count = sheet.attendances.count()
            words = ngettext(
                "已录入 %(count)d 人，时长等另一位工作人员确认。",
                "已录入 %(count)d 人，时长等另一位工作人员确认。",
                count,
            )
            messages.success(request, words % {"count": count})
            return redirect(sheet)
    if posted:
        form.is_valid()
        form.keep_photos()
    return render(
        request,
        "timebank/sheets/form.html",
        {
            "form": form,
            "shift": shift,
            "activity": shift.activity,
            "problems": [line for line in form.lines() if posted and line.errors],
        },
        status=422 if posted else 200,
    )


@require_GET
def sheet_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was entered from one sheet, beside its scan; another person compares the two here."""
    return _sheet_page(request, _kept_sheet(request, pk))


@require_POST
def sheet_compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """The second look: what agrees with the paper is confirmed, all at once."""
    sheet = _kept_sheet(request, pk)
    if sheet.entered_by == request.user:
        raise OwnSheet()
    form = CompareForm(request.POST, sheet=sheet)
    report = form.hand_in(acting_user=request.user) if form.is_valid() else None
    if report is None:
        return _sheet_page(request, sheet, compare=form)
    words = ngettext(
        "已核对，确认了 %(count)d 条，时间已记入。",
        "已核对，确认了 %(count)d 条，时间已记入。",
        len(report.confirmed),
    )
    messages.success(request, words % {"count": len(report.confirmed)})
    for record, sentence in report.refused:
        messages.warning(request, f"{record.volunteer.display_name}：{sentence}")
    return redirect(sheet)


def _sheet_page(
    request: SignedInRequest, sheet: PaperSheet, *, compare: CompareForm | None = None
) -> HttpResponse:
    rows = sheet.attendances.select_related("volunteer__person", "record", "signup")
    may_compare = sheet.compared_at is None and rules.may_compare_sheet(request.user, sheet)
    return render(
        request,
        "timebank/sheets/detail.html",
        {
            "sheet": sheet,
            "shift": sheet.shift,
            "activity": sheet.shift.activity,
            "rows": [(row, TONES[row.state]) for row in rows],
            "scans": sheet.scans.all(),
            "keeps_presence": rules.may_keep_presence(request.user, sheet.shift),
            "compare": compare or (CompareForm(sheet=sheet) if may_compare else None),
            "is_own": sheet.entered_by == request.user and sheet.compared_at is None,
        },
        status=422 if compare else 200,
    )


@require_GET
def sheet_scan(request: SignedInRequest, pk: int, token: UUID) -> FileResponse:
    scan = _kept_sheet(request, pk).scans.filter(token=token).first()
    if scan is None:
        raise Http404
    return attachment_response(scan, thumbnail="thumbnail" in request.GET and bool(scan.thumbnail))


def _kept_sheet(request: SignedInRequest, pk: int) -> PaperSheet:
    sheet = get_object_or_404(
        PaperSheet.objects.visible_to(request.user).select_related(
            "entered_by",
            "compared_by",
            "shift__region",
            "shift__activity__station__region",
            "shift__activity__organisation",
            "shift__activity__community",
        ),
        pk=pk,
    )
    if not rules.may_see_sheet(request.user, sheet):
        raise NotAllowed()
    return sheet
