"""Leanings that were put in come out; what cannot be compared is not."""

import pytest

from ventures.reckoning.calibration import calibration_of, near_the_cut, rank_ranges


def test_a_strict_and_a_lenient_reviewer_are_told_from_their_proposals() -> None:
    worth = {"A": 70.0, "B": 80.0, "C": 90.0, "D": 60.0}
    leaning = {"strict": -4.0, "mild": 3.0, "even": 1.0}
    left_out = {("A", "mild"), ("D", "strict")}
    scores = {
        (proposal, reviewer): points + more
        for proposal, points in worth.items()
        for reviewer, more in leaning.items()
        if (proposal, reviewer) not in left_out
    }

    found = calibration_of(scores)

    assert found is not None
    assert found.leanings == pytest.approx(leaning)
    assert found.scores == pytest.approx(worth)
    assert found.residual == pytest.approx(0, abs=1e-9)
    assert not found.may_be_shown


def test_two_who_read_the_same_are_as_comparable_as_what_they_share() -> None:
    both = {(f"P{number}", who): 80.0 for number in range(6) for who in ("one", "two")}

    found = calibration_of(both)

    assert found is not None
    assert found.comparable_as == pytest.approx(6)
    assert found.may_be_shown


def test_reviewers_of_separate_heaps_cannot_be_compared() -> None:
    assert calibration_of({("A", "one"): 80, ("A", "two"): 70, ("B", "three"): 60}) is None
    assert calibration_of({("A", "one"): 80, ("B", "one"): 70}) is None


def test_the_cut_off_is_clear_far_from_it_and_open_beside_it() -> None:
    scores = {"A": [90.0] * 4, "B": [80.5] * 4, "C": [79.5] * 4, "D": [60.0] * 4}

    chances = {each.number: each.chance for each in near_the_cut(scores, frozenset("AB"), 5.0)}

    assert chances["A"] < 0.001
    assert chances["D"] < 0.001
    assert 0.4 < chances["B"] < 0.45
    assert chances["B"] == pytest.approx(chances["C"])
    assert near_the_cut(scores, frozenset("ABCD"), 5.0) == []


def test_a_rank_is_as_sure_as_the_gap_beside_the_strays_of_a_mean() -> None:
    # Means 90, 80, 79 of four scores each; one mean strays by 5 ÷ 2, a difference by 3.54. Ten
    # points are 2.8 of those, sure; one point is 0.28, not sure.
    scores = {"A": [90.0] * 4, "B": [80.0] * 4, "C": [79.0] * 4}

    found = {one.number: (one.best, one.worst) for one in rank_ranges(scores, 5.0)}

    assert found == {"A": (1, 1), "B": (2, 3), "C": (2, 3)}
