"""组织: mine, one of mine, its members; those of my places to verify."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import rules
from accounts.errors import NotAllowed
from accounts.forms.organisations import (
    ContactForm,
    CorrectionForm,
    FiledGroupForm,
    MemberForm,
    OrganisationFilter,
    ReasonForm,
    RegisteredBodyForm,
)
from accounts.lifecycles import ORGANISATION
from accounts.models import Organisation
from accounts.models.organisations import OVERSEERS
from accounts.requests import SignedInRequest
from accounts.selectors.changes import trail_of
from accounts.selectors.invitations import open_invitations_of
from accounts.selectors.organisations import (
    groups_asking_by_host,
    groups_hosted_by,
    members_of,
    organisations_of,
    organisations_overseen_by,
)
from accounts.services.invitations import invite_member
from accounts.services.memberships import end_membership
from accounts.services.organisations import (
    correct_organisation,
    list_as_operator,
    register_organisation,
    return_organisation,
    update_contact,
    verify_organisation,
)
from accounts.templatetags.kit import plain_day

ON_A_PAGE = 30
TONES = {
    Organisation.State.WAITING: "waiting",
    Organisation.State.SUBMITTED: "waiting",
    Organisation.State.RETURNED: "danger",
    Organisation.State.VERIFIED: "done",
}


def own_list(request: SignedInRequest) -> HttpResponse:
    """Each says how many filed groups wait for its word as their host."""
    asked = groups_asking_by_host(request.user)
    rows = [
        (organisation, asked.get(organisation.pk, 0))
        for organisation in organisations_of(request.user)
    ]
    return render(request, "accounts/organisations/own_list.html", {"rows": rows})


def register(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/organisations/register.html")


def register_body(request: SignedInRequest) -> HttpResponse:
    form = RegisteredBodyForm(request.POST or None)
    if form.is_valid():
        organisation = register_organisation(**form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已登记，等待经办人核验。"))
        return redirect("accounts:organisation-own", organisation.pk)
    return _form_page(request, form, _("登记组织"), _("提交登记"))


def register_group(request: SignedInRequest) -> HttpResponse:
    form = FiledGroupForm(request.POST or None)
    if form.is_valid():
        organisation = register_organisation(
            kind=Organisation.Kind.FILED, **form.cleaned_data, acting_user=request.user
        )
        messages.success(request, _("已登记，等待代管单位同意。"))
        return redirect("accounts:organisation-own", organisation.pk)
    return _form_page(request, form, _("登记备案组织"), _("提交登记"))


def own_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    organisation = _own(request, pk)
    return _own_page(request, organisation, MemberForm())


def edit_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    organisation = _managed(request, pk)
    form = ContactForm(
        request.POST or None,
        initial={
            "contact_name": organisation.contact_name,
            "contact_phone": organisation.contact_phone,
        },
    )
    if form.is_valid():
        update_contact(organisation, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("联系人已更新。"))
        return redirect("accounts:organisation-own", pk)
    return _form_page(request, form, _("修改联系人"), _("保存"))


def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    organisation = _own(request, pk)
    ORGANISATION.require(organisation, "submit", acting_user=request.user)
    form = CorrectionForm(request.POST or None, organisation=organisation)
    if form.is_valid():
        cleaned = {"credit_code": None, "filing_number": ""} | form.cleaned_data
        correct_organisation(organisation, **cleaned, acting_user=request.user)
        messages.success(request, _("已重新提交，等待经办人核验。"))
        return redirect("accounts:organisation-own", pk)
    return _form_page(request, form, _("补正登记信息"), _("重新提交"))


@require_POST
def member_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    organisation = _managed(request, pk)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _own_page(request, organisation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    invite_member(organisation, **form.cleaned_data, acting_user=request.user)
    messages.success(request, _("邀请已发出，对方接受后成为成员。"))
    return redirect("accounts:organisation-own", pk)


@require_POST
def member_end(request: SignedInRequest, pk: int, membership: int) -> HttpResponse:
    organisation = _own(request, pk)
    ending = get_object_or_404(members_of(organisation), pk=membership)
    end_membership(ending, acting_user=request.user)
    if ending.user_id == request.user.pk:
        messages.success(request, _("您已退出%(name)s。") % {"name": organisation.name})
        return redirect("accounts:organisation-own-list")
    messages.success(request, _("已结束成员关系。"))
    return redirect("accounts:organisation-own", pk)


def overseen_list(request: SignedInRequest) -> HttpResponse:
    """Those of the places one oversees; nobody else is told that the page exists."""
    if not rules.has_role(request.user, *OVERSEERS):
        raise Http404
    form = OrganisationFilter(request.GET or None)
    organisations = organisations_overseen_by(request.user)
    if form.is_valid():
        if form.cleaned_data["q"]:
            organisations = organisations.filter(name__contains=form.cleaned_data["q"].strip())
        if form.cleaned_data["state"]:
            organisations = organisations.filter(state=form.cleaned_data["state"])
    page_obj = Paginator(organisations, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (organisation, TONES[Organisation.State(organisation.state)]) for organisation in page_obj
    ]
    return render(
        request,
        "accounts/organisations/overseen_list.html",
        {"page_obj": page_obj, "rows": rows, "form": form, "total": page_obj.paginator.count},
    )


def overseen_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(organisations_overseen_by(request.user), pk=pk)
    return _overseen_page(request, organisation, ReasonForm())


@require_POST
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(organisations_overseen_by(request.user), pk=pk)
    verify_organisation(organisation, acting_user=request.user)
    messages.success(request, _("已核验通过，并通知负责人。"))
    return redirect("accounts:organisation-detail", pk)


@require_POST
def list_operator(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a verified body up among the operators (承办单位), or off."""
    organisation = get_object_or_404(organisations_overseen_by(request.user), pk=pk)
    list_as_operator(
        organisation, is_operator=request.POST.get("list") == "yes", acting_user=request.user
    )
    messages.success(request, _("承办单位名单已更新。"))
    return redirect("accounts:organisation-detail", pk)


