"""Write a round's prizes, and hold a list of winners against them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.kit import yuan
from ventures.errors.prizes import NotAPrize, TooManyOfAPrize
from ventures.models import Prize, Proposal, Round
from ventures.selectors.prizes import prizes_of


def write_prizes(round: Round, prizes: Sequence[Mapping[str, Any]]) -> None:
    """Largest first. Whether the fund bears them is asked on the form and before publishing."""
    round.prizes.all().delete()
    if round.purpose != Round.Purpose.PRIZE:
        return
    ordered = sorted(prizes, key=lambda one: -int(one["amount_fen"]))
    Prize.objects.bulk_create(
        Prize(round=round, position=position, **one)
        for position, one in enumerate(ordered, start=1)
    )


def require_a_prize(proposal: Proposal, amount_fen: int) -> None:
    """Where the round has prizes of several sizes, one of them."""
    prizes = prizes_of(proposal.round)
    if prizes and amount_fen not in {one.amount_fen for one in prizes}:
        raise NotAPrize(
            number=proposal.code,
            prizes=_("、").join(f"{one.name} {yuan(one.amount_fen)}" for one in prizes),
        )


def require_places(round: Round, amounts: Sequence[int]) -> None:
    """No more of one prize than the call says; places may stay empty."""
    for one in prizes_of(round):
        given = amounts.count(one.amount_fen)
        if given > one.places:
            raise TooManyOfAPrize(name=one.name, places=one.places, given=given)
