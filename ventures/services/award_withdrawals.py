"""An award ends: given up by its applicant, cancelled by the office (two people), or taken back by
an objection.

However it came about, the money returns to the fund once, the list is walked again without it, and
what was written stays. Objections themselves are answered in `services.objections`.
"""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.errors import Overtaken
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.messages import tell
from timebank import doors
from ventures.errors.promotions import AwardGone
from ventures.lifecycles.decisions import DECISION
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import (
    Award,
    AwardWalk,
    AwardWish,
    AwardWithdrawal,
    Decision,
    Objection,
    Proposal,
    Round,
)
from ventures.reckoning.award_record import at_sums, results_of, without
from ventures.rules.recusal import acting_officers
from ventures.selectors.award_walks import kept_walk_of
from ventures.selectors.prizes import EVERYBODY, prizes_of
from ventures.selectors.promotions import fallen_fen, standing_awards
from ventures.services.award_walks import keep_walk
from ventures.services.award_wishes import ask, by_two, let_fall
from ventures.services.proposals import applicants_people
from ventures.services.round_locks import locked_round

Cause = AwardWithdrawal.Cause


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def give_up_award(
    proposal: Proposal, *, reason: str, publishes_reason: bool, acting_user: User
) -> AwardWithdrawal:
    """The applicant does not want it any more, on notice or announced; nobody can undo it.

    The officers are told, and her own people. Her reason is the office's to read and public only
    where she says so. Refused: before she was told of an award, to everybody else, where the award
    ended already (`AwardGone`), and without a reason (`ReasonMissing`).
    """
    withdrawal = _ended(proposal, Cause.GIVEN_UP, reason, publishes_reason, acting_user)
    round = withdrawal.award.proposal.round
    for officer in acting_officers(round.region, round.proposals.handed_in()):
        tell(
            officer,
            kind="ventures.award_given_up",
            title=lambda: (
                _("申报方放弃立项：%(title)s") % {"title": withdrawal.award.proposal.title}
            ),
            body=lambda: (
                _("原因：%(reason)s\n%(money)s")
                % {"reason": withdrawal.reason, "money": _money_words(withdrawal)}
            ),
            link=reverse("ventures:round-promotion", args=[round.code]),
            key=f"ventures.award_given_up:{withdrawal.pk}:{officer.pk}",
        )
    _tell_applicant(withdrawal, gettext_noop("已放弃立项：%(title)s"))
    return withdrawal


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def propose_cancellation(proposal: Proposal, *, reason: str, acting_user: User) -> AwardWish:
    """Ask for an announced award to be cancelled: nobody came to sign, or who won may not any more.
    Nothing changes until another agrees; those who may are told.

    Refused: to who does not decide in the round, before the announcement, where the award ended
    already, without a reason, while a wish about it waits, and without a second person.
    """
    round = locked_round(proposal.round)
    proposal = Proposal.objects.select_related("applicant").get(pk=proposal.pk)
    proposal.round = round
    PROPOSAL.require(proposal, "cancel_award", acting_user=acting_user)
    require_standing(proposal)
    reason = required(reason)[:500]
    award = Award.objects.get(proposal=proposal)
    award.proposal = proposal
    return ask(award, AwardWish.Kind.CANCEL, round, reason=reason, acting_user=acting_user)


def carry_out_cancellation(wish: AwardWish, *, acting_user: User) -> AwardWithdrawal:
    """Another has agreed: the office cancels the award. The wish is locked.

    The applicant's people are told the reason, and everybody may read it. Refused where the award
    ended already, and where its amount is another than when it was proposed (`Overtaken`).
    """
    if wish.award.amount_fen != wish.seen_fen:
        raise Overtaken()
    withdrawal = _ended(wish.proposal, Cause.CANCELLED, wish.reason, True, acting_user, wish)
    _tell_applicant(withdrawal, gettext_noop("立项已取消：%(title)s"))
    return withdrawal


