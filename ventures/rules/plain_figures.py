"""Figures as a person types them, without the marks that a page shows them with."""

from decimal import Decimal


def plain_yuan(fen: int) -> str:
    """Fen as a person types yuan: 720000 is 7200, 1250 is 12.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def plain_number(number: Decimal) -> str:
    """A number without zeros at its end."""
    return f"{number.normalize():f}"
