"""In the hall: the screen with its clock, the reviewers' phones, and the reveal."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.errors.defences import LeavesForSlot, OrderNotDrawn, SlotNotOpen
from ventures.forms.defences import HallSheetForm, RevealForm
from ventures.lifecycles.defences import DEFENCE_SLOT
from ventures.models import Criterion, DefenceSession, DefenceSlot, PanelMember, Round
from ventures.rules.recusal import is_kept_from_judging
from ventures.selectors.composites import composite_terms_of
from ventures.selectors.defences import (
    Turn,
    hall_state,
    own_sheet,
    session_of,
    slots_of,
    turns_of,
    waited_for,
)
from ventures.services import defence_scores as services
from ventures.services.assignments import require_commitment
from ventures.views.defences import round_at_hall, slot_of
from ventures.views.rounds import sent


@require_GET
def screen(request: SignedInRequest, code: str) -> HttpResponse:
    """The clock for the last row; once loaded it runs without a network."""
    round, session = _drawn(request, code)
    turns = turns_of(session, request.user)
    stage = next((one for one in turns if one.slot.state == DefenceSlot.State.OPEN), None)
    return render(
        request,
        "ventures/defences/screen.html",
        {
            "round": round,
            "session": session,
            "turns": turns,
            "stage": stage,
            "shown": stage or _last_revealed(turns),
            "acts": [
                (one, {arrow.verb for arrow in DEFENCE_SLOT.open_to(request.user, one.slot)})
                for one in turns
            ],
        },
    )


def _last_revealed(turns: list[Turn]) -> Turn | None:
    """Between two teams the hall goes on seeing what was just revealed."""
    revealed = [one for one in turns if one.slot.revealed_at is not None]
    return max(revealed, key=lambda one: one.slot.revealed_at or datetime.min, default=None)


@require_GET
def state(request: SignedInRequest, code: str) -> JsonResponse:
    """What the screen asks for: who is on the stage, and what was revealed."""
    _round, session = _drawn(request, code)
    return JsonResponse(hall_state(session, request.user))


@require_POST
def step(request: SignedInRequest, code: str, pk: int, verb: str) -> HttpResponse:
    """Call a team to the stage or back from it, note that it did not come, or came after all."""
    if verb not in ("open", "step_down", "miss", "recall"):
        raise Http404
    _round, session = _drawn(request, code)
    slot = slot_of(session, pk, request)
    if verb == "open":
        services.open_slot(slot, acting_user=request.user)
    elif verb == "step_down":
        services.step_down(slot, acting_user=request.user)
    else:
        services.miss_slot(slot, verb=verb, acting_user=request.user)
    return redirect(_back(request, code))


@require_http_methods(["GET", "POST"])
def reveal(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Show all points of a team at once."""
    _round, session = _drawn(request, code)
    slot = slot_of(session, pk, request)
    DEFENCE_SLOT.require(slot, "reveal", acting_user=request.user)
    form = RevealForm(sent(request))
    if form.is_valid():
        services.reveal_slot(slot, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已亮分，大屏上同时显示。"))
        return redirect("ventures:defence-desk", code=code)
    return render(
        request,
        "ventures/defences/reveal.html",
        {"round": session.round, "slot": slot, "form": form, "waited_for": waited_for(slot)},
        status=422 if form.is_bound else 200,
    )


# On a reviewer's phone ------------------------------------------------------------------


@require_GET
def hall(request: SignedInRequest, code: str) -> HttpResponse:
    """The order, with whom one scores now and for whom one leaves."""
    round, session = _drawn(request, code)
    _seat_of(request, round)
    turns = {one.slot.pk: one for one in turns_of(session, request.user)}
    lines = []
    for slot in slots_of(session):
        turn = turns.get(slot.pk)
        leaves = turn is None or is_kept_from_judging(request.user, slot.proposal)
        lines.append((slot, turn, leaves, None if leaves else own_sheet(request.user, slot)))
    now = next((line for line in lines if line[0].state == DefenceSlot.State.OPEN), None)
    return render(
        request,
        "ventures/defences/hall.html",
        {
            "round": round,
            "session": session,
            "lines": lines,
            "now": now,
            "may_reveal": now is not None and DEFENCE_SLOT.allows("reveal", request.user, now[0]),
        },
    )


@require_http_methods(["GET", "POST"])
def hall_sheet(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """One's own points for the team on the stage; again until the reveal."""
    round, session = _drawn(request, code)
    member = _seat_of(request, round)
    require_commitment(member)
    slot = slot_of(session, pk, request)
    if is_kept_from_judging(request.user, slot.proposal):
        raise LeavesForSlot()
    if slot.state != DefenceSlot.State.OPEN:
        raise SlotNotOpen(state=DefenceSlot.State(slot.state).label)
    sheet = own_sheet(request.user, slot)
    form = HallSheetForm(
        sent(request), criteria=_criteria(round), given=sheet.half_points if sheet else ()
    )
    if form.is_valid():
        services.hand_in_points(slot, form.half_points(), acting_user=request.user)
        messages.success(request, _("已交分。亮分以前还可以改，别人都看不到。"))
        return redirect("ventures:hall", code=code)
    return render(
        request,
        "ventures/defences/hall_sheet.html",
        {"round": round, "slot": slot, "form": form, "sheet": sheet},
        status=422 if form.is_bound else 200,
    )


def _criteria(round: Round) -> list[Criterion]:
    terms = composite_terms_of(round)
    assert terms is not None, "a session is planned by the round's rule"
    assert terms.defence_rubric is not None, "defence_has_its_criteria"
    return list(terms.defence_rubric.criteria.all())


def _seat_of(request: SignedInRequest, round: Round) -> PanelMember:
    seat = PanelMember.objects.filter(
        panel__round=round, reviewer=request.user, left_at__isnull=True
    ).first()
    if seat is None:
        raise NotAllowed()
    return seat


def _drawn(request: SignedInRequest, code: str) -> tuple[Round, DefenceSession]:
    round = round_at_hall(request, code)
    session = session_of(round)
    if session is None or session.state != DefenceSession.State.DRAWN:
        raise OrderNotDrawn()
    return round, session


def _back(request: SignedInRequest, code: str) -> str:
    """The screen stays a screen; everybody else comes back to the desk."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return reverse("ventures:defence-desk", args=[code])
