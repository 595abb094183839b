"""资质与监护人同意: what was seen on paper, written down by somebody else than the volunteer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.selectors.people import age_on, people_looked_after_by, people_named
from timebank.forms.signups import GuardianForm, QualificationForm
from timebank.models import Qualification
from timebank.rules import activities as rules
from timebank.services.qualifications import (
    record_guardian_consent,
    verify_qualification,
    withdraw_guardian_consent,
)

SHOWN = 20


def paper_list(request: SignedInRequest) -> HttpResponse:
    """Find the volunteer whose paper lies on the desk: by name, never by browsing."""
    people = people_looked_after_by(request.user)
    if not people.exists():
        raise NotAllowed()
    words = request.GET.get("q", "").strip()
    found = people_named(people, words).order_by("pk")[:SHOWN] if len(words) >= 2 else []
    return render(
        request, "timebank/qualifications/list.html", {"people": list(found), "words": words}
    )


def paper_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A volunteer's certificates and a guardian's consent; two forms to add to them."""
    person = _looked_after(request, pk)
    which = request.POST.get("which", "")
    paper_form = QualificationForm(request.POST if which == "qualification" else None)
    guardian_form = GuardianForm(request.POST if which == "guardian" else None)
    if paper_form.is_bound and paper_form.is_valid():
        verify_qualification(person, acting_user=request.user, **paper_form.cleaned_data)
        messages.success(request, _("资质已登记。"))
        return redirect("timebank:paper-detail", person.pk)
    if guardian_form.is_bound and guardian_form.is_valid():
        record_guardian_consent(person, acting_user=request.user, **guardian_form.cleaned_data)
        messages.success(request, _("监护人同意已登记。"))
        return redirect("timebank:paper-detail", person.pk)
    born_on = getattr(getattr(person, "person", None), "born_on", None)
    return render(
        request,
        "timebank/qualifications/detail.html",
        {
            "who": person,
            "age": age_on(born_on, timezone.localdate()) if born_on else None,
            "papers": Qualification.objects.filter(volunteer=person).valid_on(timezone.localdate()),
            "consent": person.guardian_consents.filter(withdrawn_at=None).first(),
            "paper_form": paper_form,
            "guardian_form": guardian_form,
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def consent_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The guardian takes the consent back: coming seats are freed, the minor is told."""
    person = _looked_after(request, pk)
    freed = withdraw_guardian_consent(person, acting_user=request.user)
    words = ngettext(
        "监护人同意已撤回，退回了 %(count)d 个名额，本人已收到消息。",
        "监护人同意已撤回，退回了 %(count)d 个名额，本人已收到消息。",
        len(freed),
    )
    messages.success(request, words % {"count": len(freed)})
    return redirect("timebank:paper-detail", person.pk)


def _looked_after(request: SignedInRequest, pk: int) -> User:
    person = get_object_or_404(people_looked_after_by(request.user), pk=pk)
    if not rules.checks_papers(request.user, person):
        raise NotAllowed()
    return person
