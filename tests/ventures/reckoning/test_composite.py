"""Parts become one score: values worked out by hand."""

import pytest

from ventures.reckoning.composite import (
    by_most,
    by_share,
    capped,
    composite,
    logarithmic,
    of_full,
)


def test_every_part_is_half_up_to_hundredths():
    assert of_full(169, 200) == 84_50
    assert of_full(1, 3 * 200) == 17  # 0.1666… of a hundred
    assert by_most(1, 3) == 33_33
    assert by_most(2, 3) == 66_67
    assert by_most(0, 0) == 0
    assert by_share(1, 8) == 12_50
    assert by_share(1, 6) == 16_67
    assert capped(123_456, 1_000_000) == 12_35  # 12.3456
    assert capped(2_000_000, 1_000_000) == 100_00


@pytest.mark.parametrize(
    ("fen", "points"),
    [(0, 0), (1_000_000, 100_00), (5_000_000, 100_00), (100_000, 75_01), (9_900, 50_00)],
)
def test_logarithm_of_what_is_promised(fen: int, points: int):
    """ln(1 + yuan) against ln(1 + 10,000): 1,000 yuan are 75.01, 99 yuan are 50.00 of a hundred."""
    assert logarithmic(fen, 1_000_000) == points


def test_sum_is_of_the_published_figures():
    parts = {"paper": 84_17, "defence": 90_05, "vote": 66_67, "pledge": 0}
    shares = {"paper": 50, "defence": 30, "vote": 10, "pledge": 10}

    # 42.085 + 27.015 + 6.667 + 0 = 75.767
    assert composite(parts, shares) == 75_77
    assert composite({"paper": 84_15, "vote": 0}, {"paper": 50, "vote": 50}) == 42_08  # 42.075
