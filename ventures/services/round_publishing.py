"""Publish a call with two people: one prepares and proposes it, another publishes or returns it.

Where a place has one officer only, the second person is an officer of the nearest place above; who
else may be, and from when, is in `rules.second_person`.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import rules as people
from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.errors.rounds import (
    AboveLevelBudget,
    CapAboveLevel,
    NobodyToPublish,
    OwnCallNotPublished,
    RoundClosed,
    RoundIncomplete,
)
from ventures.lifecycles.rounds import ROUND
from ventures.models import LevelBudget, Round
from ventures.rules import rounds as round_rules
from ventures.selectors.level_budgets import free_of
from ventures.selectors.recusals import named_officers
from ventures.selectors.rounds import missing_for_call
from ventures.services.funds import open_round_fund
from ventures.services.round_forms import freeze_form, require_sound_form
from ventures.services.round_locks import locked_round
from ventures.services.rounds import copy_rubric
from ventures.services.second_person import standing_in

State = Round.State


@transaction.atomic
def propose_round(round: Round, *, acting_user: User) -> Round:
    """Hand the draft to the second person; every one of them is told.

    Refused while something an applicant must know is missing (`RoundIncomplete`), when the closing
    time has already passed (`RoundClosed`), above the level's budget or cap (`AboveLevelBudget`,
    `CapAboveLevel`), and while nobody else could publish it (`NobodyToPublish`).
    """
    round = locked_round(round)
    _require_officer(acting_user, round)
    ROUND.require(round, "propose", acting_user=acting_user)
    _require_ready(round)
    publishers = round_rules.publishers_of(round, besides=acting_user)
    if not publishers:
        raise NobodyToPublish()
    change = ROUND.move(
        round,
        "propose",
        acting_user=acting_user,
        proposed_by=acting_user,
        proposed_at=database_now(),
        returned_for="",
    )
    for user in publishers:
        tell(
            user,
            kind="round_proposed",
            title=lambda: _("征集公告等您审核：%(name)s") % {"name": round.name},
            body=lambda: (
                _("%(who)s 提请发布，%(label)s %(closes)s。请核对后发布，或退回修改。")
                % {
                    "who": acting_user.display_name,
                    "label": round.close_label,
                    "closes": moment(round.closes_at),
                }
            ),
            link=f"{round.get_absolute_url()}desk/",
            key=f"round:{round.pk}:proposed:{change.pk}:{user.pk}",
        )
    return round


@transaction.atomic
def take_back_round(round: Round, *, acting_user: User) -> Round:
    """Go on writing what was proposed and not published yet."""
    round = locked_round(round)
    _require_officer(acting_user, round)
    ROUND.move(round, "take_back", acting_user=acting_user)
    return round


@transaction.atomic
def return_round(round: Round, *, reason: str, acting_user: User) -> Round:
    """Give the call back to who proposed it, with what is to be changed (`ReasonMissing`)."""
    round = locked_round(round)
    require_second_person(acting_user, round)
    ROUND.require(round, "return_", acting_user=acting_user)
    reason = required(reason)
    change = ROUND.move(
        round,
        "return_",
        acting_user=acting_user,
        reason=reason,
        facts=standing_in(round_rules.publishing_seconds(round), acting_user),
        returned_for=reason,
    )
    assert round.proposed_by is not None, "proposed_round_says_by_whom"
    tell(
        round.proposed_by,
        kind="round_returned",
        title=lambda: _("征集公告退回修改：%(name)s") % {"name": round.name},
        body=lambda: (
            _("%(who)s 退回。原因：%(reason)s")
            % {"who": named_officers([acting_user], round), "reason": reason}
        ),
        link=f"{round.get_absolute_url()}desk/",
        key=f"round:{round.pk}:returned:{change.pk}",
    )
    return round


@transaction.atomic
def publish_round(round: Round, *, acting_user: User) -> Round:
    """Publish the call: freeze rubric and form, put the fund into the ledger, open the round.

    Refused to who wrote or proposed it (`OwnCallNotPublished`), and for what has changed since it
    was proposed: something missing, the close passed, the level's budget spent elsewhere.
    """
    round = locked_round(round)
    require_second_person(acting_user, round)
    ROUND.require(round, "publish", acting_user=acting_user)
    _require_ready(round)
    assert round.rubric is not None, "nothing is missing"
    rubric = copy_rubric(round.rubric) if round.rubric.is_preset else round.rubric
    stands_in = standing_in(round_rules.publishing_seconds(round), acting_user)
    ROUND.move(
        round,
        "publish",
        acting_user=acting_user,
        facts={"fund_fen": round.fund_fen, "closes_at": round.closes_at.isoformat()} | stands_in,
        published_at=database_now(),
        published_by=acting_user,
        rubric=rubric,
    )
    freeze_form(round, acting_user=acting_user)
    if round.has_money:
        open_round_fund(round, acting_user=acting_user)
    assert round.proposed_by is not None, "proposed_round_says_by_whom"
    tell(
        round.proposed_by,
        kind="round_published",
        title=lambda: _("征集公告已发布：%(name)s") % {"name": round.name},
        body=lambda: (
            _("%(who)s 审核发布，%(label)s %(closes)s。")
            % {
                "who": named_officers([acting_user], round),
                "label": round.close_label,
                "closes": moment(round.closes_at),
            }
        ),
        link=round.get_absolute_url(),
        key=f"round:{round.pk}:published",
    )
    return round


def require_second_person(user: User, round: Round) -> None:
    """Said before anything about the state: outsiders learn nothing, and an officer who may not
    publish this one is told who may (`OwnCallNotPublished`)."""
    if not people.is_officer_over(user, round.region):
        raise NotAllowed()
    if round.state != State.PROPOSED or round_rules.may_publish(user, round):
        return
    if round_rules.is_round_officer(user, round):
        raise OwnCallNotPublished(who=named_officers(round_rules.publishers_of(round), round))
    raise NotAllowed()


def _require_officer(user: User, round: Round) -> None:
    if not round_rules.is_round_officer(user, round):
        raise NotAllowed()


def _require_ready(round: Round) -> None:
    missing = missing_for_call(round)
    if missing:
        raise RoundIncomplete(missing=missing)
    if round.closes_at <= database_now():
        raise RoundClosed(closed_at=round.closes_at)
    require_sound_form(round)
    _require_within_level(round)


def _require_within_level(round: Round) -> None:
    """The place's budget of the year bears it. Two calls at once wait for the row's lock."""
    budget = (
        LevelBudget.objects.select_for_update()
        .filter(programme=round.programme_id, region=round.region_id, year=round.year)
        .first()
    )
    if budget is None or not round.has_money:
        return
    free = free_of(budget, besides=round)
    if round.fund_fen > free:
        raise AboveLevelBudget(year=budget.year, needed_fen=round.fund_fen, free_fen=free)
    if budget.cap_fen is not None and round.cap_fen > budget.cap_fen:
        raise CapAboveLevel(cap_fen=round.cap_fen, most_fen=budget.cap_fen)
