"""回避登记: a round's register, pinning and lifting; an applicant asking somebody to keep out."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed
from accounts.models import Role, User
from accounts.requests import SignedInRequest
from accounts.services.tables import Table, csv_of
from accounts.templatetags.kit import moment
from ventures.forms.reviewers import AskRecusalForm, PinForm, WhoForm
from ventures.forms.reviews import ReasonForm
from ventures.models import Conflict, Round
from ventures.models.proposals import ProposalQuerySet
from ventures.models.ties import tied_to
from ventures.rules import experts as rules
from ventures.rules import proposals as proposal_rules
from ventures.selectors.reviewers import register_of
from ventures.services import conflicts as services
from ventures.services.conflicts import Told
from ventures.views.lookups import find_proposal
from ventures.views.rounds import sent


@require_GET
def register(request: SignedInRequest, code: str) -> HttpResponse:
    """Who keeps out of what and why, for the office, the auditors and the supervisor."""
    round = _round(request, code)
    return render(
        request,
        "ventures/reviewers/register.html",
        {
            "round": round,
            "rows": register_of(round, request.user),
            "may_pin": rules.sees_pins(request.user, round),
        },
    )


@require_GET
def register_csv(request: SignedInRequest, code: str) -> StreamingHttpResponse:
    round = _round(request, code)
    table = Table(
        title=_("回避登记"),
        facts=[(_("届"), round.name)],
        heads=[
            _("申报编号"), _("项目"), _("谁"), _("单位"), _("身份"), _("关系"), _("怎么知道的"),
            _("说明"), _("时间"), _("解除"),
        ],
        rows=(
            (
                row.proposal.code, row.proposal.title, row.who, row.unit, row.duty, row.kind,
                row.source, row.words, moment(row.at) if row.at else "", row.lifted,
            )
            for row in register_of(round, request.user)
        ),
    )  # fmt: skip
    return StreamingHttpResponse(
        csv_of(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="recusals-{code}.csv"'},
    )


@require_http_methods(["GET", "POST"])
def conflict_pin(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round(request, code)
    if not rules.sees_pins(request.user, round):
        raise NotAllowed()
    form = PinForm(
        sent(request), proposals=_group(round, request.user), people=_people_around(round)
    )
    if form.is_valid():
        clean = form.cleaned_data
        services.pin_conflict(
            clean["proposal"], clean["person"], Told(clean["kind"], clean["words"]),
            acting_user=request.user,
        )  # fmt: skip
        messages.success(request, _("已登记，马上生效。"))
        return redirect("ventures:conflict-register", code=code)
    return _answer(
        request,
        round,
        form,
        title=_("认定一项回避"),
        verb=_("登记"),
        consequence=_("登记后这个人马上看不到这份申报书，也不参加它的评审和决定。"),
    )


@require_http_methods(["GET", "POST"])
def conflict_lift(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    round, conflict = _conflict(request, code, pk)
    if not rules.may_lift(request.user, conflict):
        raise NotAllowed()
    form = ReasonForm(sent(request))
    if form.is_valid():
        services.lift_conflict(
            conflict, reason=form.cleaned_data["reason"], acting_user=request.user
        )
        messages.success(request, _("已解除，理由留在登记里。"))
        return redirect("ventures:conflict-register", code=code)
    return _answer(
        request,
        round,
        form,
        title=_("解除回避"),
        verb=_("解除"),
        consequence=_("%(who)s 与 %(code)s：解除后又能看到这份申报书。登记和理由都会保留。")
        % {"who": conflict.person_name, "code": conflict.proposal.code},
    )


@require_http_methods(["GET", "POST"])
def conflict_who(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """The applicant named somebody; the organiser says who that is."""
    round, conflict = _conflict(request, code, pk)
    if not rules.may_pin(request.user, conflict.proposal):
        raise NotAllowed()
    form = WhoForm(sent(request), people=_people_around(round))
    if form.is_valid():
        services.say_who_is_meant(conflict, form.cleaned_data["person"], acting_user=request.user)
        messages.success(request, _("已对上人，回避马上生效。"))
        return redirect("ventures:conflict-register", code=code)
    return _answer(
        request,
        round,
        form,
        title=_("申报方说的是谁"),
        verb=_("就是这个人"),
        consequence=_("申报方写的是：%(who)s %(unit)s。%(words)s")
        % {"who": conflict.person_name, "unit": conflict.person_unit, "words": conflict.words},
    )


# The applicant ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def recusals_asked(request: SignedInRequest, code: str) -> HttpResponse:
    """What the applicant has asked for; whether there is such a person is never said."""
    proposal = find_proposal(request, code)
    if not proposal_rules.is_applicant(request.user, proposal):
        raise NotAllowed()
    is_open = proposal.round.is_filing
    form = AskRecusalForm(sent(request))
    if request.method == "POST" and (not is_open or form.is_valid()):
        clean = form.cleaned_data if form.is_valid() else {}
        services.ask_for_recusal(
            proposal,
            name=clean.get("name", ""),
            unit=clean.get("unit", ""),
            told=Told(clean.get("kind", ""), clean.get("words", "")),
            acting_user=request.user,
        )
        messages.success(request, _("已登记。组织方会核对，符合回避规定的不会参加您这份的评审。"))
        return redirect("ventures:recusals-asked", code=code)
    asked = Conflict.objects.filter(proposal=proposal, source=Conflict.Source.APPLICANT)
    return render(
        request,
        "ventures/reviewers/recusals_asked.html",
        {"proposal": proposal, "asked": list(asked), "form": form, "is_open": is_open},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def recusal_take_back(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    proposal = find_proposal(request, code)
    if not proposal_rules.is_applicant(request.user, proposal):
        raise NotAllowed()
    conflict = get_object_or_404(
        Conflict, pk=pk, proposal=proposal, source=Conflict.Source.APPLICANT
    )
    form = ReasonForm(sent(request))
    if form.is_valid():
        services.lift_conflict(
            conflict, reason=form.cleaned_data["reason"], acting_user=request.user
        )
        messages.success(request, _("已撤回。"))
        return redirect("ventures:recusals-asked", code=code)
    return render(
        request,
        "confirm.html",
        {
            "title": _("撤回回避申请"),
            "about": proposal.title or proposal.code,
            "verb": _("撤回"),
            "consequence": _("不再申请“%(who)s”回避。") % {"who": conflict.person_name},
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:recusals-asked", args=[code]),
        },
        status=422 if form.is_bound else 200,
    )


def _round(request: SignedInRequest, code: str) -> Round:
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "programme"), code=code
    )
    if not rules.may_read_register(request.user, round):
        raise NotAllowed()
    return round


def _group(round: Round, user: User) -> ProposalQuerySet:
    return round.proposals.handed_in().unsealed().exclude(tied_to(user)).order_by("code")


def _conflict(request: SignedInRequest, code: str, pk: int) -> tuple[Round, Conflict]:
    """A row of the register as this person reads it."""
    round = _round(request, code)
    shown = Conflict.objects.filter(
        proposal__in=_group(round, request.user).values("pk"), lifted_at__isnull=True
    ).select_related("proposal__round__region")
    return round, get_object_or_404(shown, pk=pk)


def _people_around(round: Round) -> QuerySet[User]:
    """Everybody with a duty in the round: judges, officers, finance, auditors, its operator."""
    duties = Role.objects.active().filter(
        Q(kind__in=Role.OFFICE_KINDS, region__in=round.region.lineage)
        | Q(kind=Role.Kind.OPERATOR, organisation=round.operator_id)
    )
    return (
        User.objects.filter(
            Q(pk__in=duties.values("user"))
            | Q(panel_seats__panel__round=round)
            | Q(review_invitations__round=round),
            is_active=True,
        )
        .distinct()
        .order_by("display_name")
    )


def _answer(
    request: SignedInRequest,
    round: Round,
    form: PinForm | WhoForm | ReasonForm,
    *,
    title: str,
    verb: str,
    consequence: str,
) -> HttpResponse:
    return render(
        request,
        "confirm.html",
        {
            "title": title,
            "about": round.name,
            "verb": verb,
            "consequence": consequence,
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:conflict-register", args=[round.code]),
        },
        status=422 if form.is_bound else 200,
    )
