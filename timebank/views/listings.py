"""菜单: what can be ordered, for everyone; and the station's own menu."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.requests import SignedInRequest, remembered_place
from accounts.rules import stations_of
from accounts.templatetags.kit import day
from timebank.forms.listings import ListingForm, MenuFilter
from timebank.lifecycles.orders import LISTING
from timebank.models import Listing
from timebank.rules import orders as rules
from timebank.selectors.board import available_to, menu, menu_of
from timebank.selectors.catalogue import set_aside_for
from timebank.services.listings import (
    close_listing,
    draft_listing,
    edit_listing,
    pause_listing,
    publish_listing,
    resume_listing,
)

PER_PAGE = 24
INSURANCE_ENDS_SOON = timedelta(days=30)
TONES = {"draft": "neutral", "published": "done", "paused": "waiting", "closed": "neutral"}


# For everyone ---------------------------------------------------------------------


@login_not_required
def menu_page(request: HttpRequest) -> HttpResponse:
    """The menu of all stations, the nearest first, narrowed down in the address."""
    filters = MenuFilter(request.GET)
    place = remembered_place(request)
    listings = menu(**filters.wanted(), near=place)
    page = Paginator(listings, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "timebank/listings/menu.html",
        {
            "filters": filters,
            "page_obj": page,
            "total": page.paginator.count,
            "place": place,
            "is_filtered": any(request.GET.get(name) for name in filters.fields),
        },
    )


@login_not_required
def listing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One menu item: what it is, how long it takes, where to ask."""
    listing = get_object_or_404(
        Listing.objects.visible_to(request.user).select_related(
            "service_type", "station__region__parent"
        ),
        pk=pk,
    )
    is_on_menu = Listing.objects.published().filter(pk=pk).exists()
    signed_in = request.user.is_authenticated
    return render(
        request,
        "timebank/listings/detail.html",
        {
            "listing": listing,
            "is_on_menu": is_on_menu,
            "is_insured": listing.is_insured_on(timezone.localdate()),
            "set_aside": set_aside_for(listing, listing.minutes, timezone.localdate()),
            "by_station": listing.audience == Listing.Audience.BY_STATION,
            "available": available_to(request.user, listing.station) if signed_in else None,
            "may_edit": isinstance(request.user, User)
            and rules.may_edit_menu(request.user, listing),
        },
    )


# For the station ------------------------------------------------------------------


def desk_menu(request: SignedInRequest) -> HttpResponse:
    """The menus of the stations one runs, with what can be done to each item."""
    require_station(request.user)
    page = Paginator(menu_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            listing,
            TONES[listing.state],
            LISTING.open_to(request.user, listing),
            _insurance_words(listing),
        )
        for listing in page.object_list
    ]
    return render(request, "timebank/listings/desk.html", {"rows": rows, "page_obj": page})


def listing_new(request: SignedInRequest) -> HttpResponse:
    require_station(request.user)
    form = ListingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        listing = draft_listing(
            form.cleaned_data["station"], form.details(), acting_user=request.user
        )
        messages.success(request, _("菜单项已存为草稿。上架后居民就能点单。"))
        return redirect(listing)
    return _form_page(request, form, title=_("新增菜单项"))


def listing_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    listing = get_object_or_404(Listing.objects.visible_to(request.user), pk=pk)
    if not rules.may_edit_menu(request.user, listing):
        raise NotAllowed()
    form = ListingForm(request.POST or None, user=request.user, listing=listing)
    if request.method == "POST" and form.is_valid():
        edit_listing(listing, form.details(), acting_user=request.user)
        messages.success(request, _("菜单项已修改。已经下的订单不受影响。"))
        return redirect(listing)
    return _form_page(request, form, title=_("修改菜单项"))


def _insurance_words(listing: Listing) -> tuple[str, str]:
    """How the insurance of a risky service stands, with a tone; empty where all is well."""
    until = listing.insured_until
    if not listing.service_type.carries_risk or listing.state == Listing.State.CLOSED:
        return "", ""
    today = timezone.localdate()
    if until is None:
        return gettext("没有登记保险"), "danger"
    if until < today:
        return gettext("保险已到期"), "danger"
    if until < today + INSURANCE_ENDS_SOON:
        return gettext("保险 %(day)s 到期") % {"day": day(until)}, "waiting"
    return "", ""


Verb = Callable[..., Listing]
VERBS: dict[str, tuple[Verb, str | Promise]] = {
    "publish": (publish_listing, _("已上架，居民可以点单了。")),
    "pause": (pause_listing, _("已暂停点单，已下的订单照常进行。")),
    "resume": (resume_listing, _("已恢复点单。")),
    "close": (close_listing, _("已下架，已下的订单照常进行。")),
}


@require_POST
def listing_move(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    """Publish, pause, resume or close a menu item."""
    if verb not in VERBS:
        raise Http404
    listing = get_object_or_404(Listing.objects.visible_to(request.user), pk=pk)
    act, said = VERBS[verb]
    act(listing, acting_user=request.user)
    messages.success(request, str(said))
    return redirect("timebank:desk-menu")


def require_station(user: User) -> None:
    """The pages of a station's desk are for those who run one."""
    if not stations_of(user):
        raise NotAllowed()


def _form_page(
    request: SignedInRequest, form: ListingForm, *, title: str | Promise
) -> HttpResponse:
    return render(
        request,
        "timebank/listings/form.html",
        {"form": form, "title": title},
        status=422 if form.is_bound else 200,
    )
