"""A reviewer's evening as a list: all her rounds, how far she is, what comes next.

Every question starts from `Assignment.objects.visible_to`; what a proposal is called for her is
asked of `selectors.blinding`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from ventures.models import Assignment, Panel, PanelMember, Review, Track
from ventures.rules.review_rights import MEETING, Rights
from ventures.rules.rubrics import total_halves
from ventures.selectors.blinding import Shown, rights_of_rounds, shown_to_reviewers
from ventures.selectors.review_phases import Words, words_of

UNSCORED, DONE = "todo", "done"


@dataclass(frozen=True)
class Narrowing:
    """What of the list is looked at: one round, one group, only what is left or what is done."""

    round: str = ""
    track: str = ""
    state: str = ""

    @property
    def query(self) -> str:
        """As it stands in an address."""
        said = {"round": self.round, "track": self.track, "state": self.state}
        return "&".join(f"{name}={value}" for name, value in said.items() if value)

    def takes(self, line: "QueueLine") -> bool:
        return (
            self.round in ("", line.member.panel.round.code)
            and self.track in ("", line.track_code)
            and (not self.state or line.is_done == (self.state == DONE))
        )


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list, and how many it leaves."""

    label: str
    query: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class QueueLine:
    """One proposal in a reviewer's list."""

    assignment: Assignment
    member: PanelMember
    review: Review | None
    total_half_points: Fraction | None
    shown: Shown

    @property
    def state(self) -> str:
        return self.review.state if self.review else ""

    @property
    def is_done(self) -> bool:
        return self.state in (Review.State.SUBMITTED, Review.State.ABSTAINED)

    @property
    def waits(self) -> bool:
        """Left to do, and its panel still takes sheets."""
        return not self.is_done and self.member.panel.state == Panel.State.OPEN

    @property
    def can_begin(self) -> bool:
        """It waits for her, and not for the office's anonymous copy."""
        return self.waits and self.shown.is_ready and bool(self.member.committed_at)

    @property
    def track_code(self) -> str:
        track = self.assignment.proposal.track
        return track.code if track else ""


@dataclass(frozen=True)
class Queue:
    """Her work in one round."""

    member: PanelMember
    lines: tuple[QueueLine, ...]
    recused: int
    shown_lines: tuple[QueueLine, ...] = ()
    # What the phase that runs allows; no words without phases.
    rights: Rights = MEETING
    phase_words: tuple[Words, ...] = ()

    @property
    def panel(self) -> Panel:
        return self.member.panel

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def next_line(self) -> QueueLine | None:
        return next((line for line in self.lines if not line.is_done), None)


@dataclass(frozen=True)
class Evening:
    """All of it: every round she sits in, those that take sheets first."""

    queues: tuple[Queue, ...]
    narrowing: Narrowing

    @cached_property
    def lines(self) -> tuple[QueueLine, ...]:
        return tuple(line for queue in self.queues for line in queue.lines)

    @property
    def open_lines(self) -> list[QueueLine]:
        """Of the rounds that take sheets now, signed for."""
        return [
            line
            for line in self.lines
            if line.member.panel.state == Panel.State.OPEN and line.member.committed_at
        ]

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.open_lines)

    @property
    def left(self) -> int:
        """What still waits, signed for or not yet."""
        return sum(line.waits for line in self.lines)

    @property
    def recused(self) -> int:
        """Proposals she stepped aside from herself; what was kept from her is not counted."""
        return sum(queue.recused for queue in self.queues if queue.panel.state == Panel.State.OPEN)

    @property
    def tracks(self) -> list[Track]:
        found = {
            line.assignment.proposal.track
            for line in self.lines
            if line.assignment.proposal.track is not None
        }
        return sorted(found, key=lambda track: track.position)

    @property
    def next_line(self) -> QueueLine | None:
        """What to go on with: of what is looked at, else of all."""
        waiting = [line for line in self.open_lines if line.can_begin]
        return next((one for one in waiting if self.narrowing.takes(one)), None) or next(
            iter(waiting), None
        )

    @property
    def has_begun(self) -> bool:
        return any(line.review is not None for line in self.lines)

    @property
    def filters(self) -> list[list[Filter]]:
        """The ways to narrow the list, as links: by state, by round, by group; none of one only."""
        states = [("", _("全部")), (UNSCORED, _("还没评")), (DONE, _("已评"))]
        rounds = [(one.panel.round.code, one.panel.round.name) for one in self.queues if one.lines]
        tracks = [(one.code, one.name) for one in self.tracks]
        all_rounds, all_tracks = ("", _("全部轮次")), ("", _("全部人群"))
        found = [self._filter("state", states)]
        if len(rounds) > 1:
            found.append(self._filter("round", [all_rounds, *rounds]))
        if len(tracks) > 1:
            found.append(self._filter("track", [all_tracks, *tracks]))
        return found

    def _filter(self, name: str, choices: Sequence[tuple[str, str]]) -> list[Filter]:
        filters = []
        for value, label in choices:
            narrowed = replace(self.narrowing, **{name: value})
            count = sum(narrowed.takes(line) for line in self.lines)
            is_current = getattr(self.narrowing, name) == value
            filters.append(Filter(label, narrowed.query, count, is_current))
        return filters

    @property
    def has_shown(self) -> bool:
        return any(queue.shown_lines for queue in self.queues)

    def line_of(self, assignment: int) -> QueueLine:
        return next(line for line in self.lines if line.assignment.pk == assignment)

    def before(self, assignment: int) -> QueueLine | None:
        place = self._place(assignment)
        return next((one for one in reversed(self.lines[:place]) if self._goes(one)), None)

    def after(self, assignment: int) -> QueueLine | None:
        place = self._place(assignment)
        return next((one for one in self.lines[place + 1 :] if self._goes(one)), None)

    def next_waiting(self, assignment: int) -> QueueLine | None:
        """What is to be scored next: further down first, then from the top."""
        place = self._place(assignment)
        around = [*self.lines[place + 1 :], *self.lines[:place]]
        waiting = [one for one in around if one.can_begin]
        return next((one for one in waiting if self.narrowing.takes(one)), None) or next(
            iter(waiting), None
        )

    def _goes(self, line: QueueLine) -> bool:
        return bool(line.member.committed_at) and self.narrowing.takes(line)

    def _place(self, assignment: int) -> int:
        return next(
            place for place, one in enumerate(self.lines) if one.assignment.pk == assignment
        )


