"""我的: a person's own page, what they change about themselves, what they allow."""

from http import HTTPStatus

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import rules
from accounts.forms.me import ProfileForm
from accounts.models import Consent, Person
from accounts.requests import SignedInRequest
from accounts.selectors.organisations import organisations_of
from accounts.selectors.people import age_on, consents_of
from accounts.services.consents import give_consent, withdraw_consent
from accounts.services.people import update_profile

OWN_PURPOSES = {value for value in Consent.Purpose.values if value != Consent.Purpose.PROXY}


def me(request: SignedInRequest) -> HttpResponse:
    user = request.user
    person = Person.objects.filter(user=user).first()
    return render(
        request,
        "accounts/me/me.html",
        {
            "person": person,
            "is_checked": bool(person and person.identity_checks.exists()),
            "age": age_on(person.born_on, timezone.localdate())
            if person and person.born_on
            else None,
            "roles": rules.active_roles(user),
            "organisations": organisations_of(user),
            "consents": consents_of(user),
            "has_password": user.has_usable_password(),
            "has_second_factor": is_mfa_enabled(user),
        },
    )


def edit(request: SignedInRequest) -> HttpResponse:
    user = request.user
    form = ProfileForm(
        request.POST or None,
        initial={"display_name": user.display_name, "community": user.home_region_id},
    )
    if form.is_valid():
        update_profile(user, **form.cleaned_data, acting_user=user)
        messages.success(request, _("已保存。"))
        return redirect("accounts:me")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "accounts/me/edit.html", {"form": form}, status=status)


@require_POST
def consent(request: SignedInRequest, purpose: str) -> HttpResponse:
    if purpose not in OWN_PURPOSES:
        raise Http404
    if request.POST.get("allow") == "yes":
        give_consent(request.user, purpose, acting_user=request.user)
        messages.success(request, _("已记下您的同意。您可以随时撤回。"))
    else:
        withdraw_consent(request.user, purpose, acting_user=request.user)
        messages.success(request, _("已撤回，从现在起不再使用。"))
    return redirect("accounts:me")
