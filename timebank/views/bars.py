"""限制自报: what one is told of it, the appeal, and somebody else's decision."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from timebank.forms.checks import WordsForm
from timebank.lifecycles.checks import BAR
from timebank.models import SelfReportBar
from timebank.selectors.bars import standing_of
from timebank.services.bars import appeal_bar, decide_bar

MOST = 100
TONES = {"in_force": "danger", "appealed": "waiting", "upheld": "danger", "lifted": "done"}
LABELS = {"appeal": gettext_lazy("为什么不该限制"), "decide": gettext_lazy("复核意见")}


@require_GET
def bar_list(request: SignedInRequest) -> HttpResponse:
    bars = SelfReportBar.objects.visible_to(request.user).select_related("volunteer", "cause")
    rows = [(bar, TONES[bar.state]) for bar in bars[:MOST]]
    return render(request, "timebank/bars/list.html", {"rows": rows})


@require_GET
def bar_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@require_POST
def bar_step(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    bar = _seen(request, pk)
    if verb not in BAR.verbs():
        raise Http404
    BAR.require(bar, verb, acting_user=request.user)
    form = WordsForm(request.POST, label=LABELS.get(verb, LABELS["decide"]), most=400)
    if not form.is_valid():
        return _page(request, bar, form, 422)
    words = form.cleaned_data["words"]
    if verb == "appeal":
        appeal_bar(bar, reason=words, acting_user=request.user)
    else:
        decide_bar(bar, verb, reason=words, acting_user=request.user)
    messages.success(request, _("已办理。"))
    return redirect(bar)


def _page(
    request: SignedInRequest,
    bar: SelfReportBar,
    form: WordsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    verbs = {arrow.verb for arrow in BAR.open_to(request.user, bar)}
    label = LABELS["appeal"] if "appeal" in verbs else LABELS["decide"]
    context = {
        "bar": bar,
        "tone": TONES[bar.state],
        "standing": standing_of(bar, timezone.localdate()),
        "verbs": verbs,
        "form": form or WordsForm(label=label),
        "is_mine": bar.volunteer_id == request.user.pk,
    }
    return render(request, "timebank/bars/detail.html", context, status=status)


def _seen(request: SignedInRequest, pk: int) -> SelfReportBar:
    return get_object_or_404(
        SelfReportBar.objects.visible_to(request.user).select_related(
            "volunteer", "bank__region", "cause__service_type", "imposed_by", "decided_by"
        ),
        pk=pk,
    )
