"""The prizes of a round of ideas: what each place gets, what a sum is called, and in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.kit import yuan
from ventures.models import Prize, Round

# The group all ideas of a round with prizes fall under: there are so many places and no more.
EVERYBODY = "prize:"


def prizes_of(round: Round) -> list[Prize]:
    """Largest first; empty where every prize has the same size, and in other rounds."""
    if round.purpose != Round.Purpose.PRIZE:
        return []
    return sorted(round.prizes.all(), key=lambda one: -one.amount_fen)


def sums_by_place(prizes: Sequence[Prize]) -> list[int]:
    """The sum of the first, the second, … of the list."""
    return [one.amount_fen for one in prizes for _place in range(one.places)]


def free_prizes(round: Round, given: Sequence[int]) -> list[Prize]:
    """Those of which not every place is taken by these awards."""
    return [one for one in prizes_of(round) if given.count(one.amount_fen) < one.places]


def prize_name(prizes: Sequence[Prize], amount_fen: int) -> str:
    """What a sum is called here; nothing where it has no name."""
    return next((one.name for one in prizes if one.amount_fen == amount_fen), "")


def prize_and_sum(round: Round, amount_fen: int) -> str:
    """二等奖 ¥5,000.00; the sum alone where it has no name."""
    return f"{prize_name(prizes_of(round), amount_fen)} {yuan(amount_fen)}".strip()


def prizes_in_words(prizes: Sequence[Prize]) -> list[str]:
    if not prizes:
        return []
    said = "；".join(
        _("%(name)s %(places)d 名，每名 %(sum)s")
        % {"name": one.name, "places": one.places, "sum": yuan(one.amount_fen)}
        for one in prizes
    )
    return [
        _("按名次设奖：%(prizes)s。名额可以空缺。") % {"prizes": said},
        _("已公示的奖项不变；异议成立而空出的奖项，由名次在前、还没有获奖的递补，也可以空缺。"),
    ]


def prizes_given(prizes: Sequence[Prize], amounts: Sequence[int]) -> str:
    """How many of each were given: 一等奖 1 个、二等奖 2 个."""
    counted = [(one.name, amounts.count(one.amount_fen)) for one in prizes]
    return "、".join(
        _("%(name)s %(count)d 个") % {"name": name, "count": count}
        for name, count in counted
        if count
    )


def prizes_for_machines(prizes: Sequence[Prize]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "places": one.places, "amount_fen": one.amount_fen} for one in prizes
    ]


def out_of_order(
    prizes: Sequence[Prize], amounts: Mapping[str, int], ranks: Mapping[str, int]
) -> set[str]:
    """Of those who win something (amounts by number), who gets another sum than her place gives."""
    if not prizes:
        return set()
    winners = sorted(amounts, key=lambda code: (ranks[code], code))
    sums = sums_by_place(prizes)
    return {
        code
        for place, code in enumerate(winners)
        if place >= len(sums) or amounts[code] != sums[place]
    }
