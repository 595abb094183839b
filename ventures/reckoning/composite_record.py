"""The composite scores of a kept file added up again, from their parts and nothing else."""

from collections.abc import Mapping
from typing import Any

from ventures.reckoning.composite import composite

HALF_POINT = 50  # hundredths of a point


def wrong_sums(content: Mapping[str, Any]) -> list[str]:
    """The numbers of those whose parts and bonuses do not come to the score that the file tells.

    Of a file without such scores, or of one kept before bonuses were, what it does not tell is not
    compared.
    """
    told = content.get("composite")
    if told is None:
        return []
    ranked = {row["code"]: row["score_hundredths"] for row in content["ranking"]}
    given: dict[str, dict[str, int]] = {}
    for one in told.get("bonuses", []):
        given.setdefault(one["code"], {})[one["key"]] = one["half_points"] * HALF_POINT
    return [
        line["code"]
        for line in told["lines"]
        if line["hundredths"] is not None
        and not _adds_up(line, told, given.get(line["code"], {}), ranked[line["code"]])
    ]


def _adds_up(
    line: Mapping[str, Any], told: Mapping[str, Any], given: dict[str, int], ranked: int | None
) -> bool:
    base = composite(line["parts"], told["shares"])
    bonuses: dict[str, int] = line.get("bonuses", {})
    by_hand = {key: points for key, points in bonuses.items() if key != "pledge"}
    most = (told.get("pledge_bonus") or 0) * 100
    return (
        line.get("base_hundredths", base) == base
        and by_hand == given
        and bonuses.get("pledge", 0) <= most
        and line["hundredths"] == base + sum(bonuses.values()) == ranked
    )
