"""The ranking's arithmetic, by examples worked by hand and by properties."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ventures.reckoning.standings import (
    Candidate,
    Mark,
    Sheet,
    mean_hundredths,
    standings,
)

FIVE, TWENTY_POINTS = 5, 40


def candidate(number, *totals, items=None, requested_fen=10_000_00, suggested=()):
    """One sheet a seat; each total in points, in one item unless `items` says otherwise."""
    sheets = tuple(
        Sheet(
            seat=seat,
            item_halves=items[seat - 1] if items else (round(total * 2),),
            suggested_fen=suggested[seat - 1] if suggested else 0,
        )
        for seat, total in enumerate(totals, start=1)
    )
    return Candidate(number=number, sheets=sheets, requested_fen=requested_fen)


def ranked(*candidates, drop_from=FIVE):
    return standings(candidates, drop_from=drop_from, wide_halves=TWENTY_POINTS)


def test_five_reviews_lose_one_highest_and_one_lowest():
    # 92.5, 88, 85.5, 79, 60: without 92.5 and 60 it is (88 + 85.5 + 79) / 3 = 84.1666… → 84.17
    (standing,) = ranked(candidate("A", 92.5, 88, 85.5, 79, 60))

    assert standing.score_hundredths == 84_17
    assert [standing.mark_of(seat) for seat in range(1, 6)] == [
        Mark.HIGHEST,
        Mark.COUNTED,
        Mark.COUNTED,
        Mark.COUNTED,
        Mark.LOWEST,
    ]
    assert standing.spread_halves == 65
    assert standing.is_wide


def test_four_reviews_all_count():
    # (90 + 80.5 + 70 + 60) / 4 = 75.125 → 75.13, half up
    (standing,) = ranked(candidate("A", 90, 80.5, 70, 60))

    assert standing.score_hundredths == 75_13
    assert standing.highest_seat is None
    assert standing.lowest_seat is None


def test_equal_totals_drop_two_different_sheets():
    (standing,) = ranked(candidate("A", 80, 80, 80, 80, 80))

    assert (standing.highest_seat, standing.lowest_seat) == (1, 5)
    assert standing.score_hundredths == 80_00
    assert standing.spread_halves == 0


def test_two_equal_highest_totals_lose_only_one():
    # 90, 90, 80, 70, 70: 90 + 80 + 70 = 240 / 3 = 80.00
    (standing,) = ranked(candidate("A", 90, 90, 80, 70, 70))

    assert standing.score_hundredths == 80_00
    assert (standing.highest_seat, standing.lowest_seat) == (1, 5)


def test_a_panel_may_keep_every_score():
    (standing,) = ranked(candidate("A", 100, 50, 50, 50, 50), drop_from=99)

    assert standing.score_hundredths == 60_00


def test_equal_scores_are_told_apart_by_the_first_criterion_then_the_second():
    first = candidate("C", 80, 80, items=[(40, 60, 60), (40, 60, 60)])
    second = candidate("B", 80, 80, items=[(38, 64, 58), (38, 64, 58)])
    third = candidate("A", 80, 80, items=[(38, 62, 60), (38, 62, 60)])

    result = ranked(third, second, first)

    assert [(s.candidate.number, s.rank, s.shares_rank) for s in result] == [
        ("C", 1, False),
        ("B", 2, False),
        ("A", 3, False),
    ]


def test_equal_in_everything_shares_the_rank_and_the_next_is_skipped():
    result = ranked(
        candidate("C", 70, 70), candidate("B", 80, 80), candidate("A", 80, 80), candidate("D", 90)
    )

    assert [(s.candidate.number, s.rank, s.shares_rank) for s in result] == [
        ("D", 1, False),
        ("A", 2, True),
        ("B", 2, True),
        ("C", 4, False),
    ]


def test_a_proposal_nobody_scored_has_no_rank_and_stands_last():
    unscored = Candidate(number="A", waits_for=(1, 2))

    result = ranked(unscored, candidate("B", 10))

    assert [(s.candidate.number, s.rank) for s in result] == [("B", 1), ("A", None)]
    assert result[1].is_incomplete
    assert result[1].score_hundredths is None


def test_an_abstention_is_no_zero():
    # Four sheets and one abstention: four count, nothing is dropped.
    (standing,) = ranked(candidate("A", 80, 80, 80, 40))

    assert standing.score_hundredths == 70_00


def test_a_spread_of_twenty_points_is_wide_and_less_is_not():
    assert ranked(candidate("A", 90, 70))[0].is_wide
    assert not ranked(candidate("A", 90, 70.5))[0].is_wide


def test_suggested_amount_is_the_mean_of_what_counts_in_whole_yuan():
    # Dropped: 100 (seat 1) and 10 (seat 5). Left: 9,000, 8,000.50 and 8,000 yuan → 8,333 yuan.
    (standing,) = ranked(
        candidate("A", 100, 80, 70, 60, 10, suggested=(1, 9_000_00, 8_000_50, 8_000_00, 10_000_00))
    )

    assert standing.suggested_fen == 8_333_00


totals = st.integers(0, 200)
sheets_of_a_proposal = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=9)
proposals = st.lists(sheets_of_a_proposal, max_size=8)


def built(rows):
    return [
        Candidate(
            number=f"{index:03}",
            sheets=tuple(Sheet(seat, items) for seat, items in enumerate(row, start=1)),
            requested_fen=1_000_00,
        )
        for index, row in enumerate(rows)
    ]


@given(proposals, st.randoms())
def test_order_does_not_depend_on_the_order_they_come_in(rows, random):
    candidates = built(rows)
    shuffled = list(candidates)
    random.shuffle(shuffled)

    assert ranked(*candidates) == ranked(*shuffled)


@given(proposals)
def test_ranks_follow_scores_and_only_equals_share(rows):
    result = [s for s in ranked(*built(rows)) if s.rank is not None]

    for before, after in pairwise(result):
        assert before.score_hundredths >= after.score_hundredths
        assert (before.rank == after.rank) == (
            (before.score_hundredths, before.item_means)
            == (after.score_hundredths, after.item_means)
        )
    for standing in result:
        better = [s for s in result if s.rank < standing.rank]
        assert standing.rank == len(better) + 1


@given(st.lists(totals, min_size=1, max_size=15))
def test_mean_is_the_true_mean_rounded_half_up(halves):
    exact = Fraction(sum(halves), 2 * len(halves)) * 100

    assert Fraction(-1, 2) <= exact - mean_hundredths(halves) < Fraction(1, 2)
    assert min(halves) * 50 <= mean_hundredths(halves) <= max(halves) * 50


@given(st.lists(totals, min_size=5, max_size=9), st.integers(1, 60))
def test_one_reviewer_raising_the_highest_score_changes_nothing(halves, more):
    top = halves.index(max(halves))
    raised = [h + more if i == top else h for i, h in enumerate(halves)]

    before, after = (
        ranked(Candidate("A", tuple(Sheet(i, (h,)) for i, h in enumerate(row, 1))))[0]
        for row in (halves, raised)
    )

    assert before.score_hundredths == after.score_hundredths
