"""The officer's acts on a round: prepare, propose, publish, extend, hand to review.

What everybody reads of it is in `views.calls`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Region, Role, User
from accounts.requests import SignedInRequest
from accounts.rules import roles_of_kind
from ventures.forms.funds import BaseFundSourceFormSet, source_formset
from ventures.forms.prizes import BasePrizeFormSet, prize_formset
from ventures.forms.rounds import ExtendForm, ReturnRoundForm, RoundForm, usual_close
from ventures.forms.tiers import BaseTierFormSet, tier_formset
from ventures.lifecycles.rounds import ROUND
from ventures.models import FundSource, Prize, Round, Tier
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.rules import timetable as timetable_rules
from ventures.rules.round_stops import STOPPABLE
from ventures.selectors.needs import asked_before, choosable_for
from ventures.selectors.recusals import named_officers
from ventures.selectors.round_stops import stop_facts
from ventures.selectors.rounds import missing_for_call
from ventures.selectors.second_person import when_away
from ventures.selectors.usual_terms import usual_terms
from ventures.selectors.workload import closed_with_nobody
from ventures.services.dates import require_may_extend
from ventures.services.round_copying import copy_round
from ventures.services.round_publishing import (
    propose_round,
    publish_round,
    require_second_person,
    return_round,
    take_back_round,
)
from ventures.services.rounds import (
    begin_review,
    create_round,
    edit_round,
    extend_round,
    require_draft_of,
)
from ventures.services.timetable import MOVABLE
from ventures.views.lookups import find_round


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, even if that was nothing."""
    return request.POST if request.method == "POST" else None


# Preparing ------------------------------------------------------------------------------


class RoundForms:
    """The call, its tiers and its fund sources: typed on one page, right only together."""

    def __init__(
        self,
        request: SignedInRequest,
        *,
        round: Round | None = None,
        tiers: Sequence[Tier] = (),
        sources: Sequence[FundSource] = (),
        prizes: Sequence[Prize] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        data = sent(request)
        self.form = RoundForm(data, instance=round, initial=initial or {}, acting_user=request.user)
        self.tiers: BaseTierFormSet = tier_formset(data, tiers=tiers)
        self.sources: BaseFundSourceFormSet = source_formset(data, sources=sources)
        self.prizes: BasePrizeFormSet = prize_formset(data, prizes=prizes)
        if self.prizes.is_bound and self.prizes.is_valid():
            self.form.largest_prize_fen = self.prizes.largest_fen

    def is_valid(self) -> bool:
        sound = [
            self.form.is_valid(),
            self.tiers.is_valid(),
            self.sources.is_valid(),
            self.prizes.is_valid(),
        ]
        if not all(sound):
            return False
        fund_fen = self.values()["fund_fen"]
        if self.values()["purpose"] == Round.Purpose.PRIZE and not self.prizes.fits(fund_fen):
            return False
        return self.sources.adds_up_to(fund_fen)

    def values(self) -> dict[str, Any]:
        return self.form.values()

    def page(self, request: HttpRequest, **more: Any) -> HttpResponse:
        return render(
            request,
            "ventures/rounds/form.html",
            {
                "form": self.form,
                "tiers": self.tiers,
                "sources": self.sources,
                "prizes": self.prizes,
                **more,
            },
            status=422 if request.method == "POST" else 200,
        )


def office_region_of(user: User, role: Role | None) -> Region:
    """The place of the office she acts in, else of the first she holds."""
    offices = roles_of_kind(user, Role.Kind.OFFICER)
    acted_in = next((one for one in offices if role is not None and one.pk == role.pk), offices[0])
    assert acted_in.region is not None, "an officer is of a place"
    return acted_in.region


@require_http_methods(["GET", "POST"])
def round_new(request: SignedInRequest) -> HttpResponse:
    if not round_rules.may_prepare_rounds(request.user):
        raise NotAllowed()
    region = office_region_of(request.user, request.current_role)
    forms = RoundForms(
        request,
        initial={"opens_at": database_now().replace(microsecond=0)}
        | usual_terms(region, request.user, usual_close()),
    )
    if request.method == "POST" and forms.is_valid():
        round = create_round(
            forms.values(),
            forms.tiers.tiers(),
            sources=forms.sources.sources(),
            prizes=forms.prizes.prizes(),
            acting_user=request.user,
        )
        messages.success(request, _("已存为草稿。下一步：看一眼征集公告，没问题就提请发布。"))
        return redirect("ventures:round-desk", code=round.code)
    return forms.page(request, title=_("新开一轮"))


@require_http_methods(["GET", "POST"])
def round_edit(request: SignedInRequest, code: str) -> HttpResponse:
    round = find_round(request, code)
    require_draft_of(request.user, round)
    forms = RoundForms(
        request,
        round=round,
        tiers=list(round.tiers.all()),
        sources=list(round.sources.all()),
        prizes=list(round.prizes.all()),
    )
    if request.method == "POST" and forms.is_valid():
        round = edit_round(
            round,
            forms.values(),
            forms.tiers.tiers(),
            sources=forms.sources.sources(),
            prizes=forms.prizes.prizes(),
            acting_user=request.user,
        )
        messages.success(request, _("已保存。"))
        return redirect("ventures:round-desk", code=round.code)
    return forms.page(request, title=_("修改征集公告"), round=round)


@require_POST
def round_copy(request: SignedInRequest, code: str) -> HttpResponse:
    round = copy_round(find_round(request, code), acting_user=request.user)
    messages.success(request, _("已照抄为草稿：日期已顺延，文号空着。请逐项核对后再提请发布。"))
    return redirect("ventures:round-edit", code=round.code)


# Publishing by two ----------------------------------------------------------------------


@require_POST
def round_propose(request: SignedInRequest, code: str) -> HttpResponse:
    round = propose_round(find_round(request, code), acting_user=request.user)
    messages.success(
        request,
        _("已提请发布，请 %(who)s 审核。")
        % {"who": named_officers(round_rules.publishers_of(round), round)},
    )
    return redirect("ventures:round-desk", code=code)


@require_POST
def round_take_back(request: SignedInRequest, code: str) -> HttpResponse:
    take_back_round(find_round(request, code), acting_user=request.user)
    messages.success(request, _("已收回，可以继续修改。"))
    return redirect("ventures:round-desk", code=code)


@require_POST
def round_publish(request: SignedInRequest, code: str) -> HttpResponse:
    round = publish_round(find_round(request, code), acting_user=request.user)
    messages.success(
        request,
        _("征集公告已发布，资金已记入资金账簿。") if round.has_money else _("征集公告已发布。"),
    )
    return redirect(round)


@require_http_methods(["GET", "POST"])
def round_return(request: SignedInRequest, code: str) -> HttpResponse:
    round = find_round(request, code)
    require_second_person(request.user, round)
    ROUND.require(round, "return_", acting_user=request.user)
    form = ReturnRoundForm(sent(request))
    if request.method == "POST" and form.is_valid():
        return_round(round, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已退回，并告诉了提请发布的人。"))
        return redirect("ventures:round-desk", code=code)
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "title": _("退回修改"),
            "form": form,
            "verb": _("退回"),
            "consequence": _("公告回到草稿，提请的人会看到原因，改好后重新提请。"),
            "back_url": reverse("ventures:round-desk", args=[code]),
        },
        status=422 if request.method == "POST" else 200,
    )


