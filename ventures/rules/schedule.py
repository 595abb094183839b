"""Whether the dates of a round fit together, and what moves when one of them moves. Pure.

A date has a key: `opens_at`, `closes_at`, `full_closes_at` (of a round in two steps), `track_7`
(the closing of a group), `review_begins`, `review_ends`. Instants are compared to the second, as
they are typed and shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.working_days import add_working_days, working_days_between
from ventures.models import Stage

type Words = str | Promise
type Problems = dict[str, list[Words]]

K = Stage.Kind
# After the call these follow one another; each may be left out.
AFTER_THE_CALL = (K.SCREENING, K.REVIEW, K.DEFENCE, K.MEETING, K.NOTICE, K.SIGNING)


@dataclass(frozen=True)
class Span:
    """From when to when, and where."""

    begins_at: datetime
    ends_at: datetime
    place: str = ""


@dataclass(frozen=True)
class Schedule:
    """All dates of a round, as stored or as typed."""

    opens_at: datetime
    closes_at: datetime
    stages: Mapping[str, Span] = field(default_factory=dict)
    tracks: Mapping[int, datetime] = field(default_factory=dict)
    grace_minutes: int = 0
    is_sealed: bool = False
    notice_working_days: int = 0
    # In two steps: when the full proposals close, and whether they come in already.
    full_closes_at: datetime | None = None
    takes_full: bool = False

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)

    @property
    def first_in_at(self) -> datetime:
        """When nothing more comes in of the first step; of the only one where there is one."""
        return self.closes_at + self.grace

    @property
    def all_in_at(self) -> datetime:
        """When nothing more comes in by the ordinary way."""
        return (self.full_closes_at or self.closes_at) + self.grace

    @property
    def opened_at(self) -> datetime:
        """When the seal of the step it is in is broken."""
        return self.all_in_at if self.takes_full else self.first_in_at

    def dates(self) -> dict[str, datetime]:
        """Every date by its key, in the order they are read."""
        found = {"opens_at": self.opens_at, "closes_at": self.closes_at}
        found |= {f"track_{pk}": at for pk, at in self.tracks.items()}
        if self.full_closes_at is not None:
            found["full_closes_at"] = self.full_closes_at
        for kind in K.values:
            if span := self.stages.get(kind):
                found |= {f"{kind}_begins": span.begins_at, f"{kind}_ends": span.ends_at}
        return found

    def with_dates(self, dates: Mapping[str, datetime]) -> "Schedule":
        """The same with some dates replaced."""
        now = self.dates() | dict(dates)
        return replace(
            self,
            opens_at=now["opens_at"],
            closes_at=now["closes_at"],
            full_closes_at=now.get("full_closes_at"),
            tracks={pk: now[f"track_{pk}"] for pk in self.tracks},
            stages={
                kind: replace(span, begins_at=now[f"{kind}_begins"], ends_at=now[f"{kind}_ends"])
                for kind, span in self.stages.items()
            },
        )


@dataclass(frozen=True)
class Move:
    """One date that is not where it was."""

    key: str
    before: datetime
    after: datetime
    # The date it follows, and how many working days lie between the two; None: moved by itself.
    follows: str | None = None
    distance: int = 0


# What moves ---------------------------------------------------------------------------


def same(one: datetime, other: datetime) -> bool:
    return one.replace(microsecond=0) == other.replace(microsecond=0)


def moves_between(before: Schedule, after: Schedule) -> list[Move]:
    """The dates both have and that differ."""
    new = after.dates()
    return [
        Move(key, at, new[key])
        for key, at in before.dates().items()
        if key in new and not same(at, new[key])
    ]


def followers(before: Schedule, typed: Schedule, now: datetime) -> list[Move]:
    """What would have to move too, for the working days between two dates to stay as they were.

    A date that was not touched and lies ahead follows the last moved date before it; the end of
    the questions follows the close. Groups with a closing of their own keep it.
    """
    moved = {move.key: move for move in moves_between(before, typed)}
    found = []
    for key, at in typed.dates().items():
        if key in moved or key not in before.dates() or key.startswith("track_") or at <= now:
            continue
        anchor = _anchor(key, at, moved)
        if anchor is None:
            continue
        distance, after = _carried(at, anchor)
        if not same(at, after):
            found.append(Move(key, at, after, anchor.key, distance))
    return found


def _anchor(key: str, at: datetime, moved: Mapping[str, Move]) -> Move | None:
    if key in ("questions_begins", "opens_at", "closes_at"):
        return None
    if key == "questions_ends":
        return moved.get("closes_at")
    earlier = [
        move
        for move in moved.values()
        if move.before <= at and not move.key.startswith(("track_", "questions_"))
    ]
    return max(earlier, key=lambda move: move.before, default=None)


def _carried(at: datetime, anchor: Move) -> tuple[int, datetime]:
    """The same hour, as many working days from the moved date as from where it was."""
    local = timezone.localtime(at)
    was, now = timezone.localdate(anchor.before), timezone.localdate(anchor.after)
    if local.date() < was:  # counted backwards: the end of the questions
        days = (was - local.date()).days
        return -days, at + (anchor.after - anchor.before)
    distance = working_days_between(was + timedelta(days=1), local.date())
    if distance == 0:
        return 0, at + timedelta(days=(now - was).days)
    day = add_working_days(now, distance)
    return distance, timezone.make_aware(datetime.combine(day, local.time()))


# What does not fit ----------------------------------------------------------------------


def problems_of(plan: Schedule) -> Problems:
    """Beside each date, why it cannot stand there; empty when all fits."""
    found: Problems = defaultdict(list)
    for key, words in (*_of_the_call(plan), *_of_stages(plan)):
        found[key].append(words)
    return dict(found)


def _of_the_call(plan: Schedule) -> Iterator[tuple[str, Words]]:
    if plan.closes_at <= plan.opens_at:
        yield "closes_at", _("截止时间要晚于开始时间。")
    for pk, at in plan.tracks.items():
        if at <= plan.opens_at:
            yield f"track_{pk}", _("这一组的截止要晚于开始申报。")
        elif at > plan.closes_at:
            yield f"track_{pk}", _("这一组的截止不能晚于全轮截止；要更晚，请先把全轮截止往后移。")
    yield from _of_two_steps(plan)
    questions = plan.stages.get(K.QUESTIONS)
    if questions is not None:
        if questions.begins_at < plan.opens_at:
            yield "questions_begins", _("征集公告发布、开始申报以后才能提问。")
        if questions.ends_at > (plan.full_closes_at or plan.closes_at):
            yield "questions_ends", _("提问要在截止申报前结束，答复才来得及用上。")


def _of_two_steps(plan: Schedule) -> Iterator[tuple[str, Words]]:
    selection, full = plan.stages.get(K.SELECTION), plan.full_closes_at
    if full is None:
        if selection is not None:
            yield "selection_on", _("只有先交概要、再交完整申报书的，才有概要遴选。")
        return
    if full <= plan.first_in_at:
        yield "full_closes_at", _("完整申报书的截止要晚于概要的截止（含宽限）。")
    if selection is not None and selection.begins_at < plan.first_in_at:
        yield "selection_begins", _("概要截止（含宽限）以后才能开始遴选。")
    if selection is not None and selection.ends_at >= full:
        yield "selection_ends", _("遴选要在完整申报书截止前结束，入围的才有时间填写。")


def _of_stages(plan: Schedule) -> Iterator[tuple[str, Words]]:
    for kind, span in plan.stages.items():
        if span.ends_at <= span.begins_at:
            yield f"{kind}_ends", _("结束要晚于开始。")
    before: Span | None = None
    for kind in AFTER_THE_CALL:
        stage = plan.stages.get(kind)
        if stage is None:
            continue
        if kind == K.SCREENING:
            yield from _of_screening(plan, stage)
        elif stage.begins_at < plan.all_in_at:
            yield f"{kind}_begins", _("截止申报（含宽限）以后才能开始。")
        if before is not None and stage.begins_at < before.ends_at:
            yield f"{kind}_begins", _("要等上一个阶段结束才能开始，两个阶段的时间重叠了。")
        before = stage
    yield from _of_notice(plan)


def _of_screening(plan: Schedule, span: Span) -> Iterator[tuple[str, Words]]:
    """An open round may be screened as proposals come in; a sealed one after it is unsealed."""
    if plan.is_sealed and span.begins_at < plan.all_in_at:
        yield "screening_begins", _("本轮封存到截止，截止（含宽限）以后才能开始形式审查。")
    if span.ends_at <= plan.all_in_at:
        yield "screening_ends", _("截止（含宽限）以后才能结束，最后提交的也要审查。")


def _of_notice(plan: Schedule) -> Iterator[tuple[str, Words]]:
    span = plan.stages.get(K.NOTICE)
    if span is None or not plan.notice_working_days or span.ends_at <= span.begins_at:
        return
    # The day it is put up is not counted, as `services.notices` counts.
    first, last = timezone.localdate(span.begins_at), timezone.localdate(span.ends_at)
    if working_days_between(first + timedelta(days=1), last) < plan.notice_working_days:
        yield (
            "notice_ends",
            _("公示要满 %(days)d 个工作日（发布当天不算）。") % {"days": plan.notice_working_days},
        )


def only_later(before: Schedule, after: Schedule, now: datetime) -> Problems:
    """What a published timetable does not allow: taking time away that was promised, moving what
    has already happened, promising what has already passed."""
    found: Problems = defaultdict(list)
    new = after.dates()
    now_key = "full_closes_at" if before.takes_full else "closes_at"
    if before.is_sealed and before.opened_at <= now and new[now_key] > before.dates()[now_key]:
        found[now_key].append(_("本轮已经启封，不能再对所有人延长截止时间。"))
    if before.takes_full and not same(before.closes_at, after.closes_at):
        found["closes_at"].append(_("概要已经截止并公布了入围，不能再改。"))
    for key, at in before.dates().items():
        if key not in new:  # a group without a closing of its own closes with the round: later
            if key == "questions_ends" and at > now:
                found["questions_on"].append(_("已经公布可以提问，不能取消，只能往后移。"))
            continue
        if same(at, new[key]):
            continue
        if key == "opens_at":
            found[key].append(_("征集公告已经发布，开始时间不再改。"))
        elif _is_promised(key) and new[key] < at:
            found[key].append(_("已经公布的截止只能往后移，不能提前。"))
        elif at <= now and not _is_promised(key):
            found[key].append(_("这个时间已经过去，不能再改。"))
        elif new[key] <= now:
            found[key].append(_("新的时间要晚于现在。"))
    for pk, closes_at in after.tracks.items():
        if pk not in before.tracks and closes_at < before.closes_at:
            found[f"track_{pk}"].append(_("征集公告已经发布，不能再让一组比全轮先截止。"))
    return dict(found)


def _is_promised(key: str) -> bool:
    return key in ("closes_at", "full_closes_at", "questions_ends") or key.startswith("track_")
