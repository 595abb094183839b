"""核对证明: anybody may ask whether a certificate holds; the least that answers it is shown."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import address_of
from timebank.forms.certificates import CheckForm
from timebank.models.certificates import Certificate, CertificatePolicy
from timebank.rules import recognition as rules
from timebank.selectors.certificates import standing_of
from timebank.services.certificate_checks import certificate_by_number, certificate_by_token


@login_not_required
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Type the number and the check code or the surname."""
    is_sent = request.method == "POST"
    form = CheckForm(request.POST if is_sent else None)
    if not (is_sent and form.is_valid()):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
        return render(request, "timebank/certificates/check.html", {"form": form}, status=status)
    found = certificate_by_number(**form.cleaned_data, address=address_of(request))
    if found is None:
        return _nothing(request, form)
    return redirect("timebank:certificate-public", found.token)


@login_not_required
@require_safe
def certificate_public(request: HttpRequest, token: str) -> HttpResponse:
    """Where a scanned code leads: holds or not, since when, whose in part, how much, from whom."""
    found = certificate_by_token(token, address=address_of(request))
    return _answer(request, found) if found else _nothing(request, CheckForm())


def _answer(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    told = certificate.snapshot
    context = {
        "certificate": certificate,
        "standing": standing_of(certificate),
        "title": CertificatePolicy.Standing(told["standing"]).label,
        "name": told["volunteer"]["name"],
        "issuer": told["issuer"]["name"],
        "contact": told["issuer"]["contact"],
        "opens": isinstance(request.user, User) and rules.may_revoke(request.user, certificate),
    }
    return _private(render(request, "timebank/certificates/public.html", context))


def _nothing(request: HttpRequest, form: CheckForm) -> HttpResponse:
    context = {"form": form, "is_unknown": True}
    answer = render(
        request, "timebank/certificates/check.html", context, status=HTTPStatus.NOT_FOUND
    )
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    """Neither kept nor indexed; the referrer policy of the site tells no other the address."""
    add_never_cache_headers(answer)
    answer["X-Robots-Tag"] = "noindex"
    return answer
