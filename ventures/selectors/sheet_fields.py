"""What stands on a score sheet, by the names its form's fields have."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ventures.models import Review
from ventures.selectors.reviews import half_points_shown


def stored_values(review: Review) -> dict[str, Any]:
    """As the form's fields hold them."""
    stored: dict[str, Any] = {
        "comment": review.comment,
        "notes": review.notes,
        "recommendation": review.recommendation,
        "suggested": yuan_plain(review.suggested_fen),
    }
    for score in review.scores.all():
        stored[f"score_{score.criterion_id}"] = score.half_points
        stored[f"why_{score.criterion_id}"] = score.comment
    for cut in review.cuts.all():
        stored[f"cut_{cut.line_number}"] = yuan_plain(cut.cut_fen)
        stored[f"cut_why_{cut.line_number}"] = cut.reason
    return stored


def content_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a sheet kept as plain values (`models.paper_sheets`)."""
    values: dict[str, Any] = {
        "comment": content["comment"],
        "recommendation": content["recommendation"],
        "suggested": yuan_plain(content["suggested_fen"]),
    }
    for item in content["items"]:
        values[f"score_{item['criterion_id']}"] = item["half_points"]
        values[f"why_{item['criterion_id']}"] = item["comment"]
    for cut in content["cuts"]:
        values[f"cut_{cut['line_number']}"] = yuan_plain(cut["cut_fen"])
        values[f"cut_why_{cut['line_number']}"] = cut["reason"]
    return values


def typed_values(review: Review) -> dict[str, str]:
    """As somebody would have typed them, for a page that holds other words."""
    return {name: _typed(name, value) for name, value in stored_values(review).items()}


def yuan_plain(fen: int | None) -> Decimal | None:
    """Fen as the yuan people type: 5000 is 50, 5050 is 50.50."""
    if fen is None:
        return None
    return Decimal(fen).scaleb(-2) if fen % 100 else Decimal(fen // 100)


def _typed(name: str, value: Any) -> str:
    if value is None:
        return ""
    return half_points_shown(value) if name.startswith("score_") else str(value)
