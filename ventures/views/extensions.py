"""Exceptions to a round's time: more of it for one applicant, and a look before the close."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.clock import database_now
from accounts.requests import SignedInRequest
from ventures.forms.timetable import ExtensionForm, PeekForm, ReasonForm
from ventures.models import Round
from ventures.rules import rounds as round_rules
from ventures.rules import timetable as rules
from ventures.selectors.timetable import extensions_of, peeks_of
from ventures.services.extensions import (
    extensions_locked,
    give_extension,
    require_may_give,
    take_back_extension,
)
from ventures.services.peeks import peek, require_may_peek
from ventures.views.rounds import sent


@require_GET
def extension_list(request: SignedInRequest, code: str) -> HttpResponse:
    """Who was given more time and why, and who looked before the close: for whoever runs or audits
    the round."""
    round = _desk_round(request, code)
    now = database_now()
    return render(
        request,
        "ventures/timetable/extensions.html",
        {
            "round": round,
            "now": now,
            "extensions": list(extensions_of(round)),
            "peeks": peeks_of(round, now),
            "is_sealed": rules.is_sealed(round, now),
            "unsealed_at": rules.all_in_at(round),
            "may_give": round.is_filing and rules.may_give_extension(request.user, round),
            "may_peek": rules.is_sealed(round, now)
            and round.peek_minutes > 0
            and round_rules.is_round_officer(request.user, round),
        },
    )


@require_http_methods(["GET", "POST"])
def extension_new(request: SignedInRequest, code: str) -> HttpResponse:
    round = _desk_round(request, code)
    require_may_give(request.user, round)
    form = ExtensionForm(sent(request), round=round)
    if request.method == "POST" and form.is_valid():
        given = give_extension(
            round,
            form.cleaned_data["applicant"],
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            acting_user=request.user,
        )
        messages.success(request, _("已给“%(who)s”延期，并通知对方。") % {"who": given.who})
        return redirect("ventures:extension-list", code=code)
    return _answer(
        request,
        round,
        form,
        title=_("给一家申报方延期"),
        verb=_("给予延期"),
        consequence=_(
            "只对这一家有效，只能用来提交一次；不用为它重开整轮。给出后马上生效并通知对方。"
        ),
    )


@require_http_methods(["GET", "POST"])
def extension_take_back(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    round = _desk_round(request, code)
    extension = get_object_or_404(extensions_locked(round), pk=pk)
    require_may_give(request.user, round)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        take_back_extension(extension, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("延期已收回，并通知对方。"))
        return redirect("ventures:extension-list", code=code)
    return _answer(
        request,
        round,
        form,
        title=_("收回给“%(who)s”的延期") % {"who": extension.who},
        verb=_("收回"),
        consequence=_("还没有使用的才能收回。收回后对方不能再提交。"),
        tone="danger",
    )


@require_http_methods(["GET", "POST"])
def round_peek(request: SignedInRequest, code: str) -> HttpResponse:
    """Open one sealed proposal, with a reason its applicant reads."""
    round = _desk_round(request, code)
    require_may_peek(request.user, round)
    form = PeekForm(sent(request))
    if request.method == "POST" and form.is_valid():
        seen = peek(round, **form.cleaned_data, acting_user=request.user)
        if seen is not None:
            messages.success(
                request,
                _("已打开 %(minutes)d 分钟，并通知申报方。") % {"minutes": round.peek_minutes},
            )
            return redirect(seen.proposal)
        form.add_error("number", _("这个编号下没有您可以查看的申报书。这次尝试已留痕。"))
    return _answer(
        request,
        round,
        form,
        title=_("紧急查看一份封存的申报书"),
        verb=_("打开"),
        consequence=_(
            "申报方马上知道谁、什么时候、为什么看了；启封后审计人员也能看到。能等就请等到启封。"
        ),
        tone="danger",
    )


def _answer(
    request: SignedInRequest,
    round: Round,
    form: ExtensionForm | ReasonForm | PeekForm,
    *,
    title: str,
    verb: str,
    consequence: str,
    tone: str = "primary",
) -> HttpResponse:
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "round": round,
            "title": title,
            "form": form,
            "verb": verb,
            "consequence": consequence,
            "tone": tone,
            "back_url": reverse("ventures:extension-list", args=[round.code]),
        },
        status=422 if request.method == "POST" else 200,
    )


def _desk_round(request: SignedInRequest, code: str) -> Round:
    """Not there for those who do not work at the round."""
    return get_object_or_404(
        Round.objects.run_by(request.user)
        .select_related("programme", "region", "operator")
        .prefetch_related("stages"),
        code=code,
    )
