"""Writing a proposal: the editor, its autosave, and the reading over before it is handed in."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.clock import database_now
from accounts.models import Region
from accounts.requests import SignedInRequest
from accounts.selectors.regions import communities_by_town, communities_of
from accounts.templatetags.kit import clock, yuan
from ventures.forms.answers import AnswersForm, asked_rows
from ventures.forms.budgets import BudgetLineForm, BudgetTable
from ventures.forms.plan_rows import PlanTable, plan_tables_sent
from ventures.forms.proposals import FileForm, PartnerForm, ProposalForm
from ventures.models import Need, Proposal
from ventures.models.plans import PARTS
from ventures.rules.form_contents import FormContent
from ventures.rules.timetable import deadline_for
from ventures.selectors.budget_rules import rules_of
from ventures.selectors.partners import MOST_NEEDS, names_to_suggest
from ventures.selectors.proposal_form import (
    SECTIONS,
    TEXT_FIELDS,
    asks_budget,
    asks_short,
    field_label,
    only_on,
    progress_of,
    required_for,
    tier_of,
)
from ventures.selectors.proposals import deadline_of, fields_of, kinds_of_file_taken
from ventures.selectors.readings import paper_of_draft
from ventures.selectors.reviewer_looks import reviewer_look_of
from ventures.selectors.round_forms import content_for, facts_of
from ventures.selectors.rounds import tiers_within_cap
from ventures.services.drafts import other_version, require_writable, save_draft
from ventures.services.plan_rows import DraftRows
from ventures.views.lookups import find_whole_proposal
from ventures.views.proposal_files import shown_files


@require_http_methods(["GET", "POST"])
def proposal_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """The editor. Without script it is one plain form that saves as a whole."""
    proposal = find_whole_proposal(request, code)
    open_fields = require_writable(proposal, acting_user=request.user)
    if request.method == "POST":
        form = ProposalForm(
            request.POST,
            round=proposal.round,
            only=[name for name in TEXT_FIELDS if name in open_fields],
        )
        budget = BudgetTable.sent(request.POST)
        tables = plan_tables_sent(request.POST, [name for name in PARTS if name in open_fields])
        answers = AnswersForm(request.POST, content=content_for(proposal), only=open_fields)
        sent_revision = _revision(request)
        if sent_revision != proposal.revision:
            return _editor(
                request,
                proposal,
                open_fields,
                form=form,
                budget=budget,
                tables=tables,
                answers=answers,
                status=409,
            )
        proposal = save_draft(
            proposal,
            replace(
                form.draft_text(
                    budget.draft() if "budget" in open_fields else None, _drafts_of(tables)
                ),
                answers=answers.answers_text(),
            ),
            revision=sent_revision,
            acting_user=request.user,
        )
        if request.POST.get("go") == "preview":
            return redirect("ventures:proposal-preview", code=code)
        messages.success(request, _("已保存。"))
        return redirect("ventures:proposal-edit", code=code)
    return _editor(request, proposal, open_fields)


def _editor(
    request: SignedInRequest,
    proposal: Proposal,
    open_fields: tuple[str, ...],
    *,
    form: ProposalForm | None = None,
    budget: BudgetTable | None = None,
    tables: dict[str, PlanTable] | None = None,
    answers: AnswersForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the editor; with a form, the person's text stands beside what is stored."""
    is_overtaken = status == 409
    form = form or ProposalForm.stored(proposal)
    form.lock(open_fields)
    budget = budget or BudgetTable.stored(proposal)
    tables = (tables or {}) | {
        name: PlanTable.stored(part, proposal)
        for name, part in PARTS.items()
        if name not in (tables or {})
    }
    answers = answers or AnswersForm.stored(proposal)
    answers.lock(open_fields)
    latest = proposal.screenings.last()
    is_returned = proposal.state == Proposal.State.RETURNED
    marked = latest.marked_fields if latest is not None and is_returned else []
    tier = tier_of(proposal)
    required = required_for(proposal, tier)
    is_short = asks_short(proposal, tier)
    tiers = tiers_within_cap(proposal.round)
    budget_limit = max((one.budget_line_limit for one in tiers), default=8)
    kinds = kinds_of_file_taken(proposal, database_now())
    chosen = set(form["communities"].value() or []) if "communities" in form.fields else set()
    return render(
        request,
        "ventures/proposals/edit.html",
        {
            "proposal": proposal,
            "round": proposal.round,
            "form": form,
            "progress": progress_of(proposal),
            "sections": [
                {
                    "key": key,
                    "label": label,
                    "fields": _on_forms(
                        _fields_of(form, tables, names, required, open_fields),
                        content_for(proposal),
                        is_short=is_short,
                    ),
                    "is_folded": key == "detail" and "aims" not in required,
                }
                for key, label, names in SECTIONS
                # The round's own questions stand where the budget would, also without one.
                if key == "budget" or not content_for(proposal).leaves_out.issuperset(names)
            ],
            "asks_budget": asks_budget(proposal),
            "about": json.dumps(facts_of(proposal)),
            "towns": _towns(proposal, chosen) if "communities" in form.fields else [],
            "budget_rows": budget.with_blank_rows(budget_limit, rules_of(proposal.round)),
            "needs": _needs(form) if "needs" in form.fields else [],
            "names_to_suggest": names_to_suggest(),
            "partners": [one for one in proposal.partners.all() if not one.is_team],
            "partner_form": PartnerForm(round=proposal.round),
            "blank_row": BudgetLineForm(prefix="budget-__n__"),
            "budget_limit": budget_limit,
            "budget_rules": rules_of(proposal.round),
            "in_kind_fen": sum(line.in_kind_fen for line in proposal.budget_lines.all()),
            "cash_fen": sum(line.cash_fen for line in proposal.budget_lines.all()),
            "tiers": tiers,
            "needs_detail": "aims" in required,
            "budget_is_open": "budget" in open_fields,
            "tier": tier,
            "deadline": deadline_of(proposal),
            "term": {"deadline": deadline_for(proposal)},
            "files": shown_files(proposal, proposal.kept_files, kinds),
            "file_form": FileForm(initial={"kind": "signature"}, kinds=kinds),
            "latest_screening": latest,
            "marked_names": marked,
            "is_short": is_short,
            "asked_rows": asked_rows(
                answers,
                proposal,
                is_short=is_short,
                marked=marked,
                open_fields=open_fields,
            ),
            "marked": [field_label(name, proposal.round) for name in open_fields]
            if set(open_fields) != set(fields_of(proposal))
            else [],
            "other": other_version(proposal, {*form.fields, *answers.fields})
            if is_overtaken
            else None,
            "other_paper": paper_of_draft(proposal) if is_overtaken else None,
        },
        status=status,
    )


