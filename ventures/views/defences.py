"""路演答辩 at the desk: the session, its lot before everybody's eyes, the order, telling the teams.

What happens in the hall is in `views.halls`.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.services.papers import typeset
from ventures.errors.defences import NoDefence, OrderNotDrawn
from ventures.errors.review_phases import StillBlind
from ventures.forms.defences import MoveForm, SessionForm
from ventures.forms.reviewers import LotForm
from ventures.forms.reviews import ReasonForm
from ventures.lifecycles.defences import DEFENCE_ORDER, DEFENCE_SLOT
from ventures.models import DefenceSession, DefenceSlot, Round
from ventures.rules import defences as rules
from ventures.rules.review_rights import is_still_blind
from ventures.rules.rounds import may_see_round_work
from ventures.selectors.calendars import Event, calendar_with
from ventures.selectors.composites import composite_terms_of
from ventures.selectors.defences import order_paper, published_order, session_of, turns_of
from ventures.services import defences as services
from ventures.views.lookups import find_proposal, find_round, no_decider
from ventures.views.rounds import sent

TONES = {"planned": "waiting", "sealed": "waiting", "drawn": "done"}


@require_http_methods(["GET", "POST"])
def desk(request: SignedInRequest, code: str) -> HttpResponse:
    """Session and order; whoever runs the round plans it here."""
    round = round_at_hall(request, code)
    may_plan = rules.may_plan_defence(request.user, round)
    if request.method == "POST" and not may_plan:
        raise no_decider(request.user, round)
    session = session_of(round)
    form = SessionForm(sent(request), session=session)
    if form.is_valid():
        services.plan_defence(round, form.plan(), acting_user=request.user)
        messages.success(request, _("场次已排好。下一步：和见证人一起抽签定次序。"))
        return redirect("ventures:defence-desk", code=code)
    return _desk(request, round, session, form, may_plan=may_plan)


def _desk(
    request: SignedInRequest,
    round: Round,
    session: DefenceSession | None,
    form: SessionForm,
    *,
    may_plan: bool,
    lot: LotForm | None = None,
) -> HttpResponse:
    turns = turns_of(session, request.user) if session else []
    is_bound = form.is_bound or lot is not None
    return render(
        request,
        "ventures/defences/desk.html",
        {
            "round": round,
            "terms": composite_terms_of(round),
            "session": session,
            "tone": TONES[session.state] if session else "",
            "turns": [
                (one, {arrow.verb for arrow in DEFENCE_SLOT.open_to(request.user, one.slot)})
                for one in turns
            ],
            "form": form if may_plan else None,
            "lot_form": lot or LotForm(),
            "verbs": {arrow.verb for arrow in DEFENCE_ORDER.open_to(request.user, session)}
            if session
            else set(),
            "may_plan": may_plan and round.state == Round.State.IN_REVIEW,
            "is_on_stage": any(turn.slot.state == "open" for turn in turns),
            "has_begun": any(turn.slot.state != "waiting" for turn in turns),
        },
        status=422 if is_bound else 200,
    )


@require_POST
def seal(request: SignedInRequest, code: str) -> HttpResponse:
    session = session_to_run(request, code)
    services.seal_order(session, acting_user=request.user)
    messages.success(request, _("名单和密数的摘要已经公开。请见证人当场说一个词。"))
    return redirect("ventures:defence-desk", code=code)


@require_POST
def draw(request: SignedInRequest, code: str) -> HttpResponse:
    session = session_to_run(request, code)
    DEFENCE_ORDER.require(session, "draw", acting_user=request.user)
    form = LotForm(request.POST)
    if not form.is_valid():
        plain = SessionForm(session=session)
        return _desk(request, session.round, session, plain, may_plan=True, lot=form)
    services.draw_order(session, **form.cleaned_data, acting_user=request.user)
    messages.success(request, _("次序已抽定，重抽用的文件已经公开。可以通知各队了。"))
    return redirect("ventures:defence-desk", code=code)


@require_http_methods(["GET", "POST"])
def void(request: SignedInRequest, code: str) -> HttpResponse:
    session = session_to_run(request, code)
    DEFENCE_ORDER.require(session, "void", acting_user=request.user)
    form = ReasonForm(sent(request))
    if form.is_valid():
        services.void_order(session, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("这次抽签已作废，可以重新备签。"))
        return redirect("ventures:defence-desk", code=code)
    return _confirm(
        request,
        form,
        title=_("作废这次抽签"),
        verb=_("作废"),
        consequence=_("原来的结果和作废的理由留在记录里，次序要重新抽。"),
        code=code,
    )


@require_POST
def tell(request: SignedInRequest, code: str) -> HttpResponse:
    count = services.tell_order(session_to_run(request, code), acting_user=request.user)
    messages.success(
        request, _("已通知 %(count)d 支队伍，各队可以把时间加进日历。") % {"count": count}
    )
    return redirect("ventures:defence-desk", code=code)


@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Another place in the order, with a reason."""
    session = session_to_run(request, code)
    slot = slot_of(session, pk, request)
    form = MoveForm(sent(request))
    if form.is_valid():
        services.move_slot(slot, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("次序已调整，理由记在记录里。"))
        return redirect("ventures:defence-desk", code=code)
    return _confirm(
        request,
        form,
        title=_("调整次序：%(title)s") % {"title": slot.proposal.title},
        verb=_("调整"),
        consequence=_("现在是第 %(place)s 个。中间的队伍依次前移或后移，时间跟着变。")
        % {"place": slot.position},
        code=code,
    )


