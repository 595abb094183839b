"""Government purchases: shown here, run on the official platform."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.errors.rounds import PurchaseTakenDown
from ventures.forms.purchases import PurchaseForm
from ventures.models import Purchase
from ventures.rules import rounds as rules
from ventures.services.purchases import edit_purchase, publish_purchase, take_down_purchase
from ventures.views.rounds import sent


@login_not_required
@require_GET
def purchase_list(request: HttpRequest) -> HttpResponse:
    entries = Purchase.objects.public().select_related("region")
    return render(
        request,
        "ventures/purchases/list.html",
        {
            "page_obj": Paginator(entries, 20).get_page(request.GET.get("page")),
            "may_add": request.user.is_authenticated and rules.may_prepare_rounds(request.user),
        },
    )


@login_not_required
@require_GET
def purchase_detail(request: HttpRequest, pk: int) -> HttpResponse:
    purchase = _purchase(request, pk)
    return render(
        request,
        "ventures/purchases/detail.html",
        {
            "purchase": purchase,
            "may_keep": request.user.is_authenticated
            and purchase.withdrawn_at is None
            and rules.keeps_rules_of(request.user, purchase.region),
        },
    )


@require_http_methods(["GET", "POST"])
def purchase_new(request: SignedInRequest) -> HttpResponse:
    if not rules.may_prepare_rounds(request.user):
        raise NotAllowed()
    form = PurchaseForm(sent(request), acting_user=request.user)
    if request.method == "POST" and form.is_valid():
        purchase = publish_purchase(form.values(), acting_user=request.user)
        messages.success(request, _("已公布。"))
        return redirect(purchase)
    return _form(request, form, title=_("登记政府购买服务"))


@require_http_methods(["GET", "POST"])
def purchase_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    purchase = _purchase(request, pk)
    if not rules.keeps_rules_of(request.user, purchase.region):
        raise NotAllowed()
    if purchase.withdrawn_at is not None:
        raise PurchaseTakenDown()
    form = PurchaseForm(sent(request), instance=purchase, acting_user=request.user)
    if request.method == "POST" and form.is_valid():
        purchase = edit_purchase(purchase, form.values(), acting_user=request.user)
        messages.success(request, _("已保存。"))
        return redirect(purchase)
    return _form(request, form, title=_("修改政府购买服务"))


@require_POST
def purchase_take_down(request: SignedInRequest, pk: int) -> HttpResponse:
    take_down_purchase(_purchase(request, pk), acting_user=request.user)
    messages.success(request, _("已撤下，公众看不到了。"))
    return redirect("ventures:purchase-list")


def _form(request: HttpRequest, form: PurchaseForm, *, title: str) -> HttpResponse:
    return render(
        request,
        "ventures/programmes/form.html",
        {"form": form, "title": title},
        status=422 if request.method == "POST" else 200,
    )


def _purchase(request: HttpRequest, pk: int) -> Purchase:
    return get_object_or_404(
        Purchase.objects.visible_to(request.user).select_related("region", "programme"), pk=pk
    )
