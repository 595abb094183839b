"""Needs for everyone: the list, a need's story, raising one, voices, the poster, files."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.data_words import in_readers_language
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.rules import organisations_of
from accounts.services.papers import typeset
from accounts.templatetags.kit import day
from accounts.views.attachments import attachment_response
from ventures.forms.needs import FileForm, NeedFilter, NeedForm, WordsForm, words_of
from ventures.lifecycles.needs import NEED
from ventures.models import Need
from ventures.rules import needs as rules
from ventures.selectors.needs import (
    TONES,
    asked_to_complete,
    figures_of,
    filtered,
    listing_of,
    own_needs,
    story_of,
    supports,
)
from ventures.selectors.partners import projects_for
from ventures.services.need_support import support_need, take_back_support
from ventures.services.needs import add_need_file, raise_need, remove_need_file, resubmit_need

PER_PAGE = 20
POSTER = "ventures/papers/need_poster.typ"
FATE_VERBS = ("put_in_menu", "put_in_call", "refer", "settle", "leave_to_market", "refuse")


# The public list ------------------------------------------------------------------


@login_not_required
@require_GET
def need_list(request: HttpRequest) -> HttpResponse:
    """民生需求清单: what was raised and what became of it, narrowed down in the address."""
    filters = NeedFilter(request.GET)
    needs = filtered(Need.objects.public(), filters.wanted())
    page = Paginator(needs.whole().with_voices(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ventures/needs/list.html",
        {
            "filters": filters,
            "page_obj": page,
            "rows": rows_of(list(page)),
            "total": page.paginator.count,
            "figures": figures_of(needs),
            "is_filtered": any(request.GET.get(name) for name in filters.fields),
            "has_desk": isinstance(request.user, User) and rules.reads_needs(request.user),
        },
    )


def rows_of(needs: list[Need]) -> list[dict[str, Any]]:
    return [{"need": need, "tone": TONES[need.state]} for need in needs]


@login_not_required
@require_GET
def need_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One need: what is lacking, its whole story, its fate with the days it took."""
    need = find_need(request, pk)
    user = request.user if isinstance(request.user, User) else None
    inside = user is not None and rules.sees_inside(user, need)
    arrows = NEED.open_to(user, need) if user else []
    verbs = {arrow.verb: arrow for arrow in arrows}
    is_raiser = user is not None and rules.is_raiser(user, need)
    round = need.round if need.round and need.round.is_published else None
    return render(
        request,
        "ventures/needs/detail.html",
        {
            "need": need,
            "tone": TONES[need.state],
            "story": story_of(need, inside=inside),
            "round": round,
            "listing": listing_of(need),
            "inside": inside,
            "files": need.files.filter(removed_at__isnull=True).select_related("attachment"),
            "asked": asked_to_complete(need) if inside and need.state == "returned" else "",
            "merged": need.merged.public(),
            "projects": projects_for(need),
            "is_raiser": is_raiser,
            "may_add_files": need.state in Need.OPEN and (is_raiser or "list" in verbs),
            "may_fix": "resubmit" in verbs,
            "screening": [verbs[v] for v in ("list", "return_", "merge") if v in verbs],
            "fates": [verbs[v] for v in FATE_VERBS if v in verbs],
            "undo": [verbs[v] for v in ("reconsider", unmerge_verb(need)) if v in verbs],
            "may_withdraw": "withdraw" in verbs,
            "may_support": user is not None and rules.may_support(user, need),
            "supports": user is not None and supports(user, need),
            "is_supportable": need.state == Need.State.LISTED and not need.is_personal,
            "is_public": not need.is_personal
            and (need.listed_at is not None or need.has_fate)
            and need.state != Need.State.WITHDRAWN,
        },
    )


def unmerge_verb(need: Need) -> str:
    return "unmerge" if need.listed_at else "unmerge_unlisted"


def find_need(request: HttpRequest, pk: int) -> Need:
    visible = Need.objects.visible_to(request.user).values("pk")
    return get_object_or_404(Need.objects.filter(pk__in=visible).whole().with_voices(), pk=pk)


