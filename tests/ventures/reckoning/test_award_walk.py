"""The walk under the fund: its rules one by one, and its counterfactuals against walking again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventures.reckoning.award_walk import (
    Ceiling,
    Entry,
    Misfit,
    Reason,
    Result,
    Terms,
    Walk,
    walk_of,
)


def entry(number: str, score: int | None, asked: int, *groups: str) -> Entry:
    return Entry(number, score, asked, groups=frozenset(groups))


def told(walk: Walk) -> dict[str, tuple[int, Reason]]:
    return {result.entry.number: (result.awarded_fen, result.reason) for result in walk.results}


def test_what_does_not_fit_is_passed_over_or_ends_the_walk() -> None:
    entries = [entry("A", 9000, 60), entry("B", 8000, 50), entry("C", 7000, 40)]

    skipping = walk_of(entries, Terms(100))
    stopping = walk_of(entries, Terms(100, misfit=Misfit.STOP))

    assert told(skipping) == {
        "A": (60, Reason.FUNDED),
        "B": (0, Reason.FUND_SPENT),
        "C": (40, Reason.FUNDED),
    }
    assert told(stopping)["C"] == (0, Reason.WALK_ENDED)
    assert (skipping.left_fen, stopping.left_fen) == (0, 40)


def test_a_part_is_awarded_only_down_to_the_stated_share() -> None:
    entries = [entry("A", 9000, 60), entry("B", 8000, 50), entry("C", 7000, 400)]

    walk = walk_of(entries, Terms(100, partial_percent=80))

    assert told(walk)["B"] == (40, Reason.FUNDED_IN_PART)
    assert told(walk)["C"] == (0, Reason.FUND_SPENT)


def test_threshold_missing_scores_and_ties() -> None:
    entries = [
        entry("D", None, 10),
        entry("C", 5999, 10),
        replace(entry("B", 7000, 10), tie_break=(1,)),
        replace(entry("A", 7000, 10), tie_break=(2,)),
    ]

    walk = walk_of(entries, Terms(10, threshold_hundredths=6000))

    assert [(result.entry.number, result.place) for result in walk.results] == [
        ("B", 1),
        ("A", 2),
        ("C", None),
        ("D", None),
    ]
    assert told(walk)["C"] == (0, Reason.BELOW_THRESHOLD)
    assert told(walk)["D"] == (0, Reason.NO_SCORE)
    assert walk.results[1].least_score_hundredths == 7001
    assert walk.results[2].least_score_hundredths == 7000  # ties like nobody: first of its score


def test_a_reserve_is_kept_for_its_group_and_released_if_the_round_says_so() -> None:
    entries = [
        entry("A", 9000, 60, "kind:service"),
        entry("B", 8000, 30, "kind:service"),
        entry("C", 7000, 20, "kind:governance"),
    ]
    kept = Terms(100, reserves_fen={"kind:governance": 40})

    walk = walk_of(entries, kept)
    released = walk_of(entries, replace(kept, releases_reserves=True))

    assert told(walk)["B"] == (0, Reason.RESERVED_FOR_OTHERS)
    assert told(walk)["C"] == (20, Reason.FUNDED)
    assert told(released)["B"] == (0, Reason.FUND_SPENT)
    assert released.results[1].most_fen == 20
    smaller = [entries[0], replace(entries[1], asked_fen=20), entries[2]]
    assert told(walk_of(smaller, replace(kept, releases_reserves=True)))["B"][0] == 20


def test_ceilings_of_a_group_in_projects_and_in_money() -> None:
    entries = [
        entry("A", 9000, 10, "org:1", "town:1"),
        entry("B", 8000, 10, "org:1"),
        entry("C", 7000, 10, "town:1"),
    ]
    terms = Terms(100, ceilings={"org:1": Ceiling(projects=1), "town:1": Ceiling(fen=15)})

    b, c = walk_of(entries, terms).results[1:]

    assert (b.reason, b.limited_by, b.most_fen) == (Reason.CEILING, "org:1", None)
    assert (c.reason, c.limited_by, c.most_fen) == (Reason.CEILING, "town:1", 5)
    assert b.least_score_hundredths == 9001


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"reserves_fen": {"a": 60, "b": 50}}, "more than the fund"),
        ({"releases_reserves": True, "misfit": Misfit.STOP}, "releases nothing"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Terms(100, **wrong)


GROUPS = ["org:1", "org:2", "town:1", "kind:g", "track:e"]


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[Entry], Terms]:
    reserves = {"kind:g": draw(st.integers(0, 60))} if draw(st.booleans()) else {}
    misfit = draw(st.sampled_from(Misfit))
    terms = Terms(
        fund_fen=draw(st.integers(60, 200)),
        threshold_hundredths=draw(st.sampled_from([None, 3])),
        misfit=misfit,
        partial_percent=draw(st.sampled_from([None, 50])),
        ceilings={
            "org:1": Ceiling(projects=draw(st.integers(1, 2))),
            "town:1": Ceiling(fen=draw(st.integers(10, 90)), projects=3),
        },
        reserves_fen=reserves,
        releases_reserves=misfit is Misfit.SKIP and draw(st.booleans()),
    )
    numbers = draw(st.integers(1, 9))
    entries = [
        Entry(
            f"P{place}",
            draw(st.sampled_from([None, *range(10)])),
            draw(st.integers(1, 70)),
            (draw(st.integers(0, 2)),),
            draw(st.frozensets(st.sampled_from(GROUPS), max_size=3)),
        )
        for place in range(numbers)
    ]
    return entries, terms


def again(entries: list[Entry], terms: Terms, changed: Entry) -> Result:
    others = [each for each in entries if each.number != changed.number]
    walk = walk_of([changed, *others], terms)
    return next(result for result in walk.results if result.entry.number == changed.number)


@given(rounds())
def test_counterfactuals_are_what_walking_again_would_give(
    case: tuple[list[Entry], Terms],
) -> None:
    entries, terms = case

    walk = walk_of(entries, terms)

    assert walk.awarded_fen <= terms.fund_fen
    assert walk == walk_of(reversed(entries), terms)
    for result in walk.results:
        mine = result.entry
        if result.awarded_fen == mine.asked_fen:
            continue
        whole_at = [
            asked
            for asked in range(1, mine.asked_fen)
            if again(entries, terms, replace(mine, asked_fen=asked)).awarded_fen == asked
        ]
        assert result.most_fen == max(whole_at, default=None)
        carried_at = [
            score
            for score in range(12)
            if again(entries, terms, replace(mine, score_hundredths=score)).reason is Reason.FUNDED
        ]
        assert result.least_score_hundredths == min(carried_at, default=None)