@require_GET
def order_sheet(request: SignedInRequest, code: str) -> HttpResponse:
    """The order on A4, to sign in by."""
    round = round_at_hall(request, code)
    session = session_of(round)
    if session is None or session.state != DefenceSession.State.DRAWN:
        raise OrderNotDrawn()
    paper = order_paper(session, turns_of(session, request.user))
    answer = HttpResponse(
        typeset("ventures/papers/defence_order.typ", paper), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{session.number}.pdf"'
    return answer


# The lot, for everyone -------------------------------------------------------------------


@login_not_required
@require_GET
def lot(request: HttpRequest, code: str) -> HttpResponse:
    """The hashes as soon as the list is sealed; numbers, seed and order once it is drawn and
    nobody judges without knowing whom any more."""
    round = find_round(request, code)
    session = session_of(round)
    if session is None or session.state == DefenceSession.State.PLANNED:
        raise Http404
    return render(
        request,
        "ventures/defences/lot.html",
        {
            "round": round,
            "session": session,
            "is_drawn": session.state == "drawn" and is_still_blind(round) is None,
            "blind_until": is_still_blind(round),
        },
    )


@login_not_required
@require_GET
def lot_file(request: HttpRequest, code: str) -> JsonResponse:
    """What one needs to draw again, with the program that draws reviewers."""
    session = session_of(find_round(request, code))
    is_drawn = session is not None and session.state == DefenceSession.State.DRAWN
    if session is None or not is_drawn or is_still_blind(session.round) is not None:
        raise Http404
    answer = JsonResponse(published_order(session), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{session.number}.json"'
    return answer


# One team's turn -------------------------------------------------------------------------


@require_GET
def turn(request: SignedInRequest, code: str) -> HttpResponse:
    """When and where a team stands before the panel."""
    slot = _turn_of(request, code)
    return render(
        request,
        "ventures/defences/turn.html",
        {"slot": slot, "session": slot.session, "proposal": slot.proposal},
    )


@require_GET
def turn_ics(request: SignedInRequest, code: str) -> HttpResponse:
    slot = _turn_of(request, code)
    begins = slot.begins_at
    if begins is None:
        raise Http404
    session = slot.session
    event = Event(
        f"defence-{slot.proposal.code}",
        begins,
        begins + session.slot_length,
        _("路演答辩：%(title)s") % {"title": slot.proposal.title},
        place=session.place,
    )
    link = request.build_absolute_uri(reverse("ventures:defence-turn", args=[code]))
    lines = calendar_with([event], stamp=session.set_at, host=request.get_host(), link=link)
    answer = HttpResponse(
        "".join(f"{line}\r\n" for line in lines), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{slot.proposal.code}.ics"'
    return answer


def _turn_of(request: SignedInRequest, code: str) -> DefenceSlot:
    """Told to the team once the order was told; the office sees it at once."""
    proposal = find_proposal(request, code)
    slot = get_object_or_404(
        DefenceSlot.objects.select_related("session__round__region", "proposal"), proposal=proposal
    )
    if not rules.may_see_slot(request.user, slot):
        raise NotAllowed()
    is_office = may_see_round_work(request.user, slot.session.round)
    if slot.session.told_at is None and not is_office:
        raise Http404
    return slot


# Lookups ---------------------------------------------------------------------------------


def round_at_hall(request: SignedInRequest, code: str) -> Round:
    """A round whose call knows a defence, for whoever has something to do in its hall; for those
    who still judge without knowing whom, it is not open yet."""
    round = find_round(request, code)
    if not rules.may_enter_hall(request.user, round):
        raise NotAllowed()
    until = is_still_blind(round)
    if until is not None and rules.judges_in(request.user, round):
        raise StillBlind(until=until)
    terms = composite_terms_of(round)
    if terms is None or not terms.has_defence:
        raise NoDefence()
    return round


def session_to_run(request: SignedInRequest, code: str) -> DefenceSession:
    round = round_at_hall(request, code)
    session = session_of(round)
    if session is None:
        raise NoDefence()
    if not rules.runs_session(request.user, session):
        raise no_decider(request.user, round)
    return session


def slot_of(session: DefenceSession, pk: int, request: SignedInRequest) -> DefenceSlot:
    """A team of the session that nothing ties this person to."""
    visible = {one.slot.pk: one.slot for one in turns_of(session, request.user)}
    if pk not in visible:
        raise Http404
    slot = visible[pk]
    slot.proposal.round = session.round
    return slot


def _confirm(
    request: SignedInRequest,
    form: MoveForm | ReasonForm,
    *,
    title: str,
    verb: str,
    consequence: str,
    code: str,
) -> HttpResponse:
    return render(
        request,
        "confirm.html",
        {
            "title": title,
            "verb": verb,
            "tone": "primary",
            "consequence": consequence,
            "action": request.path,
            "form": form,
            "about": _("路演答辩"),
            "back_url": reverse("ventures:defence-desk", args=[code]),
        },
        status=422 if form.is_bound else 200,
    )
