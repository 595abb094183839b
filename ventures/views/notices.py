"""公示 and 公告: publish, read without signing in, print, check, conclude."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.clock import database_now
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.services.papers import typeset
from accounts.working_days import unknown_years
from ventures.errors.decisions import NoticeNotAsSeen
from ventures.forms.notices import NoticeForm
from ventures.lifecycles.decisions import NOTICE
from ventures.models import Announcement, PublicNotice, Round
from ventures.models.decisions import words_file_of
from ventures.reckoning.award_record import canonical
from ventures.rules import decisions as rules
from ventures.rules.objections import may_object
from ventures.selectors.announcements import Ending, ending_of, fallen_of, has_more
from ventures.selectors.award_corrections import why_not_corrected
from ventures.selectors.award_wishes import waiting_correction
from ventures.selectors.notice_papers import announcement_paper, notice_paper
from ventures.selectors.notices import (
    NoticePage,
    NoticeTerms,
    listed_notices,
    page_of,
    public_notices,
    usual_terms_of,
)
from ventures.selectors.promotions import awaits_supplement, moves_up_in
from ventures.selectors.reissues import (
    in_force_after,
    to_be_replaced,
    to_be_withdrawn,
    whole_objections_left,
    withdrawn_in_words,
)
from ventures.services.notices import conclude_notice, preview_notice, publish_notice
from ventures.views.lookups import find_round_to_decide

PER_PAGE = 20


@login_not_required
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """All notices, or those of one round (`?round=`)."""
    listed = listed_notices()
    code = request.GET.get("round")
    round = Round.objects.public().filter(code=code).first() if code else None
    page = Paginator(listed.filter(round=round) if round else listed, PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "ventures/notices/list.html",
        {"page_obj": page, "now": database_now(), "round": round},
    )


@login_not_required
@require_GET
def notice(request: HttpRequest, code: str) -> HttpResponse:
    notice = get_object_or_404(public_notices(), code=code)
    page = page_of(notice, database_now())
    user = request.user
    is_officer = isinstance(user, User) and rules.is_notice_officer(user, notice)
    ending = ending_of(notice) if is_officer and _may_still_end(notice, page) else None
    return render(
        request,
        "ventures/notices/notice.html",
        {
            "notice": notice,
            "shown": page,
            "words": page.words,
            "fallen": fallen_of(notice),
            "ending": ending,
            "may_conclude": ending is not None and _has_something(notice, ending),
            "moves_up": is_officer and moves_up_in(notice.round),
            "lacks_name": isinstance(user, User) and not may_object(user),
            "in_force": in_force_after(notice) if notice.withdrawn_at else None,
            "may_correct": is_officer
            and notice.withdrawn_at is not None
            and to_be_replaced(notice.round) == notice
            and why_not_corrected(notice.round, notice) is None,
            "may_withdraw": isinstance(user, User) and NOTICE.allows("withdraw", user, notice),
            "must_withdraw": is_officer and to_be_withdrawn().filter(pk=notice.pk).exists(),
        },
    )


def _may_still_end(notice: PublicNotice, page: NoticePage) -> bool:
    is_withdrawn = notice.state == PublicNotice.State.WITHDRAWN
    return page.is_over and notice.round.state == Round.State.NOTICED and not is_withdrawn


def _has_something(notice: PublicNotice, ending: Ending) -> bool:
    """The button is there when pressing it announces something."""
    is_first = notice.state == PublicNotice.State.OPEN
    return ending.may_go_on and (is_first or has_more(notice, ending))


@login_not_required
@require_GET
def notice_pdf(request: HttpRequest, code: str) -> HttpResponse:
    notice = get_object_or_404(public_notices(), code=code)
    return HttpResponse(
        typeset("ventures/papers/notice.typ", notice_paper(notice)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="notice-{code}.pdf"'},
    )


@login_not_required
@require_GET
def announcement_pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The final list on paper, from its frozen words."""
    announcement = get_object_or_404(
        Announcement.objects.select_related("notice__round"), notice__code=code, number=number
    )
    name = f"announcement-{code}-{number}.pdf"
    return HttpResponse(
        typeset("ventures/papers/announcement.typ", announcement_paper(announcement)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_not_required
@require_GET
def notice_words(request: HttpRequest, code: str) -> HttpResponse:
    """The frozen words in the very bytes their fingerprint covers, so that anyone may count it."""
    notice = get_object_or_404(public_notices(), code=code)
    return _words_file(notice.snapshot, notice.words_file)


@login_not_required
@require_GET
def announcement_words(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The same of an announcement."""
    told = get_object_or_404(Announcement, notice__code=code, number=number)
    return _words_file(told.snapshot, words_file_of(code, number))


def _words_file(words: dict[str, Any], name: str) -> HttpResponse:
    return HttpResponse(
        canonical(words),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_not_required
@require_GET
def notice_json(request: HttpRequest, code: str) -> JsonResponse:
    """All there is of a notice, for programs: its words, its announcements, what came after."""
    notice = get_object_or_404(public_notices(), code=code)
    return JsonResponse(
        {
            "sha256": notice.sha256,
            "snapshot": notice.snapshot,
            "state": notice.state,
            "withdrawn": withdrawn_in_words(notice),
            "announcements": [
                {"number": one.number, "sha256": one.sha256, "snapshot": one.snapshot}
                for one in notice.announcements.order_by("number")
            ],
            # What came after, by which the words above do not change.
            "since": [one.as_record() for one in fallen_of(notice)],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def publish(request: SignedInRequest, code: str) -> HttpResponse:
    """State what a notice must say, look at it, publish it as it was looked at."""
    round = find_round_to_decide(request, code)
    earlier = to_be_replaced(round)
    goes_on = earlier is not None or awaits_supplement(round)
    if round.state in (Round.State.NOTICED, Round.State.CONCLUDED) and not goes_on:
        return redirect(round.notices.latest("id"))
    usual = usual_terms_of(round, timezone.localdate(database_now()))
    form = NoticeForm(request.POST if request.method == "POST" else None, usual=usual)
    is_decided = round.state == Round.State.DECIDED or goes_on
    preview, is_other = None, False
    if form.is_valid():
        preview = preview_notice(round, form.terms()) if is_decided else None
        seen = request.POST.get("seen", "")
        publishes = request.POST.get("intent") == "publish"
        is_other = publishes and preview is not None and seen != preview.seen
        if publishes and not is_other:
            notice = publish_notice(round, terms=form.terms(), acting_user=request.user, seen=seen)
            messages.success(
                request,
                _("已重新公示，已通知申报方和提出异议的人。")
                if notice.replaces_id
                else _("公示已发布，已通知全部申报方。"),
            )
            return redirect(notice)
    return render(
        request,
        "ventures/notices/publish.html",
        {
            "round": round,
            "form": form,
            "preview": preview,
            "words": preview.words if preview else None,
            "not_as_seen": NoticeNotAsSeen() if is_other else None,
            "is_supplement": goes_on,
            "earlier": earlier,
            "may_correct": why_not_corrected(round, earlier) is None,
            "correction_waits": earlier is not None and waiting_correction(round) is not None,
            "to_answer": whole_objections_left(earlier) if earlier else 0,
            "is_decided": is_decided,
            "unknown_years": _unknown_years(form, usual),
        },
        status=_status(form, is_other=is_other),
    )


def _status(form: NoticeForm, *, is_other: bool) -> int:
    """Not understood, not what was seen, or shown."""
    if form.is_bound and not form.is_valid():
        return 422
    return 409 if is_other else 200


def _unknown_years(form: NoticeForm, usual: NoticeTerms) -> list[int]:
    """The years of the notice whose days off are not loaded: its last day wants a person's eye."""
    terms = form.terms() if form.is_bound and form.is_valid() else usual
    return unknown_years(terms.starts_on, terms.runs_until())


@require_POST
def conclude(request: SignedInRequest, code: str) -> HttpResponse:
    notice = get_object_or_404(PublicNotice.objects.select_related("round__region"), code=code)
    announcement = conclude_notice(notice, acting_user=request.user)
    if announcement.number > 1:
        messages.success(request, _("补充公告已发布，已通知这些申报方。"))
    elif announcement.snapshot["frozen"]:
        messages.success(request, _("没有异议的项目，公告已发布；复核结束后请发补充公告。"))
    else:
        messages.success(request, _("公示已结束，公告已发布，结果已通知全部申报方。"))
    return redirect(notice)
