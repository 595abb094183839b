"""The second person's answer to 更正金额 or 取消立项; only her yes changes anything."""

from django.db import transaction
from django.utils.translation import override

from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from ventures.models import AwardWish, PublicNotice
from ventures.services.award_corrections import carry_out_correction
from ventures.services.award_wishes import WISHED, tell_asker
from ventures.services.award_withdrawals import carry_out_cancellation

Kind = AwardWish.Kind


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def answer_award_wish(
    wish: AwardWish, verb: str, *, words: str = "", acting_user: User
) -> AwardWish:
    """Agree to what was proposed, refuse it, or take one's own wish back.

    Agreeing does it at once and tells the applicant, if it may still be done as it was proposed;
    refusing and taking back leave everything as it was and are never too late. Refused: to who
    proposed it, to who is not of the second persons, and once it was answered.
    """
    if wish.kind == Kind.CORRECT:
        # Notices before their round, as whoever publishes or withdraws one does.
        round = wish.award.proposal.round_id
        list(PublicNotice.objects.select_for_update().filter(round=round).order_by("pk"))
    _round, wish = WISHED.locked(wish)
    if verb == "take_back":
        WISHED.take_back(wish, acting_user=acting_user)
        return wish
    seconds = WISHED.require_second(acting_user, wish)
    words = words.strip()[:300]
    WISHED.answer(wish, verb, seconds, acting_user=acting_user, reason=words, words=words)
    if verb == "agree" and wish.kind == Kind.CORRECT:
        carry_out_correction(wish, acting_user=acting_user)
    elif verb == "agree":
        carry_out_cancellation(wish, acting_user=acting_user)
    tell_asker(wish)
    return wish
