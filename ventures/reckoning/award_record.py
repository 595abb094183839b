"""A run of the walk as plain values that can be kept, fingerprinted and run again.

`inputs` hold all that decides: terms, entries, what was fixed by people beforehand. `results_of`
gives from them, and from nothing else, the same list each time, byte for byte.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ventures.reckoning.award_walk import (
    Ceiling,
    Entry,
    Misfit,
    Result,
    Terms,
    in_order,
    walk_of,
)

BY_PEOPLE = "by_people"
# Awarded and published: the walk after an objection leaves it as it is.
HELD = "held"


@dataclass(frozen=True)
class Fixed:
    """What people fixed beforehand for one entry: an amount, or nothing."""

    number: str
    awarded_fen: int


def inputs_of(terms: Terms, entries: Iterable[Entry], fixed: Iterable[Fixed]) -> dict[str, Any]:
    """All that decides, in an order of its own."""
    return {
        "terms": {
            "fund_fen": terms.fund_fen,
            "threshold_hundredths": terms.threshold_hundredths,
            "misfit": terms.misfit.value,
            "partial_percent": terms.partial_percent,
            "releases_reserves": terms.releases_reserves,
            "ceilings": {
                name: [each.fen, each.projects] for name, each in sorted(terms.ceilings.items())
            },
            "reserves_fen": dict(sorted(terms.reserves_fen.items())),
        },
        "entries": [
            {
                "number": entry.number,
                "score_hundredths": entry.score_hundredths,
                "asked_fen": entry.asked_fen,
                "tie_break": list(entry.tie_break),
                "groups": sorted(entry.groups),
            }
            for entry in sorted(entries, key=lambda entry: entry.number)
        ],
        "fixed": {each.number: each.awarded_fen for each in sorted(fixed, key=lambda f: f.number)},
    }


def results_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The list these inputs give: one line per entry, and what is left.

    What people fixed, and what is held because it was published, is taken from the fund first;
    everybody else walks under the rest. A reserve is met by what was fixed for its group as by any
    other award.
    """
    held: dict[str, int] = dict(inputs.get("held", {}))
    fixed: dict[str, int] = held | inputs["fixed"]
    entries = [_entry(each) for each in inputs["entries"]]
    terms = _terms_beside(inputs["terms"], [e for e in entries if e.number in fixed], fixed)
    walk = walk_of([entry for entry in entries if entry.number not in fixed], terms)
    lines = [_line(result) for result in walk.results]
    lines += [
        _fixed_line(
            entry,
            fixed[entry.number],
            BY_PEOPLE if entry.number in inputs["fixed"] else HELD,
        )
        for entry in entries
        if entry.number in fixed
    ]
    by_number = {entry.number: entry for entry in entries}
    lines.sort(key=lambda line: _order_of(line, by_number))
    awarded = sum(line["awarded_fen"] for line in lines)
    return {
        "lines": lines,
        "awarded_fen": awarded,
        "left_fen": inputs["terms"]["fund_fen"] - awarded,
    }


def without(
    inputs: Mapping[str, Any], number: str, held: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The same inputs with nothing for this one entry; what is `held` keeps what it has."""
    fixed = {**inputs["fixed"], number: 0}
    told = {**inputs, "fixed": dict(sorted(fixed.items()))}
    if held is not None:
        told["held"] = {name: fen for name, fen in sorted(held.items()) if name not in fixed}
    return told


def at_sums(inputs: Mapping[str, Any], group: str, sums: Sequence[int]) -> dict[str, Any]:
    """The same inputs where prizes that fell free go by rank: of those of the group without one the
    best walks for the first of these sums, and so on; there are no more places than sums."""
    has: dict[str, int] = inputs.get("held", {}) | inputs["fixed"]
    waiting = in_order(_entry(each) for each in inputs["entries"] if each["number"] not in has)
    at = {entry.number: sums[min(place, len(sums) - 1)] for place, entry in enumerate(waiting)}
    places = [None, sum(1 for fen in has.values() if fen) + len(sums)]
    return {
        **inputs,
        "terms": {
            **inputs["terms"],
            "ceilings": {**inputs["terms"]["ceilings"], group: places},
        },
        "entries": [
            {**each, "asked_fen": at.get(each["number"], each["asked_fen"])}
            for each in inputs["entries"]
        ],
    }


def moved_up(results: Mapping[str, Any], standing: Iterable[str]) -> dict[str, int]:
    """What the list gives to entries that have no award yet, by number, in its order."""
    there = set(standing)
    return {
        line["number"]: line["awarded_fen"]
        for line in results["lines"]
        if line["awarded_fen"] and line["number"] not in there
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries whose award is another: number, fen before, fen after."""
    was = {line["number"]: line["awarded_fen"] for line in before["lines"]}
    now = {line["number"]: line["awarded_fen"] for line in after["lines"]}
    return [
        {"number": number, "before_fen": was.get(number, 0), "after_fen": now.get(number, 0)}
        for number in sorted(was.keys() | now.keys())
        if was.get(number, 0) != now.get(number, 0)
    ]


def canonical(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(
        number=told["number"],
        score_hundredths=told["score_hundredths"],
        asked_fen=told["asked_fen"],
        tie_break=tuple(told["tie_break"]),
        groups=frozenset(told["groups"]),
    )


def _terms_beside(
    told: Mapping[str, Any], fixed: Sequence[Entry], amounts: Mapping[str, int]
) -> Terms:
    """The terms with what is left beside what people fixed."""

    def had(group: str) -> int:
        return sum(amounts[entry.number] for entry in fixed if group in entry.groups)

    def count(group: str) -> int:
        return sum(1 for e in fixed if group in e.groups and amounts[e.number])

    fund_fen = max(0, told["fund_fen"] - sum(amounts[entry.number] for entry in fixed))
    reserves: dict[str, int] = {}
    for name, fen in told["reserves_fen"].items():  # never more than what people left
        reserves[name] = min(max(0, fen - had(name)), fund_fen - sum(reserves.values()))
    return Terms(
        fund_fen=fund_fen,
        threshold_hundredths=told["threshold_hundredths"],
        misfit=Misfit(told["misfit"]),
        partial_percent=told["partial_percent"],
        releases_reserves=told["releases_reserves"],
        ceilings={
            name: Ceiling(
                None if fen is None else max(0, fen - had(name)),
                None if projects is None else max(0, projects - count(name)),
            )
            for name, (fen, projects) in told["ceilings"].items()
        },
        reserves_fen=reserves,
    )


def _line(result: Result) -> dict[str, Any]:
    return {
        "number": result.entry.number,
        "reason": result.reason.value,
        "awarded_fen": result.awarded_fen,
        "asked_fen": result.entry.asked_fen,
        "score_hundredths": result.entry.score_hundredths,
        "limited_by": result.limited_by,
        "most_fen": result.most_fen,
        "least_score_hundredths": result.least_score_hundredths,
    }


def _fixed_line(entry: Entry, fen: int, reason: str) -> dict[str, Any]:
    return {
        "number": entry.number,
        "reason": reason,
        "awarded_fen": fen,
        "asked_fen": entry.asked_fen,
        "score_hundredths": entry.score_hundredths,
        "limited_by": "",
        "most_fen": None,
        "least_score_hundredths": None,
    }


def _order_of(line: Mapping[str, Any], entries: Mapping[str, Entry]) -> tuple[Any, ...]:
    score = line["score_hundredths"]
    entry = entries[line["number"]]
    return (score is None, -(score or 0), entry.tie_break, entry.number)
