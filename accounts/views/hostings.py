"""代管: a group names its host; the host answers, and may give notice."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import rules
from accounts.errors import NotAllowed
from accounts.forms.hostings import HostForm, NoticeForm
from accounts.forms.organisations import ReasonForm
from accounts.lifecycles import ORGANISATION
from accounts.models import Organisation
from accounts.requests import SignedInRequest
from accounts.selectors.organisations import groups_hosted_by, organisations_of
from accounts.services.hostings import agree_to_host, ask_host, give_notice, refuse_to_host
from accounts.templatetags.kit import plain_day

REFUSING = gettext_lazy("写明为什么不能代管，对方会看到，好另找一家。")


def host_name(request: SignedInRequest, pk: int) -> HttpResponse:
    """The group names a host, another or the same again."""
    group = get_object_or_404(
        organisations_of(request.user).filter(kind=Organisation.Kind.FILED), pk=pk
    )
    ORGANISATION.require(group, "ask_host", acting_user=request.user)
    form = HostForm(request.POST or None, group=group, initial=_usual_host(group))
    if form.is_valid():
        ask_host(group, form.cleaned_data["host"], acting_user=request.user)
        messages.success(request, _("已请代管单位答复。"))
        return redirect("accounts:organisation-own", pk)
    title = _("更换代管单位") if group.hosting_agreed_at else _("选择代管单位")
    is_verified = group.verified_at is not None
    return _form_page(request, form, title, _("请对方代管"), group, is_verified=is_verified)


def group_detail(request: SignedInRequest, pk: int, group: int) -> HttpResponse:
    """A group that names this organisation: what one would answer for."""
    return _group_page(request, *_asking(request, pk, group), ReasonForm(help_text=REFUSING))


@require_POST
def group_agree(request: SignedInRequest, pk: int, group: int) -> HttpResponse:
    _host, asking = _asking(request, pk, group)
    agree_to_host(asking, acting_user=request.user)
    messages.success(request, _("已同意代管，登记信息交给经办人核验。"))
    return redirect("accounts:organisation-own", pk)


@require_POST
def group_refuse(request: SignedInRequest, pk: int, group: int) -> HttpResponse:
    host, asking = _asking(request, pk, group)
    ORGANISATION.require(asking, "refuse_to_host", acting_user=request.user)
    form = ReasonForm(request.POST, help_text=REFUSING)
    if not form.is_valid():
        return _group_page(request, host, asking, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    refuse_to_host(asking, reason=form.cleaned_data["reason"], acting_user=request.user)
    messages.success(request, _("已告诉对方不同意代管。"))
    return redirect("accounts:organisation-own", pk)


def group_notice(request: SignedInRequest, pk: int, group: int) -> HttpResponse:
    """Say from which day one no longer answers for the group."""
    host, hosted = _asking(request, pk, group)
    if not rules.is_manager_of_host(request.user, hosted):
        raise NotAllowed()
    form = NoticeForm(request.POST or None)
    if form.is_valid():
        give_notice(hosted, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已通知对方。"))
        return redirect("accounts:organisation-own", pk)
    return _form_page(
        request, form, _("结束代管：%(group)s") % {"group": hosted.name}, _("通知对方"), host
    )


def _asking(request: SignedInRequest, pk: int, group: int) -> tuple[Organisation, Organisation]:
    """One of mine, and a group that names it as host."""
    host = get_object_or_404(organisations_of(request.user), pk=pk)
    return host, get_object_or_404(groups_hosted_by(host), pk=group)


def _group_page(
    request: SignedInRequest,
    host: Organisation,
    group: Organisation,
    form: ReasonForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "accounts/organisations/group.html",
        {
            "host": host,
            "group": group,
            "facts": [
                (label, value)
                for label, value in (
                    (_("备案编号"), group.filing_number),
                    (_("所在地"), group.region.name),
                    (_("成立（备案）日期"), plain_day(group.founded_on)),
                    (_("联系人"), group.contact_name),
                    (_("联系电话"), group.contact_phone),
                    (_("代管至"), plain_day(group.hosting_ends_on)),
                )
                if value
            ],
            "verbs": {arrow.verb for arrow in ORGANISATION.open_to(request.user, group)},
            "may_end": group.hosting_agreed_at is not None
            and rules.is_manager_of_host(request.user, group),
            "form": form,
        },
        status=status,
    )


def _usual_host(group: Organisation) -> dict[str, int | None]:
    """Asked again, a group most likely asks the same body; one that is hosted wants another."""
    return {} if group.hosting_agreed_at else {"host": group.host_id}


def _form_page(
    request: SignedInRequest,
    form: forms.Form,
    title: str,
    verb: str,
    organisation: Organisation,
    *,
    is_verified: bool = False,
) -> HttpResponse:
    return render(
        request,
        "accounts/organisations/host_form.html",
        {
            "form": form,
            "title": title,
            "verb": verb,
            "organisation": organisation,
            "is_verified": is_verified,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK,
    )
