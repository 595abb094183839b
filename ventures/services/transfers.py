"""转入另一轮: the office offers a round of the same programme, the applicant takes it or not.

One proposal moves and keeps its number, versions and story; it is written on and handed in anew
under the other round's terms.
"""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from ventures.errors.proposals import NoTransfer
from ventures.lifecycles.partners import TRANSFER
from ventures.lifecycles.proposals import MOVABLE, PROPOSAL
from ventures.models import Proposal, Round, Transfer
from ventures.rules import proposals as rules
from ventures.selectors.transfers import call_again_for, why_no_transfer
from ventures.services.proposals import locked_proposal, locked_round, tell_applicant

S = Proposal.State


@transaction.atomic
def offer_transfer(
    proposal: Proposal, to_round: Round, *, reason: str, acting_user: User
) -> Transfer:
    """Offer the move and tell the applicant; nothing moves before she agrees.

    Refused: to who does not screen the proposal (NotAllowed), without a reason (ReasonMissing), and
    where the move is impossible (`NoTransfer`, with why).
    """
    reason = required(reason)
    proposal = locked_proposal(proposal.pk)
    if not rules.may_screen(acting_user, proposal):
        raise NotAllowed()
    if proposal.state not in MOVABLE:
        raise OutOfTurn(state=S(proposal.state).label, verb=_("转入另一轮"))
    why_not = why_no_transfer(proposal, to_round)
    if why_not:
        raise NoTransfer(why=why_not)
    if proposal.transfers.filter(state=Transfer.State.OFFERED).exists():
        raise NoTransfer(why=_("已经提过一次，还在等申报方答复。"))
    transfer = Transfer.objects.create(
        proposal=proposal,
        from_round=proposal.round,
        to_round=to_round,
        reason=reason,
        offered_by=acting_user,
    )
    record_change(
        proposal,
        "offer_transfer",
        after=to_round.code,
        reason=reason,
        acting_user=acting_user,
    )
    tell_applicant(
        proposal,
        kind="transfer_offered",
        title=lambda: _("建议转入另一轮：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _(
                "主办方建议把 %(code)s 转入“%(round)s”。理由：%(reason)s。"
                "同意以后按那一轮的要求修改并重新提交。"
            )
            % {"code": proposal.code, "round": to_round.name, "reason": reason}
        ),
        key=f"transfer:{transfer.pk}:offered",
    )
    return transfer


@transaction.atomic
def take_transfer(transfer: Transfer, *, acting_user: User) -> Proposal:
    """Move it: a draft of the other round, under its number, with all that went before.

    Refused: to others than the applicant's people, and when the other round has closed or she has
    filed there in the meantime (`NoTransfer`).
    """
    for pk in sorted([transfer.from_round_id, transfer.to_round_id]):
        locked_round(pk)
    proposal = locked_proposal(transfer.proposal_id)
    transfer = Transfer.objects.select_related("to_round__region").get(pk=transfer.pk)
    transfer.proposal = proposal
    TRANSFER.require(transfer, "take", acting_user=acting_user)
    why_not = why_no_transfer(proposal, transfer.to_round)
    if why_not:
        raise NoTransfer(why=why_not)
    TRANSFER.move(
        transfer, "take", acting_user=acting_user, answered_by=acting_user, answered_at=Now()
    )
    return _moved(
        proposal, transfer.to_round, "transfer", reason=transfer.reason, acting_user=acting_user
    )


@transaction.atomic
def carry_over(proposal: Proposal, *, acting_user: User) -> Proposal:
    """Take what was filed or begun in a round that was ended along into the call that repeats it;
    the office offered it by calling again, so that the applicant alone decides.

    Refused: to others than the applicant's people, where nothing repeats the round, and when the
    new call has closed or she has filed there already (`NoTransfer`).
    """
    for pk in sorted({proposal.round_id, *proposal.round.copies.values_list("pk", flat=True)}):
        locked_round(pk)
    proposal = locked_proposal(proposal.pk)
    if not rules.is_applicant(acting_user, proposal):
        raise NotAllowed()
    PROPOSAL.require(proposal, "carry", acting_user=acting_user)
    to_round = call_again_for(proposal)
    if to_round is None:
        raise NoTransfer(why=_("还没有重新征集，或者那一轮现在不接受您的申报。"))
    return _moved(
        proposal, to_round, "carry", reason=_("原来的一轮已终止"), acting_user=acting_user
    )


def _moved(
    proposal: Proposal, to_round: Round, verb: str, *, reason: str, acting_user: User
) -> Proposal:
    """A draft there; what it was in the two steps of the other round is over."""
    PROPOSAL.move(
        proposal,
        verb,
        acting_user=acting_user,
        reason=reason,
        facts={"from": proposal.round_id, "to": to_round.pk},
        round=to_round,
        tier=None,
        complete_by=None,
        invited_at=None,
        **_what_the_round_lacks(proposal, to_round),
    )
    if not to_round.has_budget:
        proposal.budget_lines.all().delete()
    outside = proposal.communities.exclude(lineage__contains=[to_round.region_id])
    proposal.communities.remove(*outside)
    return locked_proposal(proposal.pk)


@transaction.atomic
def refuse_transfer(transfer: Transfer, *, acting_user: User) -> Transfer:
    """Leave it where it is."""
    proposal = locked_proposal(transfer.proposal_id)
    transfer = Transfer.objects.select_related("to_round").get(pk=transfer.pk)
    transfer.proposal = proposal
    TRANSFER.move(
        transfer, "refuse", acting_user=acting_user, answered_by=acting_user, answered_at=Now()
    )
    record_change(
        proposal, "refuse_transfer", before=transfer.to_round.code, acting_user=acting_user
    )
    return transfer


def _what_the_round_lacks(proposal: Proposal, to_round: Round) -> dict[str, Any]:
    """A group or a kind the other round does not take is chosen anew; where it asks for no budget
    the sums are gone, and the lines stand in the versions."""
    fields: dict[str, Any] = {}
    if not to_round.has_budget:
        fields |= {"requested_fen": 0, "matching_fen": 0}
    if proposal.track_id and not to_round.tracks.filter(pk=proposal.track_id).exists():
        fields["track"] = None
    if proposal.kind and proposal.kind not in to_round.kinds:
        fields["kind"] = to_round.kinds[0] if len(to_round.kinds) == 1 else ""
    return fields
