"""我的证明: what one was issued, one more, the paper; for others at a desk; revoking; as whom."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.selectors.people import people_looked_after_by, people_named
from timebank.errors.recognition import NothingToCertify, RevokedBefore, RevokedCertificate
from timebank.forms.certificates import PolicyForm, RevokeForm, ScopeForm
from timebank.models.banks import TimeBank
from timebank.models.certificates import Certificate
from timebank.rules import recognition as rules
from timebank.selectors.banks import banks_of
from timebank.selectors.certificates import confirmed_total, policy_on, standing_of
from timebank.services.certificate_papers import certificate_pdf, check_link
from timebank.services.certificates import revoke_certificate

FOUND = 20


def certificate_list(request: SignedInRequest) -> HttpResponse:
    """Mine, and a form for one more: free, alone, at once."""
    return _issuing(request, request.user, "timebank/certificates/list.html")


def person_list(request: SignedInRequest) -> HttpResponse:
    """Find whoever stands at the desk and has no phone: by name, never by browsing."""
    if not rules.prints_for_others(request.user):
        raise NotAllowed()
    words = request.GET.get("q", "").strip()
    people = people_looked_after_by(request.user)
    found = people_named(people, words).order_by("pk")[:FOUND] if len(words) >= 2 else []
    context = {
        "people": list(found),
        "words": words,
        "in_batches": rules.issues_in_batches(request.user),
    }
    return render(request, "timebank/certificates/people.html", context)


def person_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Print for somebody at the desk; they are told."""
    volunteer = get_object_or_404(people_looked_after_by(request.user), pk=pk)
    if not rules.prints_for_others(request.user):
        raise NotAllowed()
    return _issuing(request, volunteer, "timebank/certificates/person.html")


@require_GET
def certificate_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    certificate = _seen(request, pk)
    context = {
        "certificate": certificate,
        "standing": standing_of(certificate),
        "link": check_link(certificate),
        "may_revoke": rules.may_revoke(request.user, certificate),
        "is_mine": certificate.volunteer_id == request.user.pk,
    }
    return render(request, "timebank/certificates/detail.html", context)


@require_GET
def certificate_pdf_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same paper as often as it is wanted: the words it was issued with."""
    certificate = _seen(request, pk)
    if not standing_of(certificate).is_valid:
        raise RevokedCertificate(number=certificate.number)
    return HttpResponse(
        certificate_pdf(certificate),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{certificate.number}.pdf"'},
    )


def certificate_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """An officer says why a paper no longer holds."""
    certificate = _seen(request, pk)
    if not rules.may_revoke(request.user, certificate):
        raise NotAllowed()
    if not standing_of(certificate).is_valid:
        raise RevokedBefore(number=certificate.number)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        revoke_certificate(certificate, reason=reason, acting_user=request.user)
        messages.success(request, _("证明已作废，核对页面同时显示。"))
        return redirect(certificate)
    context = {"certificate": certificate, "form": form}
    return render(request, "timebank/certificates/revoke.html", context, status=_status(request))


def certificate_policy(request: SignedInRequest, pk: int) -> HttpResponse:
    """As whom the bank certifies: what holds now, and what shall hold from today on."""
    bank = get_object_or_404(TimeBank.objects.select_related("region"), pk=pk)
    if not rules.may_set_policy(request.user, bank):
        raise NotAllowed()
    policy = policy_on(bank, timezone.localdate())
    initial = (
        {
            "standing": policy.standing,
            "issuer": policy.issuer,
            "responsible": policy.responsible,
            "contact": policy.contact,
            "marked": policy.marked,
            "left_out": policy.left_out,
        }
        if policy
        else {"issuer": bank.name}
    )
    is_sent = request.method == "POST"
    form = PolicyForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, initial=initial
    )
    if is_sent and form.is_valid():
        form.hand_in(bank=bank, seal=policy.seal if policy else None, acting_user=request.user)
        messages.success(request, _("已保存，今天起按此出具。以前开出的证明不变。"))
        return redirect("timebank:certificate-policy", bank.pk)
    context = {"bank": bank, "policy": policy, "form": form}
    return render(request, "timebank/certificates/policy.html", context, status=_status(request))


# Steps ----------------------------------------------------------------------------------------


def _issuing(request: SignedInRequest, volunteer: User, template: str) -> HttpResponse:
    banks = banks_of(volunteer)
    is_sent = request.method == "POST"
    if is_sent and not banks:
        raise NothingToCertify()
    form = ScopeForm(request.POST if is_sent else None, volunteer=volunteer)
    if is_sent and form.is_valid():
        bank = next((one for one in banks if str(one.pk) == request.POST.get("bank")), banks[0])
        certificate = form.hand_in(bank=bank, acting_user=request.user)
        messages.success(request, _("已开具，可以下载打印。"))
        return redirect(certificate)
    minutes, services = confirmed_total(volunteer)
    issued = Certificate.objects.of_volunteer(volunteer).visible_to(request.user).with_standing()
    policy = policy_on(banks[0], timezone.localdate()) if banks else None
    context = {
        "who": volunteer,
        "form": form,
        "banks": banks,
        "policy": policy,
        "minutes": minutes,
        "services": services,
        "rows": [(one, standing_of(one)) for one in issued],
    }
    return render(request, template, context, status=_status(request))


def _status(request: SignedInRequest) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


def _seen(request: SignedInRequest, pk: int) -> Certificate:
    certificates = Certificate.objects.visible_to(request.user).with_standing()
    return get_object_or_404(
        certificates.select_related("bank__region", "policy__seal", "volunteer", "issued_by"),
        pk=pk,
    )
