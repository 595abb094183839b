"""How a round that was ended says so, and what waits to be agreed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.kit import moment
from ventures.models import Round, RoundStop
from ventures.models.rounds import UNPUBLISHED
from ventures.rules import round_stops as rules
from ventures.rules.rounds import is_round_officer
from ventures.rules.timetable import last_deadline


@dataclass(frozen=True)
class Ended:
    """What everybody reads of a round that was ended: why, since when, what comes next."""

    title: str
    reason: str
    next_words: str
    at: datetime
    again: Round | None

    @property
    def lines(self) -> list[str]:
        return [one for one in (self.reason, self.next_words) if one]


def ended_of(round: Round) -> Ended | None:
    """None for every round that was not ended."""
    if not round.is_stopped:
        return None
    stop = round.stops.get(state=RoundStop.State.AGREED)
    assert stop.decided_at is not None, "round_stop_decided_by_somebody"
    words = {
        RoundStop.Cause.NOBODY.value: _("本轮流标：没有人申报"),
        RoundStop.Cause.TOO_FEW.value: _("本轮流标：有效申报太少"),
        RoundStop.Cause.OTHER.value: _("本轮征集已终止"),
    }
    return Ended(
        title=words[stop.cause],
        reason=stop.reason,
        next_words=stop.next_words,
        at=stop.decided_at,
        again=call_again_of(round),
    )


def call_again_of(round: Round) -> Round | None:
    """The published round that repeats one that was ended."""
    return round.copies.exclude(state__in=UNPUBLISHED).order_by("-pk").first()


def ended_for_machines(round: Round) -> dict[str, Any] | None:
    ended = ended_of(round)
    if ended is None:
        return None
    return {
        "at": ended.at.astimezone().isoformat(),
        "cause": round.stops.get(state=RoundStop.State.AGREED).cause,
        "title": ended.title,
        "reason": ended.reason,
        "next": ended.next_words or None,
        "again": ended.again.code if ended.again else None,
    }


def ended_on_paper(ended: Ended) -> str:
    return "\n".join(
        [
            _("%(title)s，%(at)s 起生效。") % {"title": ended.title, "at": moment(ended.at)},
            *ended.lines,
        ]
    )


def asked_stop_of(round: Round) -> RoundStop | None:
    """The wish that waits for a second person."""
    asked = round.stops.filter(state=RoundStop.State.ASKED).select_related("asked_by").first()
    if asked is not None:
        asked.round = round
    return asked


@dataclass(frozen=True)
class AnsweredStop:
    """What became of the last wish, for whoever was asked to answer it and comes later."""

    stop: RoundStop
    title: str
    words: str

    @property
    def facts(self) -> list[tuple[str, str]]:
        asked = f"{self.stop.asked_by.display_name} {moment(self.stop.asked_at)}"
        facts = [
            (_("提请的人"), asked),
            (_("为什么终止"), str(self.stop.get_cause_display())),
            (_("说明"), self.stop.reason),
        ]
        return facts + ([(_("答复"), self.stop.answer)] if self.stop.answer else [])


def answered_stop_of(round: Round) -> AnsweredStop | None:
    """None where nobody ever wished its end."""
    stop = round.stops.exclude(state=RoundStop.State.ASKED).order_by("pk").last()
    if stop is None or stop.decided_by is None or stop.decided_at is None:
        return None
    who = {"who": stop.decided_by.display_name, "at": moment(stop.decided_at)}
    title, words = {
        RoundStop.State.AGREED.value: (
            _("这一轮已经终止"), _("%(who)s 在 %(at)s 同意终止，有关的人都已收到消息。"),
        ),
        RoundStop.State.REFUSED.value: (
            _("没有同意终止"), _("%(who)s 在 %(at)s 答复：不终止。这一轮照常，不用您再处理。"),
        ),
        RoundStop.State.TAKEN_BACK.value: (
            _("提请已经收回"), _("%(who)s 在 %(at)s 收回了提请。这一轮照常，不用您再处理。"),
        ),
    }[stop.state]  # fmt: skip
    return AnsweredStop(stop, title, words % who)


def likely_cause(round: Round, now: datetime) -> str:
    """What the form begins with: after the last close it is told by the figures."""
    if round.is_filing and now < last_deadline(round):
        return RoundStop.Cause.OTHER
    filed = round.proposals.handed_in().exists()
    return RoundStop.Cause.TOO_FEW if filed else RoundStop.Cause.NOBODY


def stop_facts(user: User, round: Round, *, may_extend: bool) -> dict[str, Any]:
    """For the desk: whether this person may ask for it, as who may give everybody more time, and
    what was asked."""
    asked = asked_stop_of(round) if round.state in rules.STOPPABLE else None
    return {
        "may_ask_stop": asked is None and round.state in rules.STOPPABLE and may_extend,
        "asked_stop": asked,
        "ended": ended_of(round),
        "may_call_again": round.is_stopped and is_round_officer(user, round),
    }