def _fields_of(
    form: ProposalForm,
    tables: dict[str, PlanTable],
    names: Sequence[str],
    required: Sequence[str],
    open_fields: Sequence[str],
) -> list[dict[str, Any]]:
    """What stands in a section, in order: boxes, and tables with their rows."""
    shown: list[dict[str, Any]] = []
    for name in names:
        is_required = name in required
        if name in tables:
            table = tables[name]
            shown.append(
                {
                    "part": table.part,
                    "is_required": is_required,
                    "rows": table.with_blank_rows(),
                    "blank_row": table.blank_row(),
                    "is_open": name in open_fields,
                }
            )
        elif name in form.fields:
            shown.append({"bound": form[name], "is_required": is_required})
    return shown


def _on_forms(
    fields: list[dict[str, Any]], content: FormContent, *, is_short: bool
) -> list[dict[str, Any]]:
    """Without what this round never asks; what only one of its forms asks waits for that form."""
    shown = []
    for one in fields:
        only = only_on(content, one["part"].name if "part" in one else one["bound"].name)
        if only != "none":
            is_off = only != "" and (only == "standard") == is_short
            shown.append(one | {"only": only, "is_off": is_off})
    return shown


def _needs(form: ProposalForm) -> list[tuple[Need, bool]]:
    """Needs to pick from, those of the call first; what is picked is always among them."""
    chosen = {str(pk) for pk in form["needs"].value() or []}
    field = form.fields["needs"]
    assert isinstance(field, ModelMultipleChoiceField), "needs are picked from the list"
    assert field.queryset is not None, "needs are picked from the list"
    shown = list(field.queryset[:MOST_NEEDS])
    beyond = chosen - {str(need.pk) for need in shown}
    shown += list(field.queryset.filter(pk__in=[pk for pk in beyond if pk.isdecimal()]))
    return [(need, str(need.pk) in chosen) for need in shown]


