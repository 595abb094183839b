"""The timetable of a round as pages, calendars and the office read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import organisations_of
from accounts.working_days import add_working_days, is_working_day, working_days_between
from ventures.models import Extension, Peek, Proposal, Round, Stage, Track
from ventures.rules.schedule import Schedule, Span
from ventures.rules.timetable import Deadline, all_in_at, deadline_for, is_sealed, schedule_of
from ventures.selectors.rounds import tiers_within_cap

type Words = str | Promise

K = Stage.Kind
PRESETS = Path(__file__).resolve().parent.parent / "data" / "timetables.json"
DAY_BEGINS, DAY_ENDS = time(9, 0), time(17, 30)
PRESET_WORDS: dict[str, Words] = {
    "micro": _("微项目：议事会评议"),
    "small": _("小项目：五人评审会"),
    "key": _("重点项目：书面评审加路演答辩"),
}
STAGE_TEXTS: dict[str, Words] = {
    K.QUESTIONS: _("网上提问，答复对所有人公开"),
    K.SELECTION: _("从概要里选出入围的，结果一起告知"),
    K.SCREENING: _("看材料齐不齐、条件符不符合"),
    K.REVIEW: _("评委评分"),
    K.DEFENCE: _("申报方到场介绍、回答评委"),
    K.MEETING: _("会议集体决定立项"),
    K.NOTICE: _("公示拟立项名单，接受异议"),
    K.SIGNING: _("签订三方协议"),
}


# As it stands ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of the timetable: what, from when to when, where; and its bar, in percent."""

    kind: str
    label: Words
    text: Words
    begins_at: datetime
    ends_at: datetime
    place: str = ""
    left: str = "0%"
    width: str = "100%"
    is_now: bool = False
    is_over: bool = False
    # Two edges that are one instant, such as a closing.
    is_instant: bool = False


def timetable_of(round: Round, now: datetime) -> list[Entry]:
    """The call, the closings of single groups and the stages, in the order they begin."""
    entries = [
        *_filing_entries(round),
        *(
            Entry("track", one.track.name, _("这一组先截止"), round.opens_at, one.closes_at)
            for one in round.track_closings.select_related("track")
        ),
        *(
            Entry("phase", one.name, _("评审中的一个环节"), one.begins_at, one.ends_at)
            for one in round.review_phases.all()
        ),
        *(
            Entry(
                stage.kind,
                K(stage.kind).label,
                STAGE_TEXTS[stage.kind],
                stage.begins_at,
                stage.ends_at,
                stage.place,
            )
            for stage in round.stages.all()
        ),
    ]
    return with_bars(sorted(entries, key=lambda one: (one.begins_at, one.ends_at)), now)


def _filing_entries(round: Round) -> list[Entry]:
    """The call, in one step or in two."""
    if round.full_closes_at is None:
        words = _("网上填写、提交申报书")
        return [Entry("call", _("申报"), words, round.opens_at, round.closes_at)]
    chosen_at = [one.ends_at for one in round.stages.all() if one.kind == K.SELECTION]
    return [
        Entry(
            "call", _("交项目概要"), _("网上填写、提交项目概要"), round.opens_at, round.closes_at
        ),
        Entry(
            "full",
            _("交完整申报书"),
            _("概要入围的补充填写，网上提交"),
            max([round.closes_at, *chosen_at]),
            round.full_closes_at,
        ),
    ]


def with_bars(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """Each with the place of its bar between the first and the last instant of all."""
    first = min(one.begins_at for one in entries)
    whole = max(one.ends_at for one in entries) - first
    return [
        Entry(
            one.kind,
            one.label,
            one.text,
            one.begins_at,
            one.ends_at,
            one.place,
            left=_percent(min((one.begins_at - first) / whole, 0.985)),
            width=_percent(max((one.ends_at - one.begins_at) / whole, 0.015)),
            is_now=one.begins_at <= now < one.ends_at,
            is_over=one.ends_at <= now,
        )
        for one in entries
    ]


def now_on_line(entries: Sequence[Entry], now: datetime) -> str:
    """Where today stands on the picture, or nothing when it lies outside."""
    first, last = min(e.begins_at for e in entries), max(e.ends_at for e in entries)
    return _percent((now - first) / (last - first)) if first <= now <= last else ""


def _percent(part: float) -> str:
    return f"{part * 100:.2f}%"


# Where to start from ----------------------------------------------------------------------


@cache
def timetable_presets() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(PRESETS.read_text(encoding="utf-8"))["presets"])


def preset_for(round: Round) -> str:
    """The preset that fits the heaviest tier an application can fall into."""
    tiers = tiers_within_cap(round)
    heaviest = tiers[-1].upto_fen if tiers else round.cap_fen
    for preset in timetable_presets():
        if preset["upto_fen"] is None or heaviest <= preset["upto_fen"]:
            return str(preset["key"])
    return str(timetable_presets()[-1]["key"])


