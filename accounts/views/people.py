"""People of the places one looks after, and checking who they are."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import rules
from accounts.errors import NotAllowed
from accounts.forms.identity import IdentityForm, PeopleFilter
from accounts.models import IdentityCheck, Role, User
from accounts.requests import SignedInRequest
from accounts.selectors.people import (
    LOOKS_AFTER_PEOPLE,
    age_on,
    is_minor,
    people_looked_after_by,
    people_named,
)
from accounts.services.identity import check_identity

ON_A_PAGE = 30


def person_list(request: SignedInRequest) -> HttpResponse:
    """Only those who look after people are told that the page exists."""
    if not rules.has_role(request.user, Role.Kind.COORDINATOR, *LOOKS_AFTER_PEOPLE):
        raise Http404
    form = PeopleFilter(request.GET or None)
    people = people_named(people_looked_after_by(request.user), form.words())
    people = people.select_related("home_region", "person").order_by("person__pinyin", "pk")
    page_obj = Paginator(people, ON_A_PAGE).get_page(request.GET.get("page"))
    checked = set(
        IdentityCheck.objects.filter(person__user__in=[p.pk for p in page_obj]).values_list(
            "person__user_id", flat=True
        )
    )
    return render(
        request,
        "accounts/people/list.html",
        {
            "form": form,
            "page_obj": page_obj,
            "rows": [(person, person.pk in checked) for person in page_obj],
            "total": page_obj.paginator.count,
        },
    )


def person_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _person_page(request, _seen(request, pk), IdentityForm())


@require_POST
def identity_check(request: SignedInRequest, pk: int) -> HttpResponse:
    person = _seen(request, pk)
    if not rules.may_check_identity(request.user, person):
        raise NotAllowed()
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _person_page(request, person, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    check_identity(
        person,
        real_name=form.cleaned_data["real_name"],
        id_number=form.cleaned_data["id_number"],
        method=form.cleaned_data["method"],
        acting_user=request.user,
    )
    messages.success(request, _("已记录实名核验。证件号没有保存，只留后四位。"))
    return redirect("accounts:person-detail", pk)


def _seen(request: SignedInRequest, pk: int) -> User:
    people = people_looked_after_by(request.user).select_related("home_region", "person")
    return get_object_or_404(people, pk=pk)


def _person_page(
    request: SignedInRequest, user: User, form: IdentityForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    person = getattr(user, "person", None)
    today = timezone.localdate()
    born_on = person.born_on if person else None
    return render(
        request,
        "accounts/people/detail.html",
        {
            "someone": user,
            "person": person,
            "age": age_on(born_on, today) if born_on else None,
            "is_minor": bool(born_on and is_minor(born_on, today)),
            "roles": rules.active_roles(user),
            "checks": person.identity_checks.select_related("checked_by") if person else [],
            "form": form if rules.may_check_identity(request.user, user) else None,
        },
        status=status,
    )
