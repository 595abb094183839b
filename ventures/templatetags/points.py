"""Points as they are written: half points, means in hundredths, ranks, frozen days."""

from datetime import date, datetime
from fractions import Fraction

from django import template

from ventures.selectors.aggregation import total_shown
from ventures.selectors.papers import cell_words, rank_words
from ventures.selectors.rankings import Cell, Row
from ventures.selectors.reviews import hundredths_shown

register = template.Library()


@register.filter
def points(half_points: int | Fraction | None) -> str:
    """Half points as points: 35 is 17.5; none is a dash; a weighted total to hundredths."""
    return "—" if half_points is None else total_shown(half_points)


@register.filter
def mean_points(hundredths: int | None) -> str:
    """A mean on the paper: 8417 is 84.17."""
    return hundredths_shown(hundredths)


@register.filter
def cell(value: Cell) -> str:
    return cell_words(value)


@register.filter
def rank(row: Row) -> str:
    return rank_words(row)


@register.filter
def as_day(text: str) -> date:
    """A day out of a frozen text."""
    return date.fromisoformat(text)


@register.filter
def as_instant(text: str) -> datetime:
    """An instant out of a frozen text."""
    return datetime.fromisoformat(text)


@register.filter
def quantity(hundredths: int) -> str:
    """A quantity kept in hundredths: 2000 is 20, 250 is 2.5."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
