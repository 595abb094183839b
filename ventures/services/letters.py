"""Write the letters of a round before the list is public; take in and confirm revised budgets."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from ventures.errors.objections import (
    RevisionAboveApproved,
    RevisionNotAsked,
    RevisionStanding,
)
from ventures.lifecycles.objections import REVISED_BUDGET
from ventures.models import Award, Decision, LetterTemplate, Proposal, RevisedBudget, Round
from ventures.rules import recusal
from ventures.rules.decisions import speaks_for
from ventures.rules.rounds import PUBLIC_STATES
from ventures.selectors.letters import templates_of
from ventures.selectors.reissues import to_be_replaced
from ventures.services.award_withdrawals import require_standing

State = RevisedBudget.State


@transaction.atomic
def write_letters(round: Round, bodies: Mapping[str, str], *, acting_user: User) -> None:
    """The words of each kind; what equals the usual words is not kept. Until the notice only, and
    again while a withdrawn one waits to be replaced."""
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not recusal.may_decide(acting_user, round):
        raise NotAllowed()
    if round.state in PUBLIC_STATES and to_be_replaced(round) is None:
        raise OutOfTurn(state=Round.State(round.state).label, verb=_("修改通知书"))
    usual = {one.kind.value: one for one in templates_of(round)}
    for kind, body in bodies.items():
        if not usual[kind].is_own and body.strip() == usual[kind].body.strip():
            continue
        LetterTemplate.objects.update_or_create(
            round=round,
            kind=kind,
            defaults={"body": body, "edited_by": acting_user, "edited_at": database_now()},
        )
    record_change(round, "write_letters", facts={"kinds": sorted(bodies)}, acting_user=acting_user)


@transaction.atomic
def hand_in_revision(
    award: Award, lines: Sequence[Mapping[str, object]], *, note: str, acting_user: User
) -> RevisedBudget:
    """The applicant's budget within what was approved, line by line; the officer is asked.

    Refused: before the result is final or where no revision was asked for, above the approved
    amount, and while another waits or is confirmed.
    """
    Award.objects.only("pk").get(pk=award.pk)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=award.proposal_id)
    award = Award.objects.select_related("decision", "proposal__round").get(pk=award.pk)
    if not speaks_for(acting_user, proposal):
        raise NotAllowed()
    if award.decision.state != Decision.State.FINAL or not award.decision.needs_revision:
        raise RevisionNotAsked()
    require_standing(proposal)
    note = required(note)
    total = sum(int(str(line["revised_fen"])) for line in lines)
    if not 0 < total <= award.amount_fen:
        raise RevisionAboveApproved(total_fen=total, approved_fen=award.amount_fen)
    earlier = award.revised_budgets.all()
    if earlier.exclude(state=State.RETURNED).exists():
        raise RevisionStanding()
    revision = RevisedBudget.objects.create(
        award=award,
        number=(earlier.aggregate(last=Max("number"))["last"] or 0) + 1,
        lines=[dict(line) for line in lines],
        total_fen=total,
        approved_fen=award.amount_fen,
        note=note,
        handed_in_by=acting_user,
    )
    record_change(
        revision,
        "hand_in",
        after=revision.state,
        facts={"total_fen": total, "number": revision.number},
        acting_user=acting_user,
    )
    return revision


@transaction.atomic
def decide_revision(
    revision: RevisedBudget, verb: str, *, reason: str = "", acting_user: User
) -> RevisedBudget:
    """Confirm a revised budget, or give it back with what is to be changed; she is told.

    Refused where the award ended meanwhile (`AwardGone`).
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=revision.award.proposal_id)
    require_standing(proposal)
    revision = RevisedBudget.objects.select_related(
        "award__proposal__round__region", "handed_in_by"
    ).get(pk=revision.pk)
    REVISED_BUDGET.require(revision, verb, acting_user=acting_user)
    if verb == "return_" and not reason.strip():
        raise ReasonMissing()
    if verb == "return_":
        RevisedBudget.objects.filter(pk=revision.pk).update(reason=reason.strip())
        revision.reason = reason.strip()
    REVISED_BUDGET.move(
        revision,
        verb,
        acting_user=acting_user,
        reason=revision.reason,
        decided_by=acting_user,
        decided_at=database_now(),
    )
    proposal = revision.award.proposal
    tell(
        revision.handed_in_by,
        kind="ventures.revision",
        title=lambda: (
            _("修改稿%(state)s：%(title)s")
            % {"state": revision.get_state_display(), "title": proposal.title}
        ),
        body=lambda: revision.reason or _("核定预算已经确认，可以准备签约。"),
        link=f"/proposals/{proposal.code}/revision/",
        key=f"ventures.revision:{revision.pk}:{verb}",
    )
    return revision
