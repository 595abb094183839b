"""分派方案: work out who reads what, look at it, then apply it or not.

The reckoning is `reckoning.assignment`; what goes into it is `selectors.assignment_wishes`. A plan
only ever adds: what stands, what was handed in and what was written stays as it is. A large one is
made by a task, of which the row says how far it has come.
"""

from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.advisory_locks import alone_with
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
TASK = "ventures.tasks.make_plan_later"
LOCKS = 7_701_004  # ours among the database's advisory locks
# Pairs looked at for ties and weighed while the page waits. 200 proposals × 60 reviewers took 1.2 s
# of processor, 500 × 200 took 2.5 s and 1,000 × 300 5 s (2 cores): about a second is enough.
AT_ONCE = 10_000
# Too large for the machine, or its worker was killed: what broke off this often is given up.
MOST_TRIES = 3


@transaction.atomic
def ask_for_plan(
    panel: Panel,
    *,
    mode: str,
    readers: int,
    least: int,
    most: int,
    acting_user: User,
    at_once: int = AT_ONCE,
) -> AssignmentPlan:
    """Work a division out: now where it has `at_once` pairs or fewer, else by a task and told.

    Ties are looked for again first. Refused: to whoever does not schedule, on a closed panel,
    while another is being made or waits for a word (`PlanUnderway`).
    """
    _require_may(panel, acting_user)
    is_small = _pairs_of(panel) <= at_once
    if is_small:
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
    if is_small:
        return _worked_out(plan, is_awaited=True)
    transaction.on_commit(lambda: current_app.tasks[TASK].delay(plan.pk), robust=True)
    return plan


def make_plan(number: int) -> AssignmentPlan:
    """Make what waits on its panel, and tell who asked; made already, or being made, it is left.

    A worker that dies leaves it waiting, and a sweeper takes it up, `MOST_TRIES` times in all.
    Dropped while it was being made it stays dropped, and what was asked for after it is made next.
    """
    plan = AssignmentPlan.objects.get(pk=number)
    waiting = AssignmentPlan.objects.filter(panel=plan.panel_id, state=S.WAITING).select_related(
        "panel__round__region", "asked_by"
    )
    with alone_with(LOCKS, plan.panel_id) as is_alone:
        while is_alone and (one := waiting.first()) is not None:
            _make(one)
    plan.refresh_from_db()
    return plan


def make_waiting_plans() -> int:
    """Make what was asked for and lost on its way, what never broke off first; how many."""
    waiting = AssignmentPlan.objects.filter(state=S.WAITING).order_by("times_begun", "pk")
    return len([make_plan(number) for number in list(waiting.values_list("pk", flat=True))])


def _make(plan: AssignmentPlan) -> None:
    """As the one who asked could: ties first, each step noted so that the page can tell it."""
    if plan.panel.state != Panel.State.OPEN:
        _end(plan, state=S.FAILED, short={"why": "closed"})
        return
    if not review_rules.may_schedule_reviews(plan.asked_by, plan.panel.round):
        _end(plan, state=S.FAILED, short={"why": "not_allowed"}, is_told=False)
        return
    if plan.times_begun >= MOST_TRIES:
        _end(plan, state=S.FAILED, short={"why": "broke_off"})
        return
    row = AssignmentPlan.objects.filter(pk=plan.pk)
    row.update(begun_at=database_now(), ties_sought_at=None, times_begun=F("times_begun") + 1)
    look_again(plan.panel.round, acting_user=plan.asked_by)
    row.update(ties_sought_at=database_now())
    _worked_out(plan, is_awaited=False)


def _worked_out(plan: AssignmentPlan, *, is_awaited: bool) -> AssignmentPlan:
    """Find the cheapest division and its proof, or say what is short."""
    division = division_of(plan)
    short: dict[str, Any] = {"standing": division.standing}
    try:
        found = assign(division.wishes)
    except NoPlan as none:
        short |= {
            "wanted": none.wanted, "room": none.room, "least": none.least,
            "proposals": [division.proposals[row].code for row in none.short],
        }  # fmt: skip
        return _end(plan, state=S.FAILED, short=short, is_told=not is_awaited)
    pairs = [
        [division.proposals[row].pk, division.members[column].pk] for row, column in found.pairs
    ]
    made = {"pairs": pairs, "cost": found.cost, "bound": found.bound}
    return _end(plan, state=S.READY, short=short, is_told=not is_awaited, **made)


@transaction.atomic
def _end(
    plan: AssignmentPlan, *, state: str, is_told: bool = True, **made: object
) -> AssignmentPlan:
    """Write how it ended, once; nothing where it was dropped meanwhile."""
    plan = (
        AssignmentPlan.objects.select_for_update(of=("self",))
        .select_related("panel__round", "asked_by")
        .get(pk=plan.pk)
    )
    if plan.state != S.WAITING:
        return plan
    for name, value in (made | {"state": state, "made_at": database_now()}).items():
        setattr(plan, name, value)
    plan.save()
    if is_told:
        _tell_who_asked(plan)
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
    """Leave everything as it is; also while it is being made, whatever its worker does."""
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


def _pairs_of(panel: Panel) -> int:
    group = Proposal.objects.filter(round=panel.round_id, state=Proposal.State.UNDER_REVIEW)
    return group.count() * len(members_of(panel))


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


def _tell_who_asked(plan: AssignmentPlan) -> None:
    with override(plan.asked_by.language):
        title = _("分派方案算好了")
        body = _("%(round)s：新分 %(count)d 人次，请看过再决定是否采用。")
        if plan.state == S.FAILED:
            title = _("分派方案没有排出来")
            body = _("%(round)s：原因写在页面上，改了以后可以重新计算。")
        tell(
            plan.asked_by,
            kind="ventures.assignment_plan_made",
            title=title,
            body=body % {"round": plan.panel.round, "count": len(plan.pairs)},
            link=reverse("ventures:assignment-plans", args=[plan.panel.round.code]),
            key=f"ventures.assignment_plan:{plan.pk}:made",
        )


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
