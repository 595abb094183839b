"""The figures of the published examples, to the digits they were published with."""

from fractions import Fraction

import pytest

from ventures.reckoning.reliability import (
    Scale,
    intraclass_correlations,
    kendall_w,
    krippendorff_alpha,
)

# Shrout & Fleiss 1979, table 2: six targets, four judges; table 4: their correlations.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
# Krippendorff 2011, section C: four observers, twelve units, gaps.
_ = None
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
KRIPPENDORFF = list(zip(*OBSERVERS, strict=True))
# The anxiety data of R's irr package: twenty people, three raters, many ties; Wt = 0.54.
ANXIETY = list(
    zip(
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
        strict=True,
    )
)


def test_six_intraclass_correlations_of_shrout_and_fleiss() -> None:
    found = intraclass_correlations(SHROUT_FLEISS)

    assert [
        round(float(figure), 2)
        for figure in (
            found.one_way or 0,
            found.two_way_random or 0,
            found.two_way_fixed or 0,
            found.mean_one_way or 0,
            found.mean_two_way_random or 0,
            found.mean_two_way_fixed or 0,
        )
    ] == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


@pytest.mark.parametrize(
    ("scale", "published"),
    [
        (Scale.NOMINAL, 0.7434),
        (Scale.ORDINAL, 0.8154),
        (Scale.INTERVAL, 0.8491),
        (Scale.RATIO, 0.7974),
    ],
)
def test_alpha_of_krippendorffs_example(scale: Scale, published: float) -> None:
    assert round(float(krippendorff_alpha(KRIPPENDORFF, scale) or 0), 4) == published


def test_kendalls_w_with_ties() -> None:
    w = kendall_w(ANXIETY)

    assert w is not None
    assert round(float(w), 2) == 0.54
    assert round(float(3 * 19 * w), 1) == 30.8


def test_rankings_that_agree_and_that_oppose() -> None:
    assert kendall_w([[1, 2], [2, 3], [3, 4]]) == 1
    assert kendall_w([[1, 3], [2, 2], [3, 1]]) == 0
    assert krippendorff_alpha([[1, 1], [2, 2]], Scale.INTERVAL) == 1
    assert intraclass_correlations([[1, 1], [2, 2]]).two_way_fixed == Fraction(1)


@pytest.mark.parametrize("table", [[], [[1, 2]], [[1], [2]], [[5, 5], [5, 5]]])
def test_what_cannot_be_said_is_not_said(table: list[list[int]]) -> None:
    assert kendall_w(table) is None
    assert intraclass_correlations(table).two_way_random is None
    assert krippendorff_alpha(table[:1], Scale.INTERVAL) in (None, Fraction(0))
