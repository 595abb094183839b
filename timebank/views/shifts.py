"""报名: a shift's page, signing up, one's own shifts, giving back, accepting, exchanging."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.requests import SignedInRequest
from timebank.forms.signups import SignupForm, SwapForm
from timebank.models import Shift, Signup, Swap
from timebank.rules import activities as rules
from timebank.selectors.activities import card_of
from timebank.selectors.engagements import engagements_between, tight_journeys
from timebank.selectors.signups import TONES, own_shifts, own_signup
from timebank.services.eligibility import obstacle_to
from timebank.services.signups import accept_offer, cancel_signup
from timebank.services.swaps import agree_swap, end_swap


@login_not_required
def shift_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One shift: when, where, how many seats are left; one's own seat and what can be done."""
    shift = _seen(request, pk)
    user = request.user
    person = user if isinstance(user, User) else None
    own = own_signup(person, shift) if person else None
    card = card_of(shift, own.get_state_display() if own else "")
    return render(
        request,
        "timebank/shifts/detail.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "card": card,
            "own": own,
            "own_tone": TONES[own.state] if own else "",
            "takes": shift.state == Shift.State.OPEN
            and shift.activity.state == shift.activity.State.OPEN
            and shift.starts_at > timezone.now(),
            "may_step_back": own is not None
            and (own.state != Signup.State.SEATED or timezone.now() <= shift.cancel_until),
            "obstacle": obstacle_to(person, shift) if person and own is None else None,
            "clashes": _clashes(person, shift) if person and own is None else [],
            "journeys": tight_journeys(person, shift, besides=(own.pk,) if own else ())
            if person
            else [],
            "runs": person is not None and rules.organises_shift(person, shift),
        },
    )


def _clashes(user: User, shift: Shift) -> list[object]:
    if shift.starts_at <= timezone.now():
        return []
    return list(engagements_between(user, shift.starts_at, shift.ends_at))


def sign_up_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """报名: what one promises, a position where there are several, warnings; then the seat."""
    shift = _seen(request, pk)
    form = SignupForm(request.POST or None, shift=shift)
    if request.method == "POST" and form.is_valid():
        signup = form.hand_in(acting_user=request.user)
        if signup.state == Signup.State.SEATED:
            messages.success(request, _("报名成功，座位已经留给您。"))
        else:
            messages.info(request, _("名额满了，已排候补。有人取消会通知您确认。"))
        return redirect(shift)
    return render(
        request,
        "timebank/shifts/sign_up.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "form": form,
            "card": card_of(shift),
            "journeys": tight_journeys(request.user, shift),
            "obstacle": obstacle_to(request.user, shift),
        },
        status=422 if request.method == "POST" else 200,
    )


def own_list(request: SignedInRequest) -> HttpResponse:
    """我的场次: offers to answer, what comes, what one waits for, exchanges, what is over."""
    return render(request, "timebank/shifts/own.html", {"own": own_shifts(request.user)})


@require_POST
def signup_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    signup = cancel_signup(_own(request, pk), acting_user=request.user)
    messages.success(request, _("已取消，名额会给候补的人。这不算未到。"))
    return redirect(signup.shift)


@require_POST
def signup_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    signup = accept_offer(_own(request, pk), acting_user=request.user)
    messages.success(request, _("名额已确认，到时候见。"))
    return redirect(signup.shift)


# Exchanging -------------------------------------------------------------------------------


def swap_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """换班: to whom, and for which shift of theirs if any."""
    signup = _own(request, pk)
    if signup.volunteer != request.user:
        raise NotAllowed()
    form = SwapForm(request.POST or None, signup=signup)
    if request.method == "POST" and form.is_valid():
        swap = form.hand_in(acting_user=request.user)
        if swap is not None:
            messages.success(request, _("已经告诉对方，等对方同意。同意之前名额还是您的。"))
            return redirect("timebank:shift-own-list")
    return render(
        request,
        "timebank/shifts/swap.html",
        {"form": form, "signup": signup, "shift": signup.shift},
        status=422 if form.is_bound else 200,
    )


SAID = {
    "agree": _("换班成功。"),
    "decline": _("已回复对方：不换。"),
    "withdraw": _("已撤回换班。"),
}


@require_POST
def swap_act(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in SAID:
        raise Http404
    user = request.user
    mine = Swap.objects.filter(to_volunteer=user) | Swap.objects.filter(given__volunteer=user)
    swap = get_object_or_404(mine.select_related("given", "wanted"), pk=pk)
    if verb == "agree":
        agree_swap(swap, acting_user=user)
    else:
        end_swap(swap, verb, acting_user=user)
    messages.success(request, str(SAID[verb]))
    return redirect("timebank:shift-own-list")


def _seen(request: HttpRequest, pk: int) -> Shift:
    return get_object_or_404(
        Shift.objects.visible_to(request.user).with_activity().with_taken(), pk=pk
    )


def _own(request: SignedInRequest, pk: int) -> Signup:
    return get_object_or_404(
        Signup.objects.visible_to(request.user).with_shift().select_related("volunteer"), pk=pk
    )