# While it runs --------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def round_extend(request: SignedInRequest, code: str) -> HttpResponse:
    round = find_round(request, code)
    require_may_extend(request.user, round)
    if not round.is_filing:
        raise OutOfTurn(state=round.get_state_display(), verb=_("延长截止时间"))
    form = ExtendForm(sent(request), initial={"closes_at": timetable_rules.closes_at_of(round)})
    if request.method == "POST" and form.is_valid():
        extend_round(round, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("截止时间已延长，对所有申报方同样有效。"))
        return redirect("ventures:round-desk", code=code)
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "title": _("延长截止时间"),
            "form": form,
            "verb": _("延长"),
            "consequence": _("新的截止时间马上对所有人生效，并和原因一起留痕。"),
            "back_url": reverse("ventures:round-desk", args=[code]),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def round_begin_review(request: SignedInRequest, code: str) -> HttpResponse:
    begin_review(find_round(request, code), acting_user=request.user)
    messages.success(request, _("通过形式审查的申报书已交评审。下一步：确定评委。"))
    return redirect("ventures:round-panel", code=code)


def _only(round: Round) -> QuerySet[Round]:
    return Round.objects.filter(pk=round.pk)


def _may_choose_needs(user: User, round: Round) -> bool:
    is_open = not round.is_published or round.state == Round.State.OPEN
    return is_open and round_rules.is_round_officer(user, round)


def round_actions(request: SignedInRequest, round: Round, now: datetime) -> dict[str, Any]:
    """What the desk offers on the round now, what the call still lacks, and who publishes it."""
    verbs = {arrow.verb for arrow in ROUND.open_to(request.user, round)}
    is_prepared = not round.is_published
    may_extend = round.state in STOPPABLE and recusal_rules.may_extend(request.user, round)
    seconds = (
        round_rules.publishing_seconds(
            round, besides=request.user if round.state == Round.State.DRAFT else None
        )
        if is_prepared
        else None
    )
    return {
        "may_edit": "propose" in verbs,
        "may_propose": "propose" in verbs,
        "may_take_back": "take_back" in verbs,
        "may_publish": "publish" in verbs,
        "may_copy": round_rules.is_round_officer(request.user, round),
        "publishers": named_officers(seconds.now, round) if seconds else "",
        "when_away": when_away(seconds, round) if seconds else "",
        "missing": missing_for_call(round) if verbs & {"propose", "publish"} else [],
        "may_extend": round.is_filing and may_extend,
        "closes_at": timetable_rules.closes_at_of(round),
        "is_selecting": round.has_concepts
        and round.state == Round.State.OPEN
        and now >= timetable_rules.all_in_at(round),
        "may_begin_review": "begin_review" in verbs
        and now >= timetable_rules.all_in_at(round)
        and now >= timetable_rules.last_deadline(round),
        "may_see_form": round_rules.is_round_officer(request.user, round),
        "is_sealed_now": round.is_published and timetable_rules.is_sealed(round, now),
        "unsealed_at": timetable_rules.all_in_at(round),
        "may_move_dates": round.state in MOVABLE
        and timetable_rules.may_move_dates(request.user, round),
        "is_deserted": round.is_filing
        and now >= timetable_rules.all_in_at(round)
        and bool(closed_with_nobody(_only(round), now)),
        **stop_facts(request.user, round, may_extend=may_extend),
        "may_choose_needs": (may_choose := _may_choose_needs(request.user, round)),
        "needs_before": len(asked_before(round, choosable_for(round, request.user)))
        if may_choose and round.copied_from_id
        else 0,
    }
