"""End a round without awards (流标, 终止征集): one person asks, another agrees, everybody is told.

Until then the round goes on. A round that was ended stays readable with its reason; starting again
is `services.round_copying`, and who filed takes her proposal along (`services.transfers`). Who is
told, and what, is in `services.round_stop_news`.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.system_user import the_product
from timebank import doors
from ventures.errors.recusal import RecusedFromRound
from ventures.errors.round_stops import (
    AwardsStand,
    FailedTooEarly,
    NobodyToAgreeToStop,
    OwnStopNotAgreed,
    SomebodyFiled,
    StopStanding,
)
from ventures.lifecycles.needs import NEED
from ventures.lifecycles.proposals import PROPOSAL
from ventures.lifecycles.reviewers import REVIEW_INVITATION
from ventures.lifecycles.reviews import PANEL
from ventures.lifecycles.round_stops import ROUND_STOP
from ventures.lifecycles.rounds import ROUND
from ventures.models import Award, Decision, Need, Panel, ReviewInvitation, Round, RoundStop
from ventures.rules import round_stops as rules
from ventures.rules import rounds as round_rules
from ventures.rules.recusal import may_extend
from ventures.rules.timetable import last_deadline
from ventures.selectors.recusals import who_acts
from ventures.services.round_locks import locked_round
from ventures.services.round_stop_news import (
    announce_stop,
    tell_need_back,
    tell_stop_answered,
    tell_stop_asked,
)
from ventures.services.second_person import Answered

Cause = RoundStop.Cause
State = Round.State
STOP = Answered(ROUND_STOP, RoundStop, "asked_by", rules.deciders_of, OwnStopNotAgreed)
# What is still on its way when the round ends; everything else has its own end already.
ON_THE_WAY = next(arrow for arrow in PROPOSAL if arrow.verb == "stop").sources


@transaction.atomic
def ask_stop(
    round: Round, *, cause: str, reason: str, next_words: str = "", acting_user: User
) -> RoundStop:
    """Ask that the round be ended; who may agree is told, and nothing else changes.

    Refused: once a meeting has decided (`AwardsStand`), without a reason (`ReasonMissing`), while
    another such wish stands (`StopStanding`), when “nobody came” is said before the close or is not
    so (`FailedTooEarly`, `SomebodyFiled`), and while nobody could agree (`NobodyToAgreeToStop`).
    """
    round = locked_round(round)
    require_may_ask_stop(acting_user, round)
    reason = required(reason)
    _require_true(round, cause)
    standing = round.stops.filter(state__in=RoundStop.STANDING).select_related("asked_by").first()
    if standing is not None:
        raise StopStanding(who=standing.asked_by.display_name)
    deciders = rules.stop_deciders(round, besides=acting_user).now
    if not deciders:
        raise NobodyToAgreeToStop()
    stop = RoundStop.objects.create(
        round=round,
        cause=cause,
        reason=reason,
        next_words=next_words.strip(),
        asked_by=acting_user,
    )
    record_change(round, "ask_stop", after=cause, reason=reason, acting_user=acting_user)
    tell_stop_asked(stop, deciders)
    return stop


@transaction.atomic
def agree_to_stop(stop: RoundStop, *, acting_user: User) -> Round:
    """End the round: its money goes back to where it came from and counts no longer against the
    year's budget, what was filed is closed with it, its needs wait for an answer again, reviewers
    are free, and everybody concerned is told why.

    Refused: to whoever asked for it (`OwnStopNotAgreed`), once a meeting has decided
    (`AwardsStand`), and when its cause is not so any more.
    """
    round, stop = STOP.locked(stop)
    seconds = STOP.require_second(acting_user, stop)
    _require_before_awards(round)
    _require_true(round, stop.cause)
    ROUND.move(
        round,
        "stop",
        acting_user=acting_user,
        on_behalf_of=stop.asked_by,
        reason=stop.reason,
        facts={"cause": stop.cause, "was": round.state},
    )
    STOP.answer(stop, "agree", seconds, acting_user=acting_user, reason=stop.reason)
    with override(OFFICIAL_LANGUAGE):
        _close_what_was_filed(round)
        _send_reviewers_home(round)
        _give_needs_back(round, stop)
        if round.has_money:
            doors.return_fund(
                round.fund_key,
                reason=_("征集终止，资金退回：%(name)s") % {"name": round.name},
                acting_user=acting_user,
            )
    announce_stop(stop)
    return round


@transaction.atomic
def refuse_stop(stop: RoundStop, *, reason: str, acting_user: User) -> RoundStop:
    """The round goes on; who asked is told why (`ReasonMissing`)."""
    round, stop = STOP.locked(stop)
    seconds = STOP.require_second(acting_user, stop)
    reason = required(reason)
    STOP.answer(stop, "refuse", seconds, acting_user=acting_user, reason=reason, answer=reason)
    record_change(round, "refuse_stop", reason=reason, acting_user=acting_user)
    tell_stop_answered(stop)
    return stop


@transaction.atomic
def take_back_stop(stop: RoundStop, *, acting_user: User) -> RoundStop:
    """Whoever asked for it wants it no longer."""
    round, stop = STOP.locked(stop)
    STOP.take_back(stop, acting_user=acting_user)
    record_change(round, "take_back_stop", acting_user=acting_user)
    return stop


# What is asked first --------------------------------------------------------------------


def require_may_ask_stop(user: User, round: Round) -> None:
    """Say why not, before a form is shown and again when it is done."""
    if not (round_rules.is_round_officer(user, round) or may_extend(user, round)):
        raise NotAllowed()
    _require_before_awards(round)
    if round.state not in rules.STOPPABLE:
        raise OutOfTurn(state=State(round.state).label, verb=_("终止征集"))
    if not may_extend(user, round):
        raise RecusedFromRound(who=who_acts(round, round.proposals.all()))


def _require_before_awards(round: Round) -> None:
    decided = round.state in (State.DECIDED, State.NOTICED, State.CONCLUDED)
    if decided or Award.objects.filter(proposal__round=round).exists():
        raise AwardsStand(state=State(round.state).public_label)


def _require_true(round: Round, cause: str) -> None:
    """Nobody came, or too few: said of a round that takes nothing more."""
    if cause == Cause.OTHER:
        return
    if round.is_filing and (until := last_deadline(round)) > database_now():
        raise FailedTooEarly(closes_at=until)
    filed = round.proposals.handed_in().count()
    if cause == Cause.NOBODY and filed:
        raise SomebodyFiled(filed=filed)


# What ends with it ----------------------------------------------------------------------


def _close_what_was_filed(round: Round) -> None:
    """Drafts stay as they are: they are their writers' alone."""
    filed = round.proposals.filter(state__in=ON_THE_WAY).select_related("round__region")
    for proposal in filed.select_for_update(of=("self",)).order_by("pk"):
        PROPOSAL.move(proposal, "stop", acting_user=the_product(), reason=_("本轮已终止"))


def _send_reviewers_home(round: Round) -> None:
    for panel in Panel.objects.filter(round=round, state=Panel.State.OPEN):
        PANEL.move(
            panel,
            "stop",
            acting_user=the_product(),
            reason=_("本轮已终止"),
            closed_at=database_now(),
        )
    Decision.objects.filter(proposal__round=round, state=Decision.State.PREPARED).delete()
    asked = ReviewInvitation.objects.filter(round=round, state=ReviewInvitation.State.OPEN)
    for invitation in asked:
        REVIEW_INVITATION.move(invitation, "lapse", acting_user=the_product())


def _give_needs_back(round: Round, stop: RoundStop) -> None:
    """They wait for an answer again, and whoever raised or supports one is told."""
    for need in round.needs.filter(state=Need.State.IN_CALL).order_by("pk"):
        NEED.move(
            need,
            "come_back",
            acting_user=the_product(),
            reason=_("列入的征集“%(name)s”已终止") % {"name": round.name},
            facts={"round": round.pk},
            answer="",
            round=None,
            answered_at=None,
            days_taken=None,
        )
        tell_need_back(need, stop)
