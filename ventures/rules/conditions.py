"""The strictest of what a round, its programme and the places above it ask. Pure."""

from collections.abc import Iterable

from ventures.models import Condition
from ventures.rules.applicants import Asked

Check = Condition.Check
ORDER = [str(check) for check in Check]
SMALLER_IS_STRICTER = (Check.CAP, Check.ONE_PROJECT)


def strictest(asked: Iterable[Asked]) -> list[Asked]:
    """One of each: what a programme or a higher place asks holds unless the lower asks for more."""
    kept: dict[tuple[str, str, int], Asked] = {}
    for one in asked:
        key = (one.check, one.applicant_kind, one.above_fen)
        kept[key] = _stricter(kept[key], one) if key in kept else one
    return sorted(kept.values(), key=lambda one: (ORDER.index(one.check), one.above_fen))


def _stricter(first: Asked, second: Asked) -> Asked:
    choose = min if first.check in SMALLER_IS_STRICTER else max
    figure = choose(first.figure, second.figure)
    if first.figure == second.figure:
        origins = tuple(dict.fromkeys((*first.origins, *second.origins)))
    else:
        origins = first.origins if figure == first.figure else second.origins
    both = tuple(kind for kind in first.kinds if kind in second.kinds)
    return Asked(
        check=first.check,
        applicant_kind=first.applicant_kind,
        figure=figure,
        kinds=both,
        above_fen=first.above_fen,
        is_hard=first.is_hard or second.is_hard,
        origins=origins,
    )
