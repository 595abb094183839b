"""The geometry of charts: numbers in, plain shapes out.

Here stand the dataclasses a chart template draws. No HTML, no colours, no database: a view (or
the chart tags of ``kit``) hands over labels and values, and gets bars and points on a fixed grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

BAR_WIDTH = 1000
MOST_THIN = 6  # a value above zero is always seen

CURVE_WIDTH = 640
CURVE_HEIGHT = 270
CURVE_LEFT = 72  # room for the words of the gridlines
CURVE_RIGHT = 8
CURVE_TOP = 16
CURVE_BOTTOM = 34

MOST_LABELS_ON_AXIS = 6
LETTER_WIDTH = 13  # of a Chinese character on the axis; a Latin letter takes half
FEWEST_LABELS_ON_AXIS = 2


@dataclass(frozen=True)
class Bar:
    """One bar of a bar chart, with the words beside it."""

    label: str
    value: int
    length: int
    tone: int = 0


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, the longest filling the width."""

    bars: list[Bar]
    width: int = BAR_WIDTH


@dataclass(frozen=True)
class Point:
    """One measured moment of a curve."""

    label: str
    value: int
    x: float
    y: float
    anchor: str = "middle"
    is_labelled: bool = False
    is_sparse: bool = False  # labelled even where there is little room


@dataclass(frozen=True)
class Gridline:
    """A horizontal line at a round value."""

    value: int
    y: float


@dataclass(frozen=True)
class Curve:
    """A line through points, the area under it, and the grid behind it."""

    points: list[Point]
    line: str
    area: str
    gridlines: list[Gridline] = field(default_factory=list)
    width: int = CURVE_WIDTH
    height: int = CURVE_HEIGHT
    axis_y: float = CURVE_HEIGHT - 10

    @property
    def last(self) -> Point | None:
        return self.points[-1] if self.points else None


def bars_of(rows: Sequence[Sequence[object]]) -> BarChart:
    """Measure bars from rows of (label, value) or (label, value, tone); tones are track colours."""
    largest = max((int(str(row[1])) for row in rows), default=0)
    bars = []
    for row in rows:
        value = int(str(row[1]))
        length = round(BAR_WIDTH * max(value, 0) / largest) if largest > 0 else 0
        shown = max(length, MOST_THIN) if value > 0 else 0
        bars.append(Bar(str(row[0]), value, shown, int(str(row[2])) if len(row) > 2 else 0))
    return BarChart(bars)


def curve_of(rows: Sequence[Sequence[object]], grain: int = 1) -> Curve:
    """Measure a curve from rows of (label, value), oldest first; zero is always on the grid.

    ``grain`` is what gridlines are whole multiples of: 60 for minutes, 100 for fen.
    """
    values = [int(str(row[1])) for row in rows]
    if not values:
        return Curve([], "", "")
    steps = _round_steps(min(0, *values), max(0, *values), grain)
    low, high = steps[0], steps[-1]
    if high == low:
        high = low + 1
    inner_width = CURVE_WIDTH - CURVE_LEFT - CURVE_RIGHT
    inner_height = CURVE_HEIGHT - CURVE_TOP - CURVE_BOTTOM

    def x_of(index: int) -> float:
        return round(
            CURVE_LEFT + inner_width * (index / (len(values) - 1) if len(values) > 1 else 0.5),
            1,
        )

    def y_of(value: int) -> float:
        return round(CURVE_TOP + inner_height * (high - value) / (high - low), 1)

    labelled = _spread(len(values), _labels_that_fit([str(row[0]) for row in rows]))
    sparse = _spread(len(values), FEWEST_LABELS_ON_AXIS)
    points = [
        Point(
            str(row[0]),
            value,
            x_of(index),
            y_of(value),
            _anchor(index, len(values)),
            index in labelled,
            index in sparse,
        )
        for index, (row, value) in enumerate(zip(rows, values, strict=True))
    ]
    line = "M" + " L".join(f"{point.x} {point.y}" for point in points)
    area = f"{line} L{points[-1].x} {y_of(0)} L{points[0].x} {y_of(0)} Z"
    return Curve(points, line, area, [Gridline(value, y_of(value)) for value in steps])


def _round_steps(low: int, high: int, grain: int) -> list[int]:
    """Three to five round values that span low..high."""
    span = max(high - low, grain)
    power = 1
    while span > 4 * grain * power * 10:
        power *= 10
    step = next(
        grain * power * factor for factor in (1, 2, 5, 10) if span <= 4 * grain * power * factor
    )
    first = (low // step) * step
    steps = [first]
    while steps[-1] < high:
        steps.append(steps[-1] + step)
    return steps


def _labels_that_fit(labels: Sequence[str]) -> int:
    """How many labels stand beside each other without touching."""
    widest = max(sum(1 if ord(letter) > 255 else 0.6 for letter in label) for label in labels)
    return max(
        2, min(MOST_LABELS_ON_AXIS, int((CURVE_WIDTH - CURVE_LEFT) / ((widest + 2) * LETTER_WIDTH)))
    )


def _spread(count: int, most: int) -> set[int]:
    """Which points carry a label on the axis: first, last, and a few evenly between."""
    if count <= most:
        return set(range(count))
    return {round(index * (count - 1) / (most - 1)) for index in range(most)}


def _anchor(index: int, count: int) -> str:
    if count == 1:
        return "middle"
    return "start" if index == 0 else "end" if index == count - 1 else "middle"
