"""我的成长: one's stars, badges, papers; and the desk where officers judge stars."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.models import Consent, Role
from accounts.requests import SignedInRequest
from accounts.rules import has_role
from accounts.selectors.people import has_consented
from timebank.forms.recognition import StarReasonForm
from timebank.lifecycles.recognition import STAR
from timebank.models.dossier import DossierEntry
from timebank.models.qualifications import Qualification
from timebank.models.stars import StarGrant
from timebank.selectors.dossier import confirmed_entries, learning_minutes
from timebank.selectors.honours import badges_of
from timebank.selectors.qualifications import papers_of
from timebank.selectors.stars import grants_to_judge, minutes_in_bank, quality_of, stars_of
from timebank.services.stars import decide_star

SHOWN = 50
TRAININGS = (
    Qualification.Kind.ESCORT,
    Qualification.Kind.CHILD_CARE,
    Qualification.Kind.FIRST_AID,
)
TONES = {"proposed": "waiting", "granted": "done", "declined": "neutral", "withdrawn": "danger"}
SAID = {
    "grant": _("已评定%(name)s的星级。"),
    "decline": _("这次没有评定%(name)s的星级，理由已记下。"),
    "withdraw": _("已撤销%(name)s的星级，理由已记下。"),
}


@require_GET
def growth(request: SignedInRequest) -> HttpResponse:
    """Where one stands and what comes next; training is its own block and no hours."""
    user, today = request.user, timezone.localdate()
    papers = papers_of(user, today)
    context = {
        "stars": stars_of(user),
        "badges": badges_of(user, today),
        "trainings": [one for one in papers if one.qualification.kind in TRAININGS],
        "entries": list(confirmed_entries(user, DossierEntry.Kind.TRAINING)),
        "learnt": learning_minutes(user),
        "papers": [one for one in papers if one.qualification.kind not in TRAININGS],
        "is_on_board": has_consented(user, Consent.Purpose.HONOUR),
    }
    return render(request, "timebank/stars/growth.html", context)


@require_GET
def star_list(request: SignedInRequest) -> HttpResponse:
    if not has_role(request.user, Role.Kind.OFFICER):
        raise NotAllowed()
    grants = list(grants_to_judge(request.user)[:SHOWN])
    return render(request, "timebank/stars/list.html", {"grants": grants})


@require_GET
def star_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@require_POST
def star_decide(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    grant = _seen(request, pk)
    if verb not in STAR.verbs():
        raise Http404
    STAR.require(grant, verb, acting_user=request.user)
    form = StarReasonForm(request.POST)
    if verb != "grant" and not form.is_valid():
        return _page(request, grant, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    reason = form.cleaned_data.get("reason", "") if form.is_valid() else ""
    decide_star(grant, verb, reason=reason, acting_user=request.user)
    messages.success(request, SAID[verb] % {"name": grant.volunteer.display_name})
    return redirect("timebank:star-list")


def _page(
    request: SignedInRequest,
    grant: StarGrant,
    form: StarReasonForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "grant": grant,
        "tone": TONES[grant.state],
        "minutes": minutes_in_bank(grant.volunteer, grant.bank),
        "quality": grant.quality or quality_of(grant.volunteer),
        "verbs": {arrow.verb for arrow in STAR.open_to(request.user, grant)},
        "form": form or StarReasonForm(),
    }
    return render(request, "timebank/stars/detail.html", context, status=status)


def _seen(request: SignedInRequest, pk: int) -> StarGrant:
    grants = StarGrant.objects.visible_to(request.user).distinct()
    return get_object_or_404(
        grants.select_related("bank__region", "volunteer__home_region", "threshold", "decided_by"),
        pk=pk,
    )
