"""A decided round on public notice, and what may become of its awards."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from config.demo.cast import Cast
from tests.factories.ventures_award_wishes import cancel_at_once
from tests.factories.ventures_awards import (
    make_body,
    make_meeting,
    make_scored_round,
    proposals_of,
)
from tests.plugins.relay import laid_again
from timebank.doors import FundPart, fund_position
from ventures.models import AwardTerms, AwardWithdrawal, Decision, Proposal, PublicNotice, Round
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notices import usual_terms_of
from ventures.selectors.promotions import promotable_in
from ventures.services.award_withdrawals import give_up_award
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.notices import publish_notice
from ventures.services.promotions import record_promotion

Outcome = Decision.Outcome
PRIVATE = "带队的社工要回老家照顾母亲"
PARTS = (FundPart("source:1", "福彩公益金", 900_001), FundPart("source:2", "基金会", 600_000))
TITLE = {"purpose": "designation", "honour": "示范项目", "fund_fen": 0, "parts": ()}


@laid_again
def make_notice(
    cast: Cast,
    *,
    first_fen: int = 615_000,
    names: Sequence[str] = ("甲队", "乙队", "丙队"),
    by_rules: bool = False,
    reserves: bool = True,
    **fields: Any,
) -> PublicNotice:
    """恩泽社 and 甲队 get 6,150 yuan each, 乙队 is a reserve, 丙队 is declined; of 15,000.01."""
    bodies = [cast.organisations["enze"], *map(make_body, names)]
    money = {"fund_fen": 1_500_001, "parts": PARTS} | fields
    round = make_scored_round(cast.fan, [cast.lu], bodies, **money)
    if by_rules:
        AwardTerms.objects.create(round=round, is_walked=True)
        assert sorted(suggestion_of(round).awards.values()) == [0, 0, 615_000, 615_000]
    first_fen, fen = (first_fen, 615_000) if round.has_money else (0, 0)
    given = (
        (Outcome.AWARD, first_fen, ""),
        (Outcome.AWARD, fen, ""),
        (Outcome.RESERVE if reserves else Outcome.DECLINE, 0, "资金不够"),
        (Outcome.DECLINE, 0, "内容重复"),
    )
    choices = [Choice(one.pk, *what) for one, what in zip(proposals_of(round), given, strict=False)]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    return publish_again(round, cast.fan)


def publish_again(round: Round, by: User, days: int = 0) -> PublicNotice:
    """The next notice of the round, from so many days hence."""
    round = Round.objects.get(pk=round.pk)
    terms = usual_terms_of(round, timezone.localdate() + timedelta(days=days))
    return publish_notice(round, terms=terms, acting_user=by)


def move_up(round: Round, by: User, *amounts: int | None) -> None:
    """A later meeting gives what was freed to those it may, in their order."""
    there = promotable_in(Round.objects.get(pk=round.pk))
    choices = [
        Choice(one.proposal.pk, Outcome.AWARD, fen or one.listed_fen or 0)
        for one, fen in zip(there, amounts, strict=False)
    ]
    meeting = make_meeting(by, number="演 19 号")
    record_promotion(round, choices, meeting=meeting, acting_user=by)


def give_up(
    proposal: Proposal, by: User, reason: str = PRIVATE, *, publishes_reason: bool = False
) -> AwardWithdrawal:
    proposal = Proposal.objects.get(pk=proposal.pk)
    return give_up_award(proposal, reason=reason, publishes_reason=publishes_reason, acting_user=by)


def cancel(proposal: Proposal, by: User, reason: str = "两次通知没有来签协议") -> AwardWithdrawal:
    return cancel_at_once(Proposal.objects.get(pk=proposal.pk), by, reason)


def state_of(thing: Model) -> Any:
    return type(thing)._default_manager.values_list("state", flat=True).get(pk=thing.pk)


def money_of(round: Round) -> tuple[int, int]:
    """Set aside, and free."""
    position = fund_position(round.fund_key)
    return position.committed_fen, position.free_fen


def let_pass(monkeypatch: Any, days: int) -> None:
    """For the services that ask the clock."""
    instant = timezone.now() + timedelta(days=days)
    for module in ("services.notices", "services.objections", "views.notices"):
        monkeypatch.setattr(f"ventures.{module}.database_now", lambda: instant)
