"""综合得分: several parts become one score of a hundred, by stated shares. Exact, half up.

Each part is first written in points of a hundred, rounded to hundredths, as it is published; the
composite is the sum of those published figures by their shares, rounded once more. Whoever has the
published figures can add them up by hand.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

FULL = 100_00
# The logarithm of a decimal is rounded correctly to so many digits, the same on every machine.
EXACT = Context(prec=50)


def half_up(points: Fraction) -> int:
    """Points of a hundred, in hundredths."""
    return int((points * 100 * 2 + 1) // 2)


def of_full(halves: Fraction | int, full_halves: int) -> int:
    """So many half points of so many, as hundredths of a point of a hundred."""
    return half_up(Fraction(halves * 100) / full_halves)


def by_most(votes: int, most: int) -> int:
    """Whoever has the most has a hundred, the others in proportion; nobody voted: nought."""
    return half_up(Fraction(votes * 100, most)) if most else 0


def by_share(votes: int, turnout: int) -> int:
    """The percentage of those who took part that voted for it."""
    return half_up(Fraction(votes * 100, turnout)) if turnout else 0


def capped(fen: int, full_fen: int) -> int:
    """In proportion to the amount that brings a hundred, and no more than a hundred."""
    return half_up(Fraction(min(fen, full_fen) * 100, full_fen))


def logarithmic(fen: int, full_fen: int) -> int:
    """ln(1 + yuan) of the sum promised, against that of the amount that brings a hundred."""
    if fen >= full_fen:
        return FULL
    share = EXACT.divide(_log(fen), _log(full_fen))
    return int((share * FULL).quantize(Decimal(1), ROUND_HALF_UP))


def above(hundredths: int, most_points: int) -> int:
    """Points of a hundred as a bonus of at most so many points, in hundredths of a point."""
    return half_up(Fraction(hundredths * most_points, 100_00))


def _log(fen: int) -> Decimal:
    return EXACT.ln(Decimal(1) + Decimal(fen) / 100)


def composite(parts: Mapping[str, int], percents: Mapping[str, int]) -> int:
    """The parts by their shares, in hundredths of a point."""
    assert parts.keys() == percents.keys(), "every part has its share"
    total = sum(parts[name] * percents[name] for name in parts)
    return (2 * total + 100) // 200
