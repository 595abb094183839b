"""The geometry of charts: numbers in, plain shapes out.

Here stand the dataclasses a chart template draws. No HTML, no colours, no database: a view (or the chart tags
of ``kit``) hands over labels and values, and gets bars and points measured on a fixed grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

BAR_WIDTH = 600
BAR_HEIGHT = 20
BAR_GAP = 14
BAR_LABEL_HEIGHT = 24

CURVE_WIDTH = 640
CURVE_HEIGHT = 220
CURVE_LEFT = 8
CURVE_RIGHT = 8
CURVE_TOP = 16
CURVE_BOTTOM = 34

MOST_LABELS_ON_AXIS = 6


@dataclass(frozen=True)
class Bar:
    """One bar of a bar chart, with the words beside it."""

    label: str
    value: int
    y: int
    length: int
    tone: int = 0

    @property
    def bar_y(self) -> int:
        return self.y + BAR_LABEL_HEIGHT - 2

    @property
    def text_y(self) -> int:
        return self.y + BAR_LABEL_HEIGHT - 9


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, longest value filling the width."""

    bars: list[Bar]
    width: int
    height: int
    bar_height: int = BAR_HEIGHT


@dataclass(frozen=True)
class Point:
    """One measured moment of a curve."""

    label: str
    value: int
    x: float
    y: float
    anchor: str = "middle"
    is_labelled: bool = False


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
    """Measure bars from rows of (label, value) or (label, value, tone); a tone is one of the seven track colours."""
    largest = max((int(str(row[1])) for row in rows), default=0)
    step = BAR_LABEL_HEIGHT + BAR_HEIGHT + BAR_GAP
    bars = []
    for index, row in enumerate(rows):
        value = int(str(row[1]))
        length = round(BAR_WIDTH * max(value, 0) / largest) if largest > 0 else 0
        tone = int(str(row[2])) if len(row) > 2 else 0
        bars.append(
            Bar(
                str(row[0]),
                value,
                index * step,
                max(length, 2 if value > 0 else 0),
                tone,
            )
        )
    return BarChart(bars, BAR_WIDTH, max(len(rows) * step - BAR_GAP, 0))


def curve_of(rows: Sequence[Sequence[object]]) -> Curve:
    """Measure a curve from rows of (label, value), oldest first; zero is always on the grid."""
    values = [int(str(row[1])) for row in rows]
    if not values:
        return Curve([], "", "")
    steps = _round_steps(min(0, *values), max(0, *values))
    low, high = steps[0], steps[-1]
    if high == low:
        high = low + 1
    inner_width = CURVE_WIDTH - CURVE_LEFT - CURVE_RIGHT
    inner_height = CURVE_HEIGHT - CURVE_TOP - CURVE_BOTTOM

    def x_of(index: int) -> float:
        return round(
            CURVE_LEFT
            + inner_width * (index / (len(values) - 1) if len(values) > 1 else 0.5),
            1,
        )

    def y_of(value: int) -> float:
        return round(CURVE_TOP + inner_height * (high - value) / (high - low), 1)

    labelled = _spread(len(values))
    points = [
        Point(
            str(row[0]),
            value,
            x_of(index),
            y_of(value),
            _anchor(index, len(values)),
            index in labelled,
        )
        for index, (row, value) in enumerate(zip(rows, values, strict=True))
    ]
    line = "M" + " L".join(f"{point.x} {point.y}" for point in points)
    area = f"{line} L{points[-1].x} {y_of(0)} L{points[0].x} {y_of(0)} Z"
    return Curve(points, line, area, [Gridline(value, y_of(value)) for value in steps])


def _round_steps(low: int, high: int) -> list[int]:
    """Three to five round values that span low..high."""
    span = max(high - low, 1)
    step = 1
    while span / step > 4:
        for factor in (2, 5, 10):
            if span / (step * factor) <= 4:
                step *= factor
                break
        else:
            step *= 10
    first = (low // step) * step
    steps = [first]
    while steps[-1] < high:
        steps.append(steps[-1] + step)
    return steps


def _spread(count: int) -> set[int]:
    """Which points carry a label on the axis: first, last, and a few evenly between."""
    if count <= MOST_LABELS_ON_AXIS:
        return set(range(count))
    return {
        round(index * (count - 1) / (MOST_LABELS_ON_AXIS - 1))
        for index in range(MOST_LABELS_ON_AXIS)
    }


def _anchor(index: int, count: int) -> str:
    if count == 1:
        return "middle"
    return "start" if index == 0 else "end" if index == count - 1 else "middle"
