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
from timebank.forms.signups import GuardianForm, QualificationForm, WithdrawalForm
from timebank.models import Qualification
from timebank.rules import activities as rules
from timebank.selectors.qualifications import papers_of
from timebank.services.order_reopening import orders_resting_on
from timebank.services.qualification_endings import seats_resting_on, withdraw_qualification
from timebank.services.qualifications import (
    record_guardian_consent,
    verify_qualification,
    withdraw_guardian_consent,
)
from timebank.terms.qualifications import qualification_terms
from timebank.views.order_steps import looked_for

SHOWN = 20


def paper_list(request: SignedInRequest) -> HttpResponse:
    """Find the volunteer whose paper lies on the desk: by name, never by browsing."""
    people = people_looked_after_by(request.user)
    if not people.exists():
        raise NotAllowed()
    words = looked_for(request)
    found = people_named(people, words).order_by("pk")[:SHOWN] if len(words) >= 2 else []
    return render(
        request,
        "timebank/qualifications/list.html",
        {"people": list(found), "words": words, "running_out": _running_out(request)},
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
            "papers": papers_of(person, timezone.localdate()),
            "withdrawn": person.qualifications.exclude(withdrawn_by=None).select_related(
                "withdrawn_by"
            ),
            "consent": person.guardian_consents.filter(withdrawn_at=None).first(),
            "paper_form": paper_form,
            "guardian_form": guardian_form,
        },
        status=422 if request.method == "POST" else 200,
    )


def paper_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """What depends on the paper, said before; then withdrawn with a reason."""
    people = people_looked_after_by(request.user)
    paper = get_object_or_404(
        Qualification.objects.select_related("volunteer").filter(
            volunteer__in=people, withdrawn_at=None
        ),
        pk=pk,
    )
    if not rules.checks_papers(request.user, paper.volunteer):
        raise NotAllowed()
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        freed = withdraw_qualification(
            paper, reason=form.cleaned_data["reason"], acting_user=request.user
        )
        messages.success(
            request,
            _("登记已撤销，退回了 %(seats)d 个名额，%(orders)d 单另找志愿者，本人已收到消息。")
            % {"seats": len(freed.seats), "orders": freed.orders},
        )
        return redirect("timebank:paper-detail", paper.volunteer_id)
    return render(
        request,
        "timebank/qualifications/withdraw.html",
        {
            "paper": paper,
            "form": form,
            "seats": seats_resting_on(paper),
            "orders": orders_resting_on(paper),
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


def _running_out(request: SignedInRequest) -> list[Qualification]:
    """Papers of the people one looks after that will not hold much longer."""
    today = timezone.localdate()
    steps = qualification_terms(today).warn_days_before
    papers = Qualification.objects.running_out(today, within=max(steps)).filter(
        volunteer__in=people_looked_after_by(request.user)
    )
    return list(papers.select_related("volunteer__home_region")[:SHOWN])


def _looked_after(request: SignedInRequest, pk: int) -> User:
    person = get_object_or_404(people_looked_after_by(request.user), pk=pk)
    if not rules.checks_papers(request.user, person):
        raise NotAllowed()
    return person