def _drafts_of(tables: dict[str, PlanTable]) -> dict[str, DraftRows]:
    return {name: table.draft() for name, table in tables.items()}


def _towns(proposal: Proposal, chosen: set[Any]) -> list[dict[str, Any]]:
    """Communities to choose from, by town, those with a choice unfolded."""
    wanted = {str(pk) for pk in chosen}
    groups: list[tuple[Region, list[Region]]] = communities_by_town(
        only=communities_of(proposal.round.region)
    )
    return [
        {
            "town": town,
            "communities": [(place, str(place.pk) in wanted) for place in places],
            "chosen": sum(str(place.pk) in wanted for place in places),
            "is_open": len(groups) == 1 or any(str(place.pk) in wanted for place in places),
        }
        for town, places in groups
    ]


@require_POST
def proposal_save(request: SignedInRequest, code: str) -> JsonResponse:
    """Autosave: the fields named in `fields`, and the budget if it is among them."""
    proposal = find_whole_proposal(request, code)
    names = request.POST.getlist("fields")
    form = ProposalForm(
        request.POST, round=proposal.round, only=[name for name in TEXT_FIELDS if name in names]
    )
    budget = BudgetTable.sent(request.POST) if "budget" in names else None
    tables = plan_tables_sent(request.POST, names)
    answers = AnswersForm(request.POST, content=content_for(proposal), only=names)
    proposal = save_draft(
        proposal,
        replace(
            form.draft_text(budget.draft() if budget else None, _drafts_of(tables)),
            answers=answers.answers_text(),
        ),
        revision=_revision(request),
        acting_user=request.user,
    )
    tier = tier_of(proposal)
    required = required_for(proposal, tier)
    return JsonResponse(
        {
            "revision": proposal.revision,
            "saved_at": proposal.saved_at.isoformat(),
            "saved_words": _("%(time)s 已保存") % {"time": clock(proposal.saved_at)},
            "errors": {
                name: [str(e) for e in errors]
                for name, errors in (form.errors | answers.errors).items()
            },
            "is_short": asks_short(proposal, tier),
            "about": facts_of(proposal),
            "budget_errors": budget.problems() if budget else {},
            "budget_findings": budget.findings(rules_of(proposal.round)) if budget else {},
            "table_errors": {name: table.problems() for name, table in tables.items()},
            "requested": yuan(proposal.requested_fen),
            "matching": yuan(proposal.matching_fen),
            "total": yuan(proposal.total_fen),
            "tier": tier.name if tier else "",
            "needs_detail": "aims" in required,
            "sections": [
                {"key": section.key, "missing": section.missing, "started": section.is_started}
                for section in progress_of(proposal)
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _revision(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


@require_GET
def proposal_preview(request: SignedInRequest, code: str) -> HttpResponse:
    """As a reviewer will read it, with what is still missing, and the button that hands it in."""
    proposal = find_whole_proposal(request, code)
    require_writable(proposal, acting_user=request.user)
    sections = progress_of(proposal)
    return render(
        request,
        "ventures/proposals/preview.html",
        {
            "proposal": proposal,
            "paper": paper_of_draft(proposal),
            "look": reviewer_look_of(proposal),
            "key": uuid4(),
            "sections": sections,
            "asks_budget": asks_budget(proposal),
            "missing": [sentence for section in sections for sentence in section.missing],
            "deadline": deadline_of(proposal),
        },
    )
