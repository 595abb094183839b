"""Where a proposal could be moved to within its programme, and why not."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.clock import database_now
from ventures.models import Proposal, Round, Transfer


def rounds_to_move_to(proposal: Proposal) -> QuerySet[Round]:
    """Open rounds of the same programme."""
    return (
        Round.objects.open_at(database_now())
        .filter(programme=proposal.round.programme_id)
        .exclude(pk=proposal.round_id)
        .order_by("closes_at")
    )


def why_no_transfer(proposal: Proposal, to_round: Round) -> str:
    """Empty when it may be moved there now."""
    if to_round.pk == proposal.round_id or to_round.programme_id != proposal.round.programme_id:
        return _("只能转入同一品牌的另一轮。")
    if not Round.objects.open_at(database_now()).filter(pk=to_round.pk).exists():
        return _("那一轮现在不接受申报。")
    if proposal.initiator_id and to_round.level != Round.Level.CITY:
        return _("个人发起的项目只能在市级轮次申报。")
    if proposal.applicant_id and proposal.applicant_id == to_round.operator_id:
        return _("申报组织是那一轮的承办单位。")
    filed = to_round.proposals.live().filter(
        applicant=proposal.applicant_id, initiator=proposal.initiator_id
    )
    if filed.exists():
        return _("申报方在那一轮已有一份申报书。")
    return ""


def call_again_for(proposal: Proposal) -> Round | None:
    """The open call that repeats the ended round of this proposal, where it may go there now."""
    if not proposal.round.is_stopped:
        return None
    again = Round.objects.open_at(database_now()).filter(copied_from=proposal.round_id)
    return next((one for one in again if not why_no_transfer(proposal, one)), None)


def offered_to(proposal: Proposal) -> Transfer | None:
    """The offer that waits for the applicant's answer."""
    offers = proposal.transfers.filter(state=Transfer.State.OFFERED)
    return offers.select_related("to_round", "offered_by").first()