def preset_schedule(round: Round, key: str) -> Schedule:
    """The usual timetable around this round's own call, on working days."""
    now = schedule_of(round)
    stages = {}
    notice_ends: date | None = None
    for preset in timetable_presets():
        if preset["key"] != key:
            continue
        for stage in preset["stages"]:
            span = _usual_span(now, stage, notice_ends)
            stages[stage["kind"]] = span
            if stage["kind"] == K.NOTICE:
                notice_ends = timezone.localdate(span.ends_at)
    return Schedule(
        now.opens_at,
        now.closes_at,
        stages,
        now.tracks,
        now.grace_minutes,
        now.is_sealed,
        now.notice_working_days,
        now.full_closes_at,
    )


def _usual_span(plan: Schedule, stage: dict[str, Any], notice_ends: date | None) -> Span:
    closes_on = timezone.localdate(plan.all_in_at)
    if stage["kind"] == K.QUESTIONS:
        ends_at = _at(working_days_before(closes_on, -stage["ends"]), DAY_ENDS)
        latest = plan.opens_at + (plan.closes_at - plan.opens_at) / 2
        return Span(plan.opens_at, max(ends_at, latest))
    counted_from = notice_ends if stage["kind"] == K.SIGNING and notice_ends else closes_on
    begins_on = add_working_days(counted_from, stage["begins"])
    ends_on = (
        add_working_days(begins_on, plan.notice_working_days)
        if stage["kind"] == K.NOTICE
        else add_working_days(counted_from, stage["ends"])
    )
    return Span(_at(begins_on, DAY_BEGINS), _at(ends_on, DAY_ENDS))


def working_days_before(day: date, days: int) -> date:
    """The day `days` working days before; itself not counted."""
    while days:
        day -= timedelta(days=1)
        days -= is_working_day(day)
    return day


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def rest_days_of(plan: Schedule) -> list[str]:
    """Keys of dates that fall on a day offices do not work: allowed, but worth a look."""
    return [
        key
        for key, at in plan.dates().items()
        if key.endswith(("closes_at", "_ends")) or key.startswith("track_")
        if not is_working_day(timezone.localdate(at))
    ]


# The words of dates -----------------------------------------------------------------------


def label_of_date(key: str, tracks: Sequence[Track], *, two_steps: bool = False) -> Words:
    """What people call one date of the timetable; the close means the concepts' in two steps."""
    if key == "opens_at":
        return _("开始申报")
    if key == "closes_at":
        return _("概要截止") if two_steps else _("申报截止")
    if key == "full_closes_at":
        return _("完整申报书截止")
    if key.startswith("track_"):
        names = {f"track_{track.pk}": track.name for track in tracks}
        return _("%(track)s组截止") % {"track": names[key]}
    kind, _line, edge = key.rpartition("_")
    words = _("%(stage)s开始") if edge == "begins" else _("%(stage)s结束")
    return words % {"stage": K(kind).label}


# Exceptions -----------------------------------------------------------------------------


def extensions_of(round: Round) -> QuerySet[Extension]:
    """Who was given more time in the round, latest first."""
    return round.extensions.select_related("organisation", "initiator", "given_by", "used_by")


def running_extension_of(user: User, round: Round, now: datetime) -> Extension | None:
    """The extension this person, or her organisation, may still use here."""
    return (
        round.extensions.unused()
        .filter(
            Q(organisation__in=organisations_of(user)) | Q(initiator=user),
            is_for_full=round.takes_full,
            until__gt=now,
        )
        .select_related("organisation", "initiator")
        .first()
    )


def peeks_of(round: Round, now: datetime) -> list[Peek]:
    """Who looked before the close and why; known to those who run or audit it once it is open."""
    if is_sealed(round, now):
        return []
    return list(
        Peek.objects.filter(proposal__round=round).select_related(
            "peeked_by", "proposal__applicant", "proposal__initiator"
        )
    )


@dataclass(frozen=True)
class Term:
    """The time of one proposal, as its page shows it: until when, by what exception, who looked."""

    deadline: Deadline
    extension: Extension | None
    peeks: Sequence[Peek]
    is_sealed: bool
    unsealed_at: datetime


def term_of(proposal: Proposal, now: datetime) -> Term:
    """Asked of the applicant's own people, and of the office once it may open the proposal."""
    round = proposal.round
    return Term(
        deadline=deadline_for(proposal),
        extension=Extension.objects.of_proposal(proposal)
        .filter(taken_back_at__isnull=True)
        .select_related("given_by", "used_by")
        .first(),
        peeks=list(proposal.peeks.select_related("peeked_by")) if round.is_sealed else [],
        is_sealed=is_sealed(round, now),
        unsealed_at=all_in_at(round),
    )


def calendar_span(plan: Schedule) -> tuple[date, date]:
    """First and last day, for the warning where a year's holidays are not entered yet."""
    dates = plan.dates().values()
    return timezone.localdate(min(dates)), timezone.localdate(max(dates))


def distance_words(first: date, last: date) -> int:
    """Working days after the first day up to the last."""
    return working_days_between(first + timedelta(days=1), last)