def withdraw(
    award: Award,
    cause: str,
    *,
    reason: str,
    round: Round,
    acting_user: User,
    objection: Objection | None = None,
    wish: AwardWish | None = None,
    publishes_reason: bool = True,
) -> AwardWithdrawal:
    """Give the money back, and walk again without it; what was proposed about it falls away. The
    round's row is locked."""
    transfer_id = None
    if award.amount_fen:
        transfer_id = doors.release_commitment(
            round.fund_key,
            amount_fen=award.amount_fen,
            source=f"ventures.proposal:{award.proposal_id}",
            key=f"ventures.award:{award.proposal_id}:withdrawn",
            reason=(reason if publishes_reason else Cause(cause).label)[:100],
            acting_user=acting_user,
        )
    withdrawal = AwardWithdrawal.objects.create(
        award=award,
        cause=cause,
        objection=objection,
        wish=wish,
        walk=walk_without(
            award.proposal,
            award.amount_fen,
            round,
            occasion=AwardWalk.Occasion.OBJECTION if objection else AwardWalk.Occasion.ENDED,
            acting_user=acting_user,
        ),
        reason=reason,
        publishes_reason=publishes_reason,
        transfer_id=transfer_id,
        withdrawn_by=acting_user,
    )
    let_fall(award, acting_user=acting_user)
    return withdrawal


def walk_without(
    proposal: Proposal, freed_fen: int, round: Round, *, occasion: str, acting_user: User
) -> AwardWalk | None:
    """Where the round has rules of its own, walk again without it: what else was awarded stands, so
    that the difference is who moves up."""
    kept = kept_walk_of(round)
    if kept is None:
        return None
    standing = standing_awards(round)
    standing.pop(proposal.code, None)
    inputs = without(_latest_inputs(round, kept), proposal.code, held=standing)
    sums = sorted(([freed_fen] if freed_fen else []) + fallen_fen(round), reverse=True)
    if prizes_of(round) and sums:
        inputs = at_sums(inputs, EVERYBODY, sums)
    return keep_walk(round, inputs, results_of(inputs), occasion=occasion, acting_user=acting_user)


def _latest_inputs(round: Round, kept: AwardWalk) -> dict[str, Any]:
    """What the last run stood on: two that fell are both left out."""
    last = round.award_walks.filter(number__gte=kept.number).order_by("-number").first()
    inputs: dict[str, Any] = (last or kept).inputs
    return inputs


def require_standing(proposal: Proposal) -> None:
    """Its award, if it had one, still stands."""
    if AwardWithdrawal.objects.filter(award__proposal=proposal).exists():
        raise AwardGone()


_VERBS = {Cause.GIVEN_UP: "give_up", Cause.CANCELLED: "cancel_award"}


def _ended(
    proposal: Proposal,
    cause: Cause,
    reason: str,
    publishes_reason: bool,
    acting_user: User,
    wish: AwardWish | None = None,
) -> AwardWithdrawal:
    """Under the round's lock, so that neither another end nor the announcement is at work."""
    round = locked_round(proposal.round)
    proposal = Proposal.objects.select_related("round__region", "applicant").get(pk=proposal.pk)
    PROPOSAL.require(proposal, _VERBS[cause], acting_user=acting_user)
    require_standing(proposal)
    reason = required(reason)[:500]
    award = Award.objects.select_related("decision").get(proposal=proposal)
    award.proposal = award.decision.proposal = proposal
    # The trail is read by more people than the reason may be.
    told = reason[:300] if publishes_reason else ""
    if award.decision.state != Decision.State.FINAL:
        DECISION.move(award.decision, "end", acting_user=acting_user, reason=told)
    facts = by_two(wish) if wish else None
    PROPOSAL.move(proposal, _VERBS[cause], acting_user=acting_user, reason=told, facts=facts)
    return withdraw(
        award,
        cause,
        reason=reason,
        round=round,
        acting_user=acting_user,
        wish=wish,
        publishes_reason=publishes_reason,
    )


def _money_words(withdrawal: AwardWithdrawal) -> str:
    if not withdrawal.award.amount_fen:
        return _("这一项不再授予。")
    return _("资金已退回本轮，可以开会决定由谁递补。")


def _tell_applicant(withdrawal: AwardWithdrawal, title: str) -> None:
    """Everybody who may act for the applicant; the reason is hers or told to her."""
    proposal = withdrawal.award.proposal

    def body() -> str:
        contact = _("有疑问请联系%(who)s，电话 %(phone)s。") % {
            "who": proposal.round.contact_name,
            "phone": proposal.round.contact_phone,
        }
        return _("原因：%(reason)s") % {"reason": withdrawal.reason} + "\n" + contact

    for user in applicants_people(proposal):
        tell(
            user,
            kind="ventures.award_ended",
            title=lambda: _(title) % {"title": proposal.title},
            body=body,
            link=reverse("ventures:proposal-outcome", args=[proposal.code]),
            key=f"ventures.award_ended:{withdrawal.pk}:{user.pk}",
        )
