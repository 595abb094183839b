"""What a score sheet says: as it is handed to the services, as it is stored, as it is kept.

Whether it may be written is decided in `services.reviews`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ventures.models import Review, ReviewVersion, Score
from ventures.reckoning.scores import score_hundredths
from ventures.rules.rubrics import criteria_for, total_halves


@dataclass(frozen=True)
class ItemContent:
    """What stands on the sheet for one criterion; None is not scored yet, never a zero."""

    criterion_id: int
    half_points: int | None
    comment: str = ""


@dataclass(frozen=True)
class CutContent:
    """What the reviewer would take off one budget line."""

    line_number: int
    line_name: str
    cut_fen: int
    reason: str


@dataclass(frozen=True)
class SheetContent:
    """A sheet as filled in so far."""

    items: tuple[ItemContent, ...] = ()
    cuts: tuple[CutContent, ...] = ()
    comment: str = ""
    notes: str = ""
    suggested_fen: int | None = None
    recommendation: str = ""


def stored_content(review: Review) -> SheetContent:
    """The same out of the database."""
    scores = {
        score.criterion_id: ItemContent(score.criterion_id, score.half_points, score.comment)
        for score in review.scores.all()
    }
    return SheetContent(
        items=tuple(
            scores.get(criterion.pk, ItemContent(criterion.pk, None))
            for criterion in criteria_for(review.assignment.proposal)
        ),
        cuts=tuple(
            CutContent(cut.line_number, cut.line_name, cut.cut_fen, cut.reason)
            for cut in review.cuts.all()
        ),
        comment=review.comment,
        notes=review.notes,
        suggested_fen=review.suggested_fen,
        recommendation=review.recommendation,
    )


def total_halves_of(review: Review) -> Fraction:
    """What the sheet adds up to so far, as the rubric counts, in half points."""
    halves = {score.criterion_id: score.half_points for score in review.scores.all()}
    return total_halves(review.assignment.proposal, halves)


def keep_version(review: Review, kind: str) -> ReviewVersion | None:
    """Keep what the sheet says now; the same words twice in a row are kept once."""
    content = _kept(review, list(review.scores.select_related("criterion")))
    last = review.versions.last()
    is_news = last is None or kind != ReviewVersion.Kind.SAVED or last.content != content
    if not is_news:
        return None
    return ReviewVersion.objects.create(
        review=review,
        number=last.number + 1 if last is not None else 1,
        kind=kind,
        content=content,
        total_hundredths=score_hundredths([total_halves_of(review)]),
    )


def _kept(review: Review, scores: Iterable[Score]) -> dict[str, object]:
    """In words and whole numbers that need no row to be read. Her own notes are not part of it."""
    return {
        "version": review.version_id,
        "items": [
            {
                "criterion": score.criterion.name,
                "half_points": score.half_points,
                "max_half_points": score.criterion.max_half_points,
                "comment": score.comment,
            }
            for score in scores
        ],
        "cuts": [
            {"line": cut.line_number, "name": cut.line_name, "fen": cut.cut_fen, "why": cut.reason}
            for cut in review.cuts.all()
        ],
        "comment": review.comment,
        "suggested_fen": review.suggested_fen,
        "recommendation": review.recommendation,
    }
