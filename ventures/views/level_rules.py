"""What stands in a place for all its rounds: conditions, the year's budget, how long steps take."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed
from accounts.models import Region
from accounts.requests import SignedInRequest
from accounts.rules import regions_of
from ventures.forms.conditions import StandingConditionsForm, typed_of
from ventures.forms.level_rules import LevelBudgetForm, StepLimitsForm
from ventures.models import Condition, LevelBudget, Programme
from ventures.rules import rounds as rules
from ventures.rules.rounds import Kind
from ventures.selectors.condition_words import conditions_in_words
from ventures.selectors.flows import limits_in_force, steps_with_limits
from ventures.selectors.level_rules import standing_asked, standing_rows
from ventures.services.conditions import write_standing_conditions
from ventures.services.level_budgets import set_level_budget, set_step_limits
from ventures.views.rounds import sent


@require_GET
def level_rules(request: SignedInRequest) -> HttpResponse:
    """Every place the person is officer of, with what stands there; and its programmes."""
    if not rules.may_prepare_rounds(request.user):
        raise NotAllowed()
    today = timezone.localdate()
    places = Region.objects.filter(pk__in=regions_of(request.user, Kind.OFFICER)).order_by("code")
    labels = steps_with_limits()
    return render(
        request,
        "ventures/level_rules/page.html",
        {
            "places": [
                {
                    "region": place,
                    "conditions": conditions_in_words(standing_asked(place, today)),
                    "budgets": LevelBudget.objects.filter(region=place).select_related("programme"),
                    "limits": [
                        (labels[verb], limit)
                        for verb, limit in limits_in_force(place, today).items()
                        if verb in labels
                    ],
                    "programmes": [
                        (one, conditions_in_words(standing_asked(one, today)))
                        for one in Programme.objects.filter(region=place)
                    ],
                }
                for place in places
            ]
        },
    )


@require_http_methods(["GET", "POST"])
def place_conditions(request: SignedInRequest, place: str) -> HttpResponse:
    region = _place(request, place)
    return _conditions(
        request, region, title=_("%(place)s的申报条件") % {"place": region.short_name}
    )


@require_http_methods(["GET", "POST"])
def programme_conditions(request: SignedInRequest, code: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.select_related("region"), code=code)
    if not rules.keeps_programme(request.user, programme):
        raise NotAllowed()
    return _conditions(request, programme, title=_("%(name)s的申报条件") % {"name": programme.name})


def _conditions(request: SignedInRequest, place: Programme | Region, *, title: str) -> HttpResponse:
    rows: list[Condition] = standing_rows(place, timezone.localdate())
    form = StandingConditionsForm(sent(request), initial=typed_of(rows))
    if request.method == "POST" and form.is_valid():
        write_standing_conditions(
            place,
            form.rows(),
            valid_from=form.cleaned_data["valid_from"],
            document_number=form.cleaned_data["document_number"],
            acting_user=request.user,
        )
        messages.success(request, _("已保存。下面各级的轮次都按它办，更严的按更严的办。"))
        return redirect("ventures:level-rules")
    return _form(
        request,
        form,
        title=title,
        consequence=_("这里写的对下面各级的轮次都有效；下级可以更严，不能更松。"),
    )


@require_http_methods(["GET", "POST"])
def place_budget(request: SignedInRequest, place: str) -> HttpResponse:
    region = _place(request, place)
    form = LevelBudgetForm(
        sent(request), region=region, initial={"year": timezone.localdate().year}
    )
    if request.method == "POST" and form.is_valid():
        set_level_budget(
            form.cleaned_data["programme"],
            region,
            form.cleaned_data["year"],
            **form.values(),
            acting_user=request.user,
        )
        messages.success(request, _("年度预算已登记。"))
        return redirect("ventures:level-rules")
    return _form(
        request,
        form,
        title=_("%(place)s的年度预算") % {"place": region.short_name},
        consequence=_("同一品牌、同一年度再登记一次，就是调整；不能少于已发布轮次的合计。"),
    )


@require_http_methods(["GET", "POST"])
def place_limits(request: SignedInRequest, place: str) -> HttpResponse:
    region = _place(request, place)
    in_force = limits_in_force(region, timezone.localdate())
    form = StepLimitsForm(
        sent(request),
        steps=steps_with_limits(),
        initial={f"days_{verb}": limit.working_days for verb, limit in in_force.items()},
    )
    if request.method == "POST" and form.is_valid():
        set_step_limits(
            region,
            form.days(),
            valid_from=form.cleaned_data["valid_from"],
            basis=form.cleaned_data["basis"],
            acting_user=request.user,
        )
        messages.success(request, _("办理时限已登记，流程图上会写明。"))
        return redirect("ventures:level-rules")
    return _form(
        request,
        form,
        title=_("%(place)s的办理时限") % {"place": region.short_name},
        consequence=_("写在每一轮的审批流程图上；空着的步骤不写时限。"),
    )


def _form(request: SignedInRequest, form: Any, **words: Any) -> HttpResponse:
    return render(
        request,
        "ventures/screening/answer.html",
        {"form": form, "verb": _("保存"), "back_url": reverse("ventures:level-rules"), **words},
        status=422 if request.method == "POST" else 200,
    )


def _place(request: SignedInRequest, code: str) -> Region:
    """A place of the officer's own; what is not hers is not for her to set."""
    region = get_object_or_404(Region.objects.current(), code=code)
    if not rules.keeps_rules_of(request.user, region):
        raise NotAllowed()
    return region
