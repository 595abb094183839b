"""更正金额: the amount recorded for an award is not the one in the minutes; put it right.

The meeting's word does not change, only what was recorded of it: one officer proposes the sum with
the paper that shows it, another holds both together and agrees. It is done while a notice is
withdrawn, so that the next one tells the right sum.
"""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import NotAllowed, Overtaken
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.attachments import store_pdf
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import yuan
from timebank import doors
from ventures.errors.award_corrections import AmountUnchanged
from ventures.errors.decisions import AwardsAboveFund
from ventures.models import (
    Award,
    AwardCorrection,
    AwardWish,
    Decision,
    Proposal,
    PublicNotice,
    Round,
)
from ventures.rules.recusal import may_decide
from ventures.selectors.award_corrections import correctable_award, fen_for
from ventures.selectors.reissues import to_be_replaced
from ventures.services.award_wishes import ask, by_two, require_none_waits, require_seconds
from ventures.services.decisions import Choice, require_sound_amount, require_within_fund
from ventures.services.proposals import applicants_people


@dataclass(frozen=True)
class RightAmount:
    """What the minutes say, why it was recorded otherwise, and the minutes themselves.

    `seen_fen` is the amount that stood there when the officer looked.
    """

    amount_fen: int
    reason: str
    minutes: "UploadedFile[Any]"
    seen_fen: int


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def propose_correction(proposal: Proposal, right: RightAmount, *, acting_user: User) -> AwardWish:
    """Ask for the amount of an award to be put right, while its notice is withdrawn and not yet
    replaced. Nothing changes until another agrees; those who may are told.

    Refused: to who does not decide; where no withdrawn notice waits, rules or the call gave the
    amount, or the notice told of no award; without a reason; when the amount is another than was
    seen (`Overtaken`) or this one already; what the meeting itself would be refused: nothing or
    above what was asked for, above the fund; while a wish about it waits; without a second person.
    """
    # Notices before their round, as whoever publishes or withdraws one does.
    list(PublicNotice.objects.select_for_update().filter(round=proposal.round_id).order_by("pk"))
    round = (
        Round.objects.select_for_update(of=("self",))
        .select_related("region")
        .get(pk=proposal.round_id)
    )
    if not may_decide(acting_user, round):
        raise NotAllowed()
    withdrawn = to_be_replaced(round)
    award = correctable_award(proposal, withdrawn)
    reason = required(right.reason)
    if award.amount_fen != right.seen_fen:
        raise Overtaken()
    if award.amount_fen == right.amount_fen:
        raise AmountUnchanged()
    require_none_waits(award)
    require_seconds(round, acting_user)
    require_sound_amount(_choice(award, right.amount_fen), award.proposal)
    if right.amount_fen > fen_for(award):
        raise AwardsAboveFund(needed_fen=right.amount_fen, free_fen=fen_for(award))
    minutes = store_pdf(right.minutes, acting_user=acting_user)
    try:
        return ask(
            award,
            AwardWish.Kind.CORRECT,
            round,
            reason=reason[:300],
            acting_user=acting_user,
            to_fen=right.amount_fen,
            notice=withdrawn,
            minutes=minutes,
        )
    except BaseException:
        # The row goes with the transaction, the file does not.
        minutes.file.delete(save=False)
        raise


def carry_out_correction(wish: AwardWish, *, acting_user: User) -> AwardCorrection:
    """Another has agreed: the old sum goes back to the sources it came from and the right one is
    set aside, or neither; the applicant's people are told.

    Notices and round are locked. Refused where the amount is another than when it was proposed or
    another notice was withdrawn since (`Overtaken`), and what proposing it would be refused now.
    """
    assert wish.to_fen is not None, "award_wish_says_what"
    assert wish.minutes is not None, "award_wish_says_what"
    round = wish.round
    withdrawn = to_be_replaced(round)
    award = correctable_award(wish.proposal, withdrawn)
    if award.amount_fen != wish.seen_fen or withdrawn != wish.notice:
        raise Overtaken()
    assert withdrawn is not None, "without one it is refused"
    assert award.transfer_id is not None, "award_of_money_has_its_transfer"
    choice = _choice(award, wish.to_fen)
    require_sound_amount(choice, award.proposal)
    number = award.corrections.count() + 1
    returned = _give_back(award, number, acting_user)
    require_within_fund(round, [choice])
    taken = _set_aside(award, wish.to_fen, number, acting_user)
    correction = AwardCorrection.objects.create(
        award=award,
        wish=wish,
        number=number,
        notice=withdrawn,
        from_fen=award.amount_fen,
        to_fen=wish.to_fen,
        reason=wish.reason,
        minutes=wish.minutes,
        from_transfer_id=award.transfer_id,
        returned_transfer_id=returned,
        transfer_id=taken,
        corrected_by=acting_user,
    )
    _carry_out(correction, wish, acting_user)
    return correction


def _choice(award: Award, amount_fen: int) -> Choice:
    return Choice(award.proposal_id, Decision.Outcome.AWARD, amount_fen)


def _give_back(award: Award, number: int, acting_user: User) -> int:
    """All of the old sum, so that the transfer of the new one says whose money it is."""
    return doors.release_commitment(
        award.proposal.round.fund_key,
        amount_fen=award.amount_fen,
        source=f"ventures.proposal:{award.proposal_id}",
        key=f"{_key(award, number)}:back",
        reason=_("%(code)s 更正金额：原金额退回") % {"code": award.proposal.code},
        acting_user=acting_user,
    )


def _set_aside(award: Award, amount_fen: int, number: int, acting_user: User) -> int:
    return doors.commit_fund(
        award.proposal.round.fund_key,
        amount_fen=amount_fen,
        source=f"ventures.proposal:{award.proposal_id}",
        key=_key(award, number),
        reason=_("%(code)s 更正金额：按会议纪要") % {"code": award.proposal.code},
        acting_user=acting_user,
    )


def _key(award: Award, number: int) -> str:
    return f"ventures.award:{award.proposal_id}:corrected:{number}"


def _carry_out(correction: AwardCorrection, wish: AwardWish, acting_user: User) -> None:
    """The award and its decision say the new sum; the trail both; the applicant's people too."""
    award = correction.award
    Award.objects.filter(pk=award.pk).update(
        amount_fen=correction.to_fen, transfer_id=correction.transfer_id
    )
    Decision.objects.filter(pk=award.decision_id).update(amount_fen=correction.to_fen)
    record_change(
        award.decision,
        "correct_amount",
        before=str(correction.from_fen),
        after=str(correction.to_fen),
        reason=correction.reason,
        facts={
            "number": correction.number,
            "notice": correction.notice.code,
            "minutes": correction.minutes.sha256,
            "transfers": [correction.returned_transfer_id, correction.transfer_id],
            **by_two(wish),
        },
        acting_user=acting_user,
    )
    for user in applicants_people(award.proposal):
        tell(
            user,
            kind="ventures.award_corrected",
            title=lambda: _("拟资助金额已更正：%(title)s") % {"title": award.proposal.title},
            body=lambda: (
                _(
                    "由 %(before)s 更正为 %(after)s，与会议纪要一致。原因：%(reason)s\n"
                    "改正后会重新公示，并再给您一份通知书。"
                )
                % {
                    "before": yuan(correction.from_fen),
                    "after": yuan(correction.to_fen),
                    "reason": correction.reason,
                }
            ),
            link=reverse("ventures:proposal-outcome", args=[award.proposal.code]),
            key=f"ventures.award_correction:{correction.pk}:user:{user.pk}",
        )
