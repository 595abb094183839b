"""Totals and scores in exact decimals, half up; the what-if; the relationship test; the record."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ventures.reckoning.award_record import (
    Fixed,
    canonical,
    difference,
    inputs_of,
    results_of,
    without,
)
from ventures.reckoning.award_walk import Entry, Terms
from ventures.reckoning.best_total import best_total_of
from ventures.reckoning.relationship import relationship_test
from ventures.reckoning.scores import Item, Way, full_marks, score_hundredths, total_of


def test_scores_are_exact_and_half_up():
    # 90, 80.5, 70, 60 points: the mean 75.125 goes up; the median of four is 75.25
    assert score_hundredths([180, 161, 140, 120]) == 75_13
    assert score_hundredths([180, 161, 140, 120], Way.MEDIAN) == 75_25
    assert score_hundredths([120, 180, 161], Way.MEDIAN) == 80_50
    # 17.5 of 20 at 30 %, 60 of 80 at 70 %: 26.25 + 52.5 = 78.75; a third item counts nothing
    items = [Item(40, 30), Item(160, 70), Item(20, is_outside_total=True)]
    assert total_of([35, 120, 20], items) == Fraction(315, 2)
    assert score_hundredths([total_of([35, 120, 20], items)]) == 78_75
    assert full_marks(items) == 200
    # a third of a point is not lost between sheets: 3 × 33.33… = 100 → mean 33.33
    third = total_of([1], [Item(3, 50)])
    assert score_hundredths([third] * 3) == score_hundredths([third])


entries = st.lists(
    st.tuples(st.integers(5_000, 9_900), st.integers(1, 30)), min_size=1, max_size=9
).map(lambda rows: [Entry(f"P{n}", score, yuan * 100) for n, (score, yuan) in enumerate(rows)])


@given(entries, st.integers(1, 90))
@settings(max_examples=60, deadline=None)
def test_the_what_if_is_the_best_of_all_subsets(given_entries, fund_yuan):
    fund = fund_yuan * 100

    best = best_total_of(given_entries, fund)

    tried = (
        sum(e.score_hundredths for e in some)
        for size in range(len(given_entries) + 1)
        for some in combinations(given_entries, size)
        if sum(e.asked_fen for e in some) <= fund
    )
    assert best.is_proven
    assert best.score_hundredths == max(tried)
    assert best.spent_fen <= fund


@given(entries, st.integers(1, 90), st.randoms())
@settings(max_examples=60, deadline=None)
def test_a_record_gives_the_same_list_byte_for_byte(given_entries, fund_yuan, chance):
    shuffled = list(given_entries)
    chance.shuffle(shuffled)
    fixed = [Fixed(given_entries[0].number, given_entries[0].asked_fen)]
    one = inputs_of(Terms(fund_yuan * 100), given_entries, fixed)
    other = inputs_of(Terms(fund_yuan * 100), shuffled, fixed)

    first, second = results_of(one), results_of(other)

    assert canonical(one) == canonical(other)
    assert canonical(first) == canonical(second)
    after = results_of(without(one, given_entries[0].number))
    changed = {each["number"]: each["after_fen"] for each in difference(first, after)}
    assert changed.get(given_entries[0].number, 0) == 0


def test_related_reviewers_who_give_ten_more_are_told_apart():
    scores = {f"P{n}": [Fraction(v) for v in (90, 80, 81, 79, 80)] for n in range(6)}
    related = {key: [True, False, False, False, False] for key in scores}

    test = relationship_test(scores, related, seed="r:1", shuffles=500)

    assert test is not None
    assert test == relationship_test(scores, related, seed="r:1", shuffles=500)
    assert test.difference == 8
    assert test.chance < Fraction(1, 20)
    nobody = dict.fromkeys(scores, [False] * 5)
    assert relationship_test(scores, nobody, seed="r:1") is None