@login_not_required
@require_GET
def need_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """An A4 sheet for the community's board: what was asked, how it stands, and a QR."""
    need = get_object_or_404(Need.objects.public().whole().with_voices(), pk=pk)
    link = f"{settings.PUBLIC_ADDRESS}{need.get_absolute_url()}"
    facts = [
        [_("编号"), need.number],
        [_("地点"), str(need.region)],
        [_("谁的需要"), in_readers_language(need.track.name)],
        [_("大约人数"), str(need.people)],
        [_("提出日期"), day(need.raised_at)],
    ]
    if need.has_fate:
        facts.append([_("用时"), _("%(days)d 个工作日") % {"days": need.days_taken or 0}])
    content = typeset(
        POSTER,
        {
            "title": need.title,
            "kind": _("民生需求清单"),
            "state": str(need.get_state_display()),
            "description": need.description,
            "answer_label": _("答复"),
            "answer": need.answer,
            "facts": facts,
            "qr": segno.make(link, error="m").svg_inline(scale=4, border=1),
            "scan": _("扫一扫看办理经过")
            if need.state != Need.State.LISTED
            else _("扫一扫支持、看办理经过"),
            "link": link,
            "foot": _("%(site)s · %(day)s 制作")
            % {"site": settings.SITE_NAME, "day": day(timezone.localdate())},
        },
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="need-{need.pk}.pdf"'
    return answer


# Raising ------------------------------------------------------------------------------


@require_GET
def need_own_list(request: SignedInRequest) -> HttpResponse:
    """What I or my organisation raised, and how each stands."""
    needs = own_needs(request.user, organisations_of(request.user))
    page = Paginator(needs, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "ventures/needs/own.html", {"rows": rows_of(list(page)), "page_obj": page}
    )


@require_http_methods(["GET", "POST"])
def need_new(request: SignedInRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = NeedForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        acting_user=request.user,
    )
    if is_sent and form.is_valid():
        need = raise_need(
            form.words(),
            source=form.source(),
            files=form.cleaned_data["uploads"],
            acting_user=request.user,
        )
        messages.success(request, _("收到了。社区先看一看，列入清单和有了去向都会告诉您。"))
        return redirect(need)
    return render(
        request,
        "ventures/needs/form.html",
        {
            "form": form,
            "title": _("提一个需求"),
            "verb": _("提交"),
            "back_url": reverse("ventures:need-list"),
        },
        status=422 if is_sent else 200,
    )


@require_http_methods(["GET", "POST"])
def need_fix(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a returned need right and hand it in again."""
    need = find_need(request, pk)
    NEED.require(need, "resubmit", acting_user=request.user)
    form = WordsForm(request.POST or None, initial=words_of(need))
    if request.method == "POST" and form.is_valid():
        resubmit_need(need, form.words(), acting_user=request.user)
        messages.success(request, _("已重新提交，社区会再看一看。"))
        return redirect(need)
    return render(
        request,
        "ventures/needs/form.html",
        {
            "form": form,
            "title": _("补充后再提交"),
            "verb": _("重新提交"),
            "asked": asked_to_complete(need),
            "back_url": need.get_absolute_url(),
        },
        status=422 if request.method == "POST" else 200,
    )


# Voices ------------------------------------------------------------------------------


@require_POST
def need_support(request: SignedInRequest, pk: int) -> HttpResponse:
    need = find_need(request, pk)
    support_need(need, acting_user=request.user)
    messages.success(request, _("已记下您的支持。有了去向会告诉您。"))
    return redirect(need)


@require_POST
def need_unsupport(request: SignedInRequest, pk: int) -> HttpResponse:
    need = find_need(request, pk)
    if take_back_support(need, acting_user=request.user):
        messages.success(request, _("已收回您的支持。"))
    return redirect(need)


# Evidence ----------------------------------------------------------------------------


@require_POST
def need_file_add(request: SignedInRequest, pk: int) -> HttpResponse:
    need = find_need(request, pk)
    if not (rules.is_raiser(request.user, need) or rules.handles(request.user, need)):
        raise NotAllowed()
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(
            request,
            "ventures/needs/form.html",
            {
                "form": form,
                "title": _("补充材料"),
                "verb": _("上传"),
                "back_url": need.get_absolute_url(),
            },
            status=422,
        )
    for file in form.cleaned_data["uploads"]:
        add_need_file(need, file, acting_user=request.user)
    messages.success(request, _("材料已上传。"))
    return redirect(need)


@require_GET
def need_file(request: SignedInRequest, pk: int, file: int) -> FileResponse:
    """A piece of evidence, for those who raised the need or handle it."""
    need = find_need(request, pk)
    if not rules.sees_inside(request.user, need):
        raise NotAllowed()
    kept = get_object_or_404(need.files.filter(removed_at__isnull=True), pk=file)
    return attachment_response(kept.attachment)


@require_POST
def need_file_remove(request: SignedInRequest, pk: int, file: int) -> HttpResponse:
    need = find_need(request, pk)
    if not rules.is_raiser(request.user, need):
        raise NotAllowed()
    kept = get_object_or_404(need.files.filter(removed_at__isnull=True), pk=file)
    remove_need_file(kept, acting_user=request.user)
    messages.success(request, _("材料已移除。"))
    return redirect(need)