@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(organisations_overseen_by(request.user), pk=pk)
    ORGANISATION.require(organisation, "return_", acting_user=request.user)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _overseen_page(request, organisation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return_organisation(organisation, reason=form.cleaned_data["reason"], acting_user=request.user)
    messages.success(request, _("已退回，并通知负责人。"))
    return redirect("accounts:organisation-detail", pk)


def _own(request: SignedInRequest, pk: int) -> Organisation:
    return get_object_or_404(organisations_of(request.user), pk=pk)


def _managed(request: SignedInRequest, pk: int) -> Organisation:
    """One of mine that I may change; who only belongs to it is told so before any form."""
    organisation = _own(request, pk)
    if not rules.is_manager_of(request.user, organisation):
        raise NotAllowed()
    return organisation


def _form_page(request: SignedInRequest, form: forms.Form, title: str, verb: str) -> HttpResponse:
    return render(
        request,
        "accounts/organisations/form.html",
        {"form": form, "title": title, "verb": verb},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK,
    )


def _own_page(
    request: SignedInRequest,
    organisation: Organisation,
    member_form: MemberForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    is_manager = rules.is_manager_of(request.user, organisation)
    return render(
        request,
        "accounts/organisations/own_detail.html",
        {
            "organisation": organisation,
            "tone": TONES[Organisation.State(organisation.state)],
            "facts": _facts(organisation),
            "members": members_of(organisation),
            "is_manager": is_manager,
            "invitations": open_invitations_of(organisation) if is_manager else [],
            "groups": groups_hosted_by(organisation),
            "may_correct": ORGANISATION.allows("submit", request.user, organisation)
            and not _needs_host(organisation),
            "may_name_host": organisation.is_filed
            and ORGANISATION.allows("ask_host", request.user, organisation),
            "needs_host": _needs_host(organisation),
            "return_reason": _last_reason(organisation),
            "member_form": member_form if is_manager else None,
            "trail": trail_of(organisation),
        },
        status=status,
    )


def _overseen_page(
    request: SignedInRequest,
    organisation: Organisation,
    form: ReasonForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "accounts/organisations/overseen_detail.html",
        {
            "organisation": organisation,
            "tone": TONES[Organisation.State(organisation.state)],
            "facts": _facts(organisation),
            "members": members_of(organisation),
            "verbs": {arrow.verb for arrow in ORGANISATION.open_to(request.user, organisation)},
            "form": form,
            "may_list_operator": rules.may_list_operator(request.user, organisation),
            "trail": trail_of(organisation),
        },
        status=status,
    )


def _needs_host(organisation: Organisation) -> bool:
    """A group no host answers for must find one before anything else."""
    return organisation.is_filed and organisation.hosting_agreed_at is None


def _facts(organisation: Organisation) -> list[tuple[str, str]]:
    """The entry line by line, as it is compared with the certificate."""
    lines = [
        (_("类型"), organisation.get_kind_display()),
        (_("统一社会信用代码"), organisation.credit_code or ""),
        (_("备案编号"), organisation.filing_number),
        (_("代管单位"), organisation.host.name if organisation.host else ""),
        (_("代管至"), plain_day(organisation.hosting_ends_on)),
        (_("所在地"), organisation.region.name),
        (_("评估等级"), organisation.rating),
        (_("成立（备案）日期"), plain_day(organisation.founded_on)),
        (_("联系人"), organisation.contact_name),
        (_("联系电话"), organisation.contact_phone),
    ]
    return [(label, value) for label, value in lines if value]


def _last_reason(organisation: Organisation) -> str:
    if organisation.state != Organisation.State.RETURNED:
        return ""
    return next((entry.why for entry in trail_of(organisation) if entry.why), "")
