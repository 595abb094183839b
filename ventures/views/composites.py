"""综合得分: its rule, written while the call is a draft; and each part of each proposal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.forms.composites import CompositeForm
from ventures.models import Panel, Round
from ventures.rules import defences as rules
from ventures.rules.bonuses import may_see_bonuses
from ventures.rules.reviews import may_see_scores
from ventures.rules.rounds import PUBLIC_STATES, may_see_round_work
from ventures.selectors.composite_words import lines_of
from ventures.selectors.composites import Part, part_names, percents_of
from ventures.selectors.rankings import Ranking, Row, ranking_of
from ventures.selectors.reviews import hundredths_shown
from ventures.services.composites import set_composite
from ventures.views.lookups import find_round, no_decider
from ventures.views.rounds import sent


@require_http_methods(["GET", "POST"])
def terms(request: SignedInRequest, code: str) -> HttpResponse:
    """What counts besides the sheets: written while the call is a draft, read afterwards."""
    round = find_round(request, code)
    may_set = rules.may_set_composite(request.user, round)
    if not may_see_round_work(request.user, round) or (request.method == "POST" and not may_set):
        raise NotAllowed()
    form = CompositeForm(sent(request), round=round)
    if form.is_valid():
        set_composite(
            round,
            form.values(),
            form.criteria(),
            aggregate=form.cleaned_data["aggregate"],
            drop_from=form.cleaned_data["drop_from"],
            kinds=form.kinds(),
            acting_user=request.user,
        )
        messages.success(request, _("综合得分办法已保存，会写进征集公告，发布后不能再改。"))
        return redirect("ventures:composite-terms", code=code)
    return render(
        request,
        "ventures/composites/terms.html",
        {
            "round": round,
            "form": form,
            "heading": _("综合得分办法"),
            "may_edit": may_set and round.state == Round.State.DRAFT,
            "lines": lines_of(round),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
def composite(request: SignedInRequest, code: str) -> HttpResponse:
    """Every part of every proposal, and how they add up; for the office, and from the notice on
    for each applicant her own, or for all where the round publishes scores."""
    round = find_round(request, code)
    panel = get_object_or_404(Panel, round=round)
    is_office = may_see_scores(request.user, panel)
    is_public = round.state in PUBLIC_STATES
    if not is_office and not is_public:
        raise no_decider(request.user, round)
    ranking = ranking_of(round)
    working = ranking.composite
    rows = _rows(ranking)
    if not is_office and not round.publishes_scores:
        own = set(round.proposals.taken_part_in_by(request.user).values_list("code", flat=True))
        rows = [row for row in rows if row[0].proposal.code in own]
        if not rows:
            raise NotAllowed()
    names = part_names()
    return render(
        request,
        "ventures/composites/composite.html",
        {
            "round": round,
            "lines": lines_of(round),
            "working": working,
            "heads": [(names[name], share) for name, share in percents_of(working.terms).items()]
            if working
            else [],
            "above": [name for name, _key in working.above] if working else [],
            "rows": rows,
            "may_see_bonuses": round.bonus_kinds.exists() and may_see_bonuses(request.user, round),
            "at_desk": is_office and may_see_round_work(request.user, round),
        },
    )


type Cell = tuple[str, str]


def _rows(ranking: Ranking) -> list[tuple[Row, list[Cell], str]]:
    """A row of the ranking, a cell for each part and each bonus (what it was, in points), the sum.

    Where there are bonuses, what they come on top of has a cell of its own between.
    """
    working = ranking.composite
    if working is None:
        return []
    lines = {line.code: line for line in working.lines}
    rows = []
    for row in ranking.rows:
        line = lines[row.proposal.code]
        parts = {part.name: part for part in line.parts}
        cells = [_cell(parts.get(name)) for name in percents_of(working.terms)]
        if working.above:
            bonuses = {part.name: part for part in line.bonuses}
            cells.append(("", hundredths_shown(line.base_hundredths)))
            cells += [_cell(bonuses.get(key)) for _name, key in working.above]
        total = hundredths_shown(line.hundredths) if working.is_complete else "—"
        rows.append((row, cells, total))
    return rows


def _cell(part: Part | None) -> Cell:
    return (part.raw, hundredths_shown(part.hundredths)) if part else ("", "—")
