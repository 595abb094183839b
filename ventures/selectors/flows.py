"""The approval flow of rounds, read from their own lifecycle table: steps, owners, time limits.

The picture (`flow_picture`) and its text for those who do not see it come from the same steps.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.lifecycle import Arrow
from accounts.models import Region
from ventures.lifecycles.rounds import ROUND
from ventures.models import Round, StepLimit
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.selectors.rounds import Words, as_it_was_ended

OWNERS: dict[object, Words] = {
    round_rules.is_round_officer: _("经办人"),
    round_rules.may_publish: pgettext_lazy("flow", "审核人"),
    round_rules.may_begin_review: _("经办人"),
    recusal_rules.may_tell_selection: _("经办人"),
    recusal_rules.may_decide: _("经办人，按会议决定"),
}
# The picture, in its own units.
WIDTH, BOX, STEP, TOP = 340, 46, 114, 8


@dataclass(frozen=True)
class FlowStep:
    """One arrow of the table as people read it."""

    verb: str
    label: Words
    owner: Words
    source: Words
    target: Words
    limit: StepLimit | None
    is_back: bool
    is_next: bool

    @property
    def limit_words(self) -> str:
        if self.limit is None:
            return ""
        return now_in_words("%(days)d 个工作日内") % {"days": self.limit.working_days}


@dataclass(frozen=True)
class Box:
    """A state in the picture."""

    label: Words
    y: int
    mark: str

    @property
    def middle(self) -> int:
        return self.y + BOX // 2 + 6


@dataclass(frozen=True)
class Line:
    """An arrow between two boxes: down the middle, or back up along the side."""

    step: FlowStep
    y1: int
    y2: int

    @property
    def words_y(self) -> int:
        """The first of three lines: what is done, by whom, within how many days."""
        return (self.y1 + self.y2) // 2 - 11

    @property
    def tip_y(self) -> int:
        return self.y2 - 7

    @property
    def back_path(self) -> str:
        """Out of the box's right side, up, and back in."""
        return f"M250 {self.y1} h34 v{self.y2 - self.y1} h-28"


@dataclass(frozen=True)
class Picture:
    height: int
    boxes: list[Box]
    downs: list[Line]
    backs: list[Line]


def limits_in_force(region: Region, day: date) -> dict[str, StepLimit]:
    """The limit of each step: the nearest place that has set one, its newest row."""
    found: dict[str, tuple[int, StepLimit]] = {}
    depth = {pk: place for place, pk in enumerate(region.lineage)}
    for limit in StepLimit.objects.filter(region__in=region.lineage, valid_from__lte=day).order_by(
        "valid_from", "id"
    ):
        place = depth[limit.region_id]
        if limit.verb not in found or place >= found[limit.verb][0]:
            found[limit.verb] = (place, limit)
    return {verb: limit for verb, (_place, limit) in found.items()}


def steps_with_limits() -> dict[str, str]:
    """The steps a place may set a limit for, by verb."""
    states = list(Round.State)
    return {
        arrow.verb: str(arrow.label)
        for arrow in ROUND
        if not _is_back(arrow, states) and arrow.target != Round.State.STOPPED
    }


def states_of(round: Round) -> list[Round.State]:
    """The way of a round to its list: the full proposals only where it is filed in two steps. That
    it may be ended on the way (`RoundStop`) is no step of it."""
    off = {Round.State.STOPPED} if round.has_concepts else {Round.State.STOPPED, Round.State.FULL}
    return [state for state in Round.State if state not in off]


def flow_of(round: Round, day: date) -> list[FlowStep]:
    """The arrows of the table in its order, the one to follow now marked."""
    limits = limits_in_force(round.region, day)
    state, states = shown_state(round), states_of(round)
    steps = []
    for arrow in ROUND:
        if arrow.target not in states:
            continue
        is_back = _is_back(arrow, states)
        source = _source(arrow, states)
        steps.append(
            FlowStep(
                verb=arrow.verb,
                label=arrow.label,
                owner=OWNERS[arrow.rule],
                source=source.label,
                target=Round.State(arrow.target).label,
                limit=None if is_back else limits.get(arrow.verb),
                is_back=is_back,
                is_next=not is_back and source == state and not round.is_stopped,
            )
        )
    return steps


def flow_picture(round: Round, steps: list[FlowStep]) -> Picture:
    """Where everything stands in the drawing, from top to bottom."""
    states = states_of(round)
    at = states.index(Round.State(shown_state(round)))
    here = "stopped" if round.is_stopped else "current"
    boxes = [
        Box(
            state.label,
            TOP + place * STEP,
            "done" if place < at else here if place == at else "todo",
        )
        for place, state in enumerate(states)
    ]
    y_of = {str(state.label): box.y for state, box in zip(states, boxes, strict=True)}
    downs = [
        Line(step, y_of[str(step.source)] + BOX, y_of[str(step.target)])
        for step in steps
        if not step.is_back
    ]
    backs = [
        Line(step, y_of[str(step.source)] + BOX // 2, y_of[str(step.target)] + BOX // 2)
        for step in steps
        if step.is_back and step.verb == "return_"
    ]
    return Picture(TOP * 2 + STEP * (len(states) - 1) + BOX, boxes, downs, backs)


def shown_state(round: Round) -> str:
    """The public hears of a decision with its notice: until then the mark stays on the review. Of
    a round that was ended, where it was then."""
    if round.is_stopped:
        return as_it_was_ended(round).state
    return Round.State.IN_REVIEW if round.state == Round.State.DECIDED else round.state


def _source(arrow: Arrow, states: list[Round.State]) -> Round.State:
    """Where it starts; of several places the last: review follows the full proposals."""
    return [state for state in states if state.value in arrow.sources][-1]


def _is_back(arrow: Arrow, states: list[Round.State]) -> bool:
    return states.index(Round.State(arrow.target)) < states.index(_source(arrow, states))