def evening_of(user: User, narrowing: Narrowing | None = None) -> Evening:
    """Her rounds, those with something left first by their close, then other open ones; each with
    its proposals in their number's order.

    A few questions, however many rounds and proposals there are.
    """
    narrowing = narrowing or Narrowing()
    members = list(
        PanelMember.objects.filter(reviewer=user)
        .select_related("panel__round__region", "panel__round__rubric", "reviewer")
        .prefetch_related("panel__round__rubric__criteria")
        .order_by("panel__closed_at", "panel__due_at", "-pk")
    )
    lines = _lines_by_member(user, {member.pk: member for member in members})
    members.sort(
        key=lambda member: (
            member.panel.state == Panel.State.CLOSED,
            not any(line.waits for line in lines.get(member.pk, ())),
        )
    )
    recused = _recused(members)
    rights = rights_of_rounds({member.panel.round_id for member in members})
    return Evening(
        tuple(
            Queue(
                member,
                tuple(lines.get(member.pk, ())),
                recused.get(member.pk, 0),
                tuple(line for line in lines.get(member.pk, ()) if narrowing.takes(line)),
                rights[member.panel.round_id],
                _phase_words(rights[member.panel.round_id]),
            )
            for member in members
        ),
        narrowing,
    )


def assignments_shown(user: User) -> QuerySet[Assignment]:
    """The reviewer's own assignments with what a list shows of them."""
    return (
        Assignment.objects.visible_to(user)
        .select_related("proposal__applicant", "proposal__host", "proposal__track", "review")
        .prefetch_related("review__scores")
        .order_by("proposal__code")
    )


def _lines_by_member(user: User, members: Mapping[int, PanelMember]) -> dict[int, list[QueueLine]]:
    found = [one for one in assignments_shown(user) if one.member_id in members]
    shown = shown_to_reviewers([one.proposal for one in found])
    lines: dict[int, list[QueueLine]] = {}
    for assignment in sorted(found, key=lambda one: shown[one.proposal_id].place):
        member = members[assignment.member_id]
        assignment.proposal.round = member.panel.round
        review = getattr(assignment, "review", None)
        lines.setdefault(member.pk, []).append(
            QueueLine(
                assignment,
                member,
                review,
                _total(assignment, review),
                shown[assignment.proposal_id],
            )
        )
    return lines


def _total(assignment: Assignment, review: Review | None) -> Fraction | None:
    if review is None:
        return None
    halves = {score.criterion_id: score.half_points for score in review.scores.all()}
    if all(value is None for value in halves.values()):
        return None
    return total_halves(assignment.proposal, halves)


def _recused(members: Sequence[PanelMember]) -> dict[int, int]:
    """How many she stepped aside from herself, by seat."""
    counts: dict[int, int] = {}
    stepped_aside = Assignment.objects.filter(
        member__in=members, state=Assignment.State.RECUSED, recusal__isnull=False
    )
    for member in stepped_aside.values_list("member", flat=True):
        counts[member] = counts.get(member, 0) + 1
    return counts


def _phase_words(rights: Rights) -> tuple[Words, ...]:
    return tuple(words_of(rights.phase)) if rights.phase is not None else ()
