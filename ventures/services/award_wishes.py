"""Two people for what is done to an award: one proposes with a reason, another agrees or refuses.

What is proposed and what is done by it: `services.award_corrections` and
`services.award_withdrawals`; the answer: `services.award_wish_answers`. The round is locked.
"""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from ventures.errors.award_wishes import (
    AwardWishWaiting,
    CorrectionWaiting,
    NobodyAgreesToAwardWish,
    OwnAwardWishNotAgreed,
)
from ventures.lifecycles.award_wishes import AWARD_WISH
from ventures.models import Award, AwardWish, Round
from ventures.rules import award_wishes as rules
from ventures.selectors.award_wishes import waiting_correction, waiting_of, wishes_page
from ventures.services.second_person import Answered

Kind = AwardWish.Kind
WISHED = Answered(AWARD_WISH, AwardWish, "proposed_by", rules.deciders_of, OwnAwardWishNotAgreed)


def require_none_waits(award: Award) -> None:
    if waiting_of(award) is not None:
        raise AwardWishWaiting(code=award.proposal.code)


def require_seconds(round: Round, acting_user: User) -> list[User]:
    """Those who may agree to what she proposes; refused where there is nobody."""
    seconds = rules.wish_deciders(round, besides=acting_user).now
    if not seconds:
        raise NobodyAgreesToAwardWish()
    return seconds


def ask(
    award: Award, kind: Kind, round: Round, *, reason: str, acting_user: User, **what: Any
) -> AwardWish:
    """Write the wish and tell who may agree. Refused: while one waits, and without a second."""
    require_none_waits(award)
    seconds = require_seconds(round, acting_user)
    wish = AwardWish.objects.create(
        award=award,
        kind=kind,
        seen_fen=award.amount_fen,
        reason=reason,
        proposed_by=acting_user,
        **what,
    )
    facts: dict[str, Any] = {"kind": wish.kind, "seen_fen": wish.seen_fen}
    if kind == Kind.CORRECT:
        facts |= {"to_fen": wish.to_fen, "minutes": what["minutes"].sha256}
    record_change(
        wish, "propose", after=wish.state, reason=reason[:300], facts=facts, acting_user=acting_user
    )
    for user in seconds:
        tell(
            user,
            kind="ventures.award_wish",
            title=lambda: _title(wish),
            body=lambda: (
                _("%(who)s 提出，理由在“更正和取消的提议”里看。您同意以后才生效。")
                % {"who": acting_user.display_name}
            ),
            link=wishes_page(round),
            key=f"ventures.award_wish:{wish.pk}:{user.pk}",
        )
    return wish


def by_two(wish: AwardWish) -> dict[str, Any]:
    """For the trail of what was done: by which wish, who proposed it and who agreed."""
    return {
        "wish": wish.pk,
        "proposed_by": wish.proposed_by_id,
        "agreed_by": wish.decided_by_id,
    }


def tell_asker(wish: AwardWish) -> None:
    """Whoever proposed it reads what became of it."""
    tell(
        wish.proposed_by,
        kind="ventures.award_wish_answered",
        title=lambda: (
            _("您提出的%(what)s：%(state)s")
            % {"what": wish.get_kind_display(), "state": wish.get_state_display()}
        ),
        body=lambda: (
            _("%(title)s（%(code)s）。%(words)s")
            % {"title": wish.proposal.title, "code": wish.proposal.code, "words": wish.words}
        ),
        link=wishes_page(wish.round),
        key=f"ventures.award_wish:{wish.pk}:answered",
    )


def let_fall(award: Award, *, acting_user: User) -> None:
    """The award ended: a wish that still waits is no longer to be answered."""
    wish = waiting_of(award)
    if wish is not None:
        WISHED.fall_away(wish, acting_user=acting_user)


def require_no_correction(round: Round) -> None:
    """Before a new notice tells the sums: none of them is still to be agreed to."""
    waiting = waiting_correction(round)
    if waiting is not None:
        raise CorrectionWaiting(code=waiting.proposal.code)


def _title(wish: AwardWish) -> str:
    words = (
        _("有项目提议更正金额，等您处理：%(name)s")
        if wish.kind == Kind.CORRECT
        else _("有项目提议取消立项，等您处理：%(name)s")
    )
    return words % {"name": wish.round.name}
