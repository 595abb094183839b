"""The office's pages of a round's form: draw it up, copy it, look at it, correct its words."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.errors.round_forms import FormFrozen, FormNotFrozen
from ventures.forms.answers import AnswersForm, asked_rows
from ventures.forms.built_in_questions import BuiltInForm
from ventures.forms.round_forms import CopyForm, QuestionForm, WordsForm
from ventures.models import Question, Round
from ventures.rules import rounds as round_rules
from ventures.rules.form_contents import as_concept
from ventures.rules.round_forms import Asked
from ventures.selectors.form_builder import (
    BuiltIn,
    built_in_of,
    condition_in_words,
    facts_to_look_at,
    has_short_form,
    most_required,
    required_count,
    rounds_to_copy_from,
)
from ventures.selectors.form_previews import sample_answers
from ventures.selectors.proposal_form import SECTIONS, field_label, fields_asked, required_in
from ventures.selectors.round_forms import (
    BEYOND_A_CONCEPT,
    as_asked_row,
    content_drawn_up,
    content_of,
)
from ventures.services.round_forms import (
    add_question,
    copy_form,
    correct_words,
    edit_question,
    move_question,
    remove_question,
    set_built_in,
)
from ventures.views.rounds import sent


@require_GET
def round_form(request: SignedInRequest, code: str) -> HttpResponse:
    """What the round asks, and what can be done about it now."""
    round = _round_of_officer(request, code)
    content = content_drawn_up(round)
    required, most = required_count(content), most_required()
    return render(
        request,
        "ventures/forms/builder.html",
        {
            "round": round,
            "is_frozen": bool(content.number),
            "is_editable": not content.number and round.state == Round.State.DRAFT,
            "versions": round.form_versions.select_related("frozen_by").order_by("-number"),
            "built_in": [one for one in built_in_of(content) if one.is_asked],
            "left_out": [one for one in built_in_of(content) if not one.is_asked],
            "questions": [
                (asked, Question.Kind(asked.kind).label, condition_in_words(asked, content))
                for asked in content.questions
            ],
            "kinds": Question.Kind.choices,
            "required": required,
            "most": most,
            "is_too_much": has_short_form(round) and required > most,
            "may_copy": rounds_to_copy_from(request.user, round).exists(),
        },
    )


@require_http_methods(["GET", "POST"])
def round_form_built_in(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round_to_edit(request, code)
    form = BuiltInForm(
        sent(request),
        built_in=built_in_of(content_drawn_up(round)),
        has_concepts=round.has_concepts,
    )
    if request.method == "POST" and form.is_valid():
        set_built_in(round, form.terms(), acting_user=request.user)
        messages.success(request, _("基本问题的问法已保存。"))
        return redirect("ventures:round-form", code=code)
    return render(
        request,
        "ventures/forms/built_in.html",
        {"round": round, "form": form, "lines": form.lines()},
        status=_status(request),
    )


# Own questions ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def question_new(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    round = _round_to_edit(request, code)
    if kind not in Question.Kind.values:
        raise Http404
    form = QuestionForm(
        sent(request),
        kind=kind,
        earlier=content_drawn_up(round).questions,
        has_concepts=round.has_concepts,
        facts=facts_to_look_at(round),
    )
    if request.method == "POST" and form.is_valid():
        add_question(round, form.question_values(), acting_user=request.user)
        messages.success(request, _("问题已加到最后，可以上移。"))
        return redirect("ventures:round-form", code=code)
    return _question_page(request, round, form, _("加一个问题"))


@require_http_methods(["GET", "POST"])
def question_edit(request: SignedInRequest, code: str, question: str) -> HttpResponse:
    round = _round_to_edit(request, code)
    row = _question(round, question)
    asked = as_asked_row(row)
    form = QuestionForm(
        sent(request),
        kind=row.kind,
        earlier=_before(round, row.code),
        asked=asked,
        has_concepts=round.has_concepts,
        facts=facts_to_look_at(round),
    )
    if request.method == "POST" and form.is_valid():
        edit_question(row, form.question_values(), acting_user=request.user)
        messages.success(request, _("问题已修改。"))
        return redirect("ventures:round-form", code=code)
    return _question_page(request, round, form, _("修改问题"))


def _question_page(
    request: SignedInRequest, round: Round, form: QuestionForm, title: str
) -> HttpResponse:
    return render(
        request,
        "ventures/forms/question.html",
        {
            "round": round,
            "form": form,
            "title": title,
            "kind": Question.Kind(form.kind).label,
            "plain": ",".join(
                name
                for name in form.fields
                if not name.startswith("column_") and name not in ("when", "threshold")
            ),
        },
        status=_status(request),
    )


@require_POST
def question_move(request: SignedInRequest, code: str, question: str) -> HttpResponse:
    round = _round_to_edit(request, code)
    row = _question(round, question)
    move_question(row, is_up=request.POST.get("to") == "up", acting_user=request.user)
    return redirect(reverse("ventures:round-form", args=[code]) + f"#{question}")


@require_POST
def question_remove(request: SignedInRequest, code: str, question: str) -> HttpResponse:
    round = _round_to_edit(request, code)
    remove_question(_question(round, question), acting_user=request.user)
    messages.success(request, _("问题已移除。"))
    return redirect("ventures:round-form", code=code)


@require_http_methods(["GET", "POST"])
def form_copy(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round_to_edit(request, code)
    form = CopyForm(sent(request), rounds=rounds_to_copy_from(request.user, round))
    if request.method == "POST" and form.is_valid():
        copy_form(round, form.cleaned_data["source"], acting_user=request.user)
        messages.success(request, _("申报表已复制过来，请逐题核对。"))
        return redirect("ventures:round-form", code=code)
    return _answer(
        request,
        round,
        form,
        title=_("复制申报表"),
        verb=_("复制"),
        consequence=_("这一轮现在的自设问题和问法会被换掉。"),
    )


# Looking at it ----------------------------------------------------------------------------


@login_not_required
@require_GET
def form_preview(request: HttpRequest, code: str) -> HttpResponse:
    """As an applicant fills it in, on the short or the standard form, and as a reviewer reads
    it. Whoever may read the call may look."""
    round = get_object_or_404(Round.objects.visible_to(request.user), code=code)
    content = content_drawn_up(round)
    first = "concept" if round.has_concepts else "short" if has_short_form(round) else "standard"
    look = request.GET.get("as", first)
    is_short = look in ("short", "concept")
    if look == "concept" and round.has_concepts:
        content = as_concept(content, BEYOND_A_CONCEPT)
    tier = next((one for one in round.tiers.all() if one.is_short == is_short), None)
    own = AnswersForm(content=content)
    asked = fields_asked(round, is_short=is_short, content=content)
    required = (*required_in(round, tier, content=content), "budget")
    notes = {one.name: one for one in built_in_of(content)}
    return render(
        request,
        "ventures/forms/preview.html",
        {
            "round": round,
            "look": look,
            "tabs": _looks(round, look),
            "sections": [
                (label, [(notes[n], n in required) for n in asked[key] if n in notes])
                for key, label, _names in SECTIONS
            ],
            "rows": [
                row
                for row in asked_rows(own, None, is_short=is_short)
                if row.asked.is_for_short or not is_short
            ],
            "samples": sample_answers(content) if look == "reviewer" else [],
            "is_officer": request.user.is_authenticated
            and round_rules.is_round_officer(request.user, round),
        },
    )


def _looks(round: Round, look: str) -> list[dict[str, Any]]:
    url = reverse("ventures:round-form-preview", args=[round.code])
    looks = [
        ("concept", _("项目概要"), round.has_concepts),
        ("short", _("一页简表"), has_short_form(round)),
        ("standard", _("标准申报书"), any(not one.is_short for one in round.tiers.all())),
        ("reviewer", _("评审人看到的"), True),
    ]
    return [
        {"label": label, "url": f"{url}?as={key}", "is_current": key == look}
        for key, label, is_there in looks
        if is_there
    ]


# After publishing -------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def form_words(request: SignedInRequest, code: str, question: str) -> HttpResponse:
    """Put words right: a new version, told to everybody who is writing."""
    round = _round_of_officer(request, code)
    content = content_of(round)
    if not content.number:
        raise FormNotFrozen()
    asked = content.question(question)
    built_in = _built_in(round, question)
    if asked is None and built_in is None:
        raise Http404
    form = WordsForm(
        sent(request),
        is_built_in=asked is None,
        initial={
            "label": asked.label if asked else "",
            "help": asked.help if asked else built_in.terms.help if built_in else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        version = correct_words(
            round,
            code=question,
            label=values.get("label", ""),
            help=values["help"],
            reason=values["reason"],
            acting_user=request.user,
        )
        messages.success(
            request,
            _("已成为申报表第 %(number)d 版，并告诉了正在填写的申报方。")
            % {"number": version.number},
        )
        return redirect("ventures:round-form", code=code)
    return _answer(
        request,
        round,
        form,
        title=_("更正文字：%(label)s") % {"label": asked.label if asked else field_label(question)},
        verb=_("写下更正"),
        consequence=_("只改文字，不改怎么答；已经填写的内容不变，正在填写的申报方会收到消息。"),
    )


def _built_in(round: Round, name: str) -> BuiltIn | None:
    return next((one for one in built_in_of(content_of(round)) if one.name == name), None)


def _answer(
    request: SignedInRequest,
    round: Round,
    form: forms.Form,
    *,
    title: str,
    verb: str,
    consequence: str,
) -> HttpResponse:
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "title": title,
            "form": form,
            "verb": verb,
            "consequence": consequence,
            "back_url": reverse("ventures:round-form", args=[round.code]),
        },
        status=_status(request),
    )


# Finding ----------------------------------------------------------------------------------


def _round_of_officer(request: SignedInRequest, code: str) -> Round:
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region"), code=code
    )
    if not round_rules.is_round_officer(request.user, round):
        raise NotAllowed()
    return round


def _round_to_edit(request: SignedInRequest, code: str) -> Round:
    """Before any form is shown, whether there is still something to edit."""
    round = _round_of_officer(request, code)
    if round.state != Round.State.DRAFT:
        raise FormFrozen(round=round.name)
    return round


def _question(round: Round, code: str) -> Question:
    return get_object_or_404(
        Question.objects.select_related("form__round"), form__round=round, code=code
    )


def _before(round: Round, code: str) -> list[Asked]:
    """The questions that stand before this one."""
    earlier = []
    for asked in content_drawn_up(round).questions:
        if asked.code == code:
            break
        earlier.append(asked)
    return earlier


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
