"""分派方案: work out who reads what, look at it, then apply it or not.

The reckoning is `reckoning.assignment`; what goes into it is `selectors.assignment_wishes`. A plan
only ever adds: what stands, what was handed in and what was written stays as it is.
"""

from celery import current_app
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from ventures.errors.reviewers import PlanOutdated, PlanUnderway
from ventures.models import Assignment, AssignmentPlan, Panel, Proposal
from ventures.models.ties import kept_from_judging
from ventures.reckoning.assignment import NoPlan, assign
from ventures.rules import reviews as review_rules
from ventures.selectors.assignment_wishes import division_of, members_of
from ventures.services.assignments import require_open
from ventures.services.tie_checks import look_again

S = AssignmentPlan.State
AT_ONCE = 100_000  # pairs that are weighed while the page waits


@transaction.atomic
def ask_for_plan(
    panel: Panel, *, mode: str, readers: int, least: int, most: int, acting_user: User
) -> AssignmentPlan:
    """Work a division out: at once where it is small, later and told by message where it is large.

    Ties are looked for again first. Refused: to whoever does not schedule, on a closed panel,
    while another waits (`PlanUnderway`).
    """
    _require_may(panel, acting_user)
    look_again(panel.round, acting_user=acting_user)
    panel = Panel.objects.select_for_update().get(pk=panel.pk)
    _require_may(panel, acting_user)
    try:
        with transaction.atomic():
            plan = AssignmentPlan.objects.create(
                panel=panel, mode=mode, readers=readers, least=least, most=most,
                asked_by=acting_user,
            )  # fmt: skip
    except IntegrityError as clash:
        raise PlanUnderway() from clash
    record_change(plan, "ask", facts={"mode": mode, "readers": readers}, acting_user=acting_user)
    group = Proposal.objects.filter(round=panel.round_id, state=Proposal.State.UNDER_REVIEW)
    if group.count() * len(members_of(panel)) <= AT_ONCE:
        return make_plan(plan)
    transaction.on_commit(
        lambda: current_app.tasks["ventures.tasks.make_plan_later"].delay(plan.pk), robust=True
    )
    return plan


@transaction.atomic
def make_plan(plan: AssignmentPlan) -> AssignmentPlan:
    """Find the cheapest division and its proof, or say what is short. Once."""
    plan = (
        AssignmentPlan.objects.select_for_update(of=("self",))
        .select_related("panel__round", "asked_by")
        .get(pk=plan.pk)
    )
    if plan.state != S.WAITING:
        return plan
    division = division_of(plan)
    plan.made_at = database_now()
    plan.short = {"standing": division.standing}
    try:
        found = assign(division.wishes)
    except NoPlan as none:
        plan.state = S.FAILED
        plan.short |= {
            "wanted": none.wanted, "room": none.room, "least": none.least,
            "proposals": [division.proposals[row].code for row in none.short],
        }  # fmt: skip
    else:
        plan.state, plan.cost, plan.bound = S.READY, found.cost, found.bound
        plan.pairs = [
            [division.proposals[row].pk, division.members[column].pk] for row, column in found.pairs
        ]
    plan.save()
    return plan


def apply_plan(plan: AssignmentPlan, *, acting_user: User) -> AssignmentPlan:
    """Make it so; each reviewer is told how many. Twice is once.

    Ties are looked for again; what is found stays though the plan is refused. Refused where
    somebody has stepped aside, left, been assigned or been found tied since (`PlanOutdated`).
    """
    _require_may(plan.panel, acting_user)
    if plan.state == S.READY:
        look_again(plan.panel.round, acting_user=acting_user)
    return _apply(plan, acting_user)


@transaction.atomic
def _apply(plan: AssignmentPlan, acting_user: User) -> AssignmentPlan:
    panel = Panel.objects.select_for_update().get(pk=plan.panel_id)
    plan = AssignmentPlan.objects.select_related("panel__round__region").get(pk=plan.pk)
    _require_may(plan.panel, acting_user)
    require_open(panel)
    if plan.state == S.APPLIED:
        return plan
    if plan.state != S.READY:
        raise PlanOutdated()
    _require_current(plan)
    Assignment.objects.bulk_create(
        Assignment(member_id=member, proposal_id=proposal, assigned_by=acting_user)
        for proposal, member in plan.pairs
    )
    plan.state, plan.ended_by, plan.ended_at = S.APPLIED, acting_user, database_now()
    plan.save(update_fields=["state", "ended_by", "ended_at"])
    record_change(plan, "apply", facts={"pairs": len(plan.pairs)}, acting_user=acting_user)
    _tell_members(plan)
    return plan


@transaction.atomic
def drop_plan(plan: AssignmentPlan, *, acting_user: User) -> AssignmentPlan:
    """Leave everything as it is."""
    Panel.objects.select_for_update().get(pk=plan.panel_id)
    plan = AssignmentPlan.objects.select_related("panel__round__region").get(pk=plan.pk)
    _require_may(plan.panel, acting_user)
    if plan.state in (S.WAITING, S.READY):
        plan.state, plan.ended_by, plan.ended_at = S.DROPPED, acting_user, database_now()
        plan.save(update_fields=["state", "ended_by", "ended_at"])
        record_change(plan, "drop", acting_user=acting_user)
    return plan


def _require_may(panel: Panel, acting_user: User) -> None:
    if not review_rules.may_schedule_reviews(acting_user, panel.round):
        raise NotAllowed()
    require_open(panel)


def _require_current(plan: AssignmentPlan) -> None:
    """Nothing has happened on the panel that the plan did not know of."""
    on_panel = Assignment.objects.filter(member__panel=plan.panel_id)
    if on_panel.standing().count() != plan.short["standing"]:
        raise PlanOutdated()
    taken = set(on_panel.values_list("proposal", "member"))
    members = {member.pk: member for member in members_of(plan.panel)}
    group = set(
        Proposal.objects.filter(
            round=plan.panel.round_id, state=Proposal.State.UNDER_REVIEW
        ).values_list("pk", flat=True)
    )
    kept = {
        member.pk: set(
            Proposal.objects.filter(
                kept_from_judging(member.reviewer), round=plan.panel.round_id
            ).values_list("pk", flat=True)
        )
        for member in members.values()
    }
    for proposal, member in plan.pairs:
        is_free = (proposal, member) not in taken and proposal in group
        if not is_free or member not in members or proposal in kept[member]:
            raise PlanOutdated()


def _tell_members(plan: AssignmentPlan) -> None:
    counts: dict[int, int] = {}
    for _proposal, member in plan.pairs:
        counts[member] = counts.get(member, 0) + 1
    for member in members_of(plan.panel):
        if member.pk not in counts:
            continue
        with override(member.reviewer.language):
            tell(
                member.reviewer,
                kind="ventures.proposals_assigned",
                title=_("分给您 %(count)d 份申报书") % {"count": counts[member.pk]},
                body=_("%(round)s的申报书已经分好，可以开始看了。有需要回避的请先点“回避”。")
                % {"round": plan.panel.round},
                link=reverse("ventures:review-queue"),
                key=f"ventures.assignment_plan:{plan.pk}:member:{member.pk}",
            )
