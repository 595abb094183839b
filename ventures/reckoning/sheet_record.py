"""The scores of a kept file counted again, from its sheets and rules and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ventures.reckoning.scores import Item, Way, total_of
from ventures.reckoning.standings import Candidate, Sheet, standings

TRIMMED, MEDIAN = "trimmed_mean", "median"
# More sheets than any panel hands in: none is left out.
NEVER = 10_000


@dataclass(frozen=True)
class Recount:
    """One proposal: the score the file tells and the one its sheets give, in hundredths."""

    number: str
    told_hundredths: int | None
    found_hundredths: int | None
    told_left_out: tuple[int | None, ...]
    found_left_out: tuple[int | None, ...]

    @property
    def is_same(self) -> bool:
        return (self.told_hundredths, self.told_left_out) == (
            self.found_hundredths,
            self.found_left_out,
        )


def recounts(content: Mapping[str, Any]) -> list[Recount]:
    """Each proposal of the file, in its order.

    Where other parts count besides the sheets, the score of the sheets alone is compared: the file
    tells it apart.
    """
    rules, rows = content["rules"], content["ranking"]
    found = {
        standing.candidate.number: standing
        for standing in standings(
            [Candidate(row["code"], _sheets(row, rules["criteria"])) for row in rows],
            drop_from=rules["drop_from"] if rules["aggregate"] == TRIMMED else NEVER,
            wide_halves=0,
            way=Way.MEDIAN if rules["aggregate"] == MEDIAN else Way.MEAN,
        )
    }
    return [
        Recount(
            number=row["code"],
            told_hundredths=_told(row),
            found_hundredths=found[row["code"]].score_hundredths,
            told_left_out=tuple(row["left_out"]),
            found_left_out=(found[row["code"]].highest_seat, found[row["code"]].lowest_seat),
        )
        for row in rows
    ]


def _told(row: Mapping[str, Any]) -> int | None:
    paper: int | None = row.get("paper_hundredths")
    score: int | None = row["score_hundredths"]
    return score if paper is None else paper


def _sheets(row: Mapping[str, Any], criteria: Sequence[Mapping[str, Any]]) -> tuple[Sheet, ...]:
    items = [_item(each, row.get("track")) for each in criteria]
    return tuple(
        Sheet(
            sheet["seat"],
            tuple(sheet["half_points"]),
            counted_halves=total_of(sheet["half_points"], items),
        )
        for sheet in row["sheets"]
    )


def _item(told: Mapping[str, Any], track: str | None) -> Item:
    """As the rubric counted it for this group; what is not asked of the group counts nothing."""
    only = told.get("only_tracks") or []
    return Item(
        told["max_half_points"],
        told["weight_percent"],
        told["is_outside_total"] or bool(only and track not in only),
    )
