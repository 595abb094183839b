"""What of a notice becomes final and when, and the words of the announcement (公告).

An objection freezes its item, not the notice: when the days are over, what nobody objected to goes
on to the final list, and the frozen item follows by a supplement. With it waits whoever could
still move up if it falls. An objection to the whole notice holds up all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ventures.models import (
    Announcement,
    Award,
    AwardWithdrawal,
    Decision,
    Letter,
    Objection,
    Proposal,
    PublicNotice,
)
from ventures.selectors.award_money import together
from ventures.selectors.award_terms import is_walked
from ventures.selectors.award_words import award_words, result_words
from ventures.selectors.reissues import replaced_before, upheld_against_all

type Words = str | Promise

# The lists of a notice in which a project may stand.
LISTS = ("projects", "reserves", "declined")
Outcome = Decision.Outcome


@dataclass(frozen=True)
class Ending:
    """What may be announced now, what is under recheck, and who could still move up by it."""

    settled: tuple[Decision, ...]
    frozen: tuple[Decision, ...] = ()
    held: tuple[Decision, ...] = ()
    against_all: int = 0
    # An objection to the whole notice was upheld: it is withdrawn, and another replaces it.
    is_void: bool = False

    @property
    def is_partial(self) -> bool:
        return bool(self.frozen)

    @property
    def awards(self) -> list[Decision]:
        return [one for one in self.settled if one.outcome == Outcome.AWARD]

    @property
    def may_go_on(self) -> bool:
        """Nothing holds up all of it, and something is there to announce: at least one award where
        the rest has to wait."""
        if self.against_all or self.is_void:
            return False
        return bool(self.awards) if self.is_partial else True


def ending_of(notice: PublicNotice) -> Ending:
    """How this notice stands now, item by item."""
    told = told_on(notice)
    waiting = Objection.objects.waiting().filter(notice__round=notice.round_id)
    frozen = set(waiting.exclude(proposal=None).values_list("proposal_id", flat=True))
    by_rules = is_walked(notice.round)
    anything = any(one.proposal_id in frozen for one in told)

    def is_held(one: Decision) -> bool:
        return anything and one.proposal_id not in frozen and may_move_up(one, by_rules=by_rules)

    return Ending(
        settled=tuple(o for o in told if o.proposal_id not in frozen and not is_held(o)),
        frozen=tuple(one for one in told if one.proposal_id in frozen),
        held=tuple(one for one in told if is_held(one)),
        against_all=waiting.filter(notice=notice, proposal=None).count(),
        is_void=upheld_against_all().filter(notice=notice).exists(),
    )


def told_on(notice: PublicNotice) -> list[Decision]:
    """What was last told on this notice and is not final yet."""
    last = Letter.objects.filter(proposal=OuterRef("proposal")).order_by("-notice_id")
    return list(
        Decision.objects.filter(proposal__round=notice.round_id, state=Decision.State.PUBLISHED)
        .annotate(told_on=Subquery(last.values("notice_id")[:1]))
        .filter(Q(told_on=notice.pk) | Q(told_on=None))
        .select_related("proposal__round__region", "proposal__applicant", "award")
        .order_by("pk")
    )


def may_move_up(decision: Decision, *, by_rules: bool) -> bool:
    """Has no award, and could still be given one: by the rules anybody, else the reserves."""
    if hasattr(decision, "award"):
        return False
    return by_rules or decision.outcome == Outcome.RESERVE


def final_words_of(notice: PublicNotice, ending: Ending, published_on: date) -> dict[str, Any]:
    """What the announcement says: which of the notice is final now, and what is still to come."""
    words = notice.snapshot
    lists = {one["code"]: one for name in LISTS for one in words.get(name, ())}
    earlier = list(notice.announcements.order_by("number").values_list("snapshot", flat=True))
    said = _said_in(earlier)
    gone = _gone(notice, said)
    awarded = {one.proposal.code for one in ending.awards}
    projects = [one for one in words["projects"] if one["code"] in awarded]
    reserves = [one.proposal.code for one in ending.settled if one.outcome == Outcome.RESERVE]
    up = _moved_up(lists, words["projects"])
    total_fen = sum(one["amount_fen"] for one in projects)
    before_fen = _still_awarded_fen(earlier)
    return {
        "number": len(earlier) + 1,
        "notice": notice.code,
        "notice_sha256": notice.sha256,
        "title": _title(notice, is_first=not earlier),
        "published_on": published_on.isoformat(),
        "starts_on": words["starts_on"],
        "last_day": words["last_day"],
        "issuer": words["issuer"],
        "projects": projects,
        "reserves": _in(lists, reserves),
        "total_fen": total_fen,
        "with_earlier_fen": before_fen + total_fen if before_fen else 0,
        "sources": together(projects),
        "listed": str(award_words(notice.round).final_listed),
        "amount": str(award_words(notice.round).final_amount),
        "heads": words.get("heads", []),
        # Which title, where titles are given.
        "honour": notice.round.honour,
        # Under recheck: told by a supplement; with them whoever could still move up.
        "frozen": _in(lists, [one.proposal.code for one in ending.frozen]),
        "held": _in(lists, [one.proposal.code for one in ending.held]),
        # Told on a notice of their own.
        "moved_up": [one for code, one in lists.items() if code in up - said],
        "withdrawn": [
            {**one, "reason": gone[code]} for code, one in _promised(notice).items() if code in gone
        ],
    }


# What an announcement says for good of a project; `frozen` and `held` are said again later.
SAID = ("projects", "reserves", "moved_up", "withdrawn")


def has_more(notice: PublicNotice, ending: Ending) -> bool:
    """A supplement would say something: what is settled now, or that an award ended which no
    announcement has named yet, as one given up under recheck."""
    if ending.settled:
        return True
    return bool(_gone(notice, _said_in(notice.announcements.values_list("snapshot", flat=True))))


def _said_in(announced: Iterable[dict[str, Any]]) -> set[str]:
    return {one["code"] for told in announced for name in SAID for one in told.get(name, ())}


def _gone(notice: PublicNotice, said: set[str]) -> dict[str, str]:
    return {code: why for code, why in withdrawn_in(notice).items() if code not in said}


def withdrawn_in(notice: PublicNotice) -> dict[str, str]:
    """The awards of a notice that fell and the reserves an objection struck off, by number, each
    with the reason as the public may read it; those too that fell before a withdrawn notice was
    replaced by this one."""
    notices = [notice, *replaced_before(notice)]
    objections = Objection.objects.filter(notice__in=notices)
    listed = {one["code"] for shown in notices for one in shown.snapshot["projects"]}
    rows = AwardWithdrawal.objects.filter(
        award__proposal__round=notice.round_id, award__proposal__code__in=listed
    ).select_related("award__proposal")
    struck = Decision.objects.filter(
        outcome=Outcome.DECLINE,
        proposal__award__isnull=True,
        proposal__code__in=_promised(notice, "reserves"),
        proposal__objections__in=objections.filter(state=Objection.State.UPHELD),
    )
    return dict(struck.values_list("proposal__code", "reason")) | {
        one.award.proposal.code: str(one.public_words) for one in rows
    }


@dataclass(frozen=True)
class Fallen:
    """An award of a published list that was given up or cancelled: what anybody may know of it."""

    code: str
    title: str
    grantee: str
    cause: str
    state: Words
    on: date
    why: Words

    @property
    def is_cancelled(self) -> bool:
        return self.cause == AwardWithdrawal.Cause.CANCELLED

    def as_record(self) -> dict[str, str]:
        return {
            "code": self.code,
            "cause": self.cause,
            "on": self.on.isoformat(),
            "words": str(self.why),
        }


def fallen_of(notice: PublicNotice) -> list[Fallen]:
    """Given up or cancelled since the notice was published, first to last; the frozen words do not
    change by it. What an objection took back, the announcement says itself."""
    listed = {one["code"]: one for one in notice.snapshot["projects"]}
    ended = (
        AwardWithdrawal.objects.filter(
            award__proposal__round=notice.round_id, award__proposal__code__in=listed
        )
        .exclude(cause=AwardWithdrawal.Cause.OBJECTION)
        .select_related("award__proposal__round")
        .order_by("pk")
    )
    return [_fallen(one, listed[one.award.proposal.code]) for one in ended]


def _fallen(one: AwardWithdrawal, listed: dict[str, Any]) -> Fallen:
    state = Proposal.State(one.award.proposal.state)
    return Fallen(
        code=listed["code"],
        title=listed["title"],
        grantee=listed["grantee"],
        cause=one.cause,
        state=result_words(one.award.proposal.round, state, state.label),
        on=timezone.localdate(one.withdrawn_at),
        why=one.public_words,
    )


def _still_awarded_fen(earlier: list[dict[str, Any]]) -> int:
    """What earlier announcements gave and nobody gave up or lost since."""
    given = {one["code"]: one["amount_fen"] for told in earlier for one in told["projects"]}
    gone = AwardWithdrawal.objects.filter(award__proposal__code__in=given)
    for code in gone.values_list("award__proposal__code", flat=True):
        given.pop(code)
    return sum(given.values())


def _promised(notice: PublicNotice, *lists: str) -> dict[str, dict[str, Any]]:
    """Awards and reserves as this notice showed them, and those it replaces, by number."""
    notices = [*replaced_before(notice), notice]
    return {
        one["code"]: one
        for name in lists or ("projects", "reserves")
        for told in notices
        for one in told.snapshot[name]
    }


def announcements_of(notice: PublicNotice) -> list[Announcement]:
    return list(notice.announcements.order_by("number"))


def _title(notice: PublicNotice, *, is_first: bool) -> str:
    title = award_words(notice.round).final_title % {"round": notice.snapshot["round"]["name"]}
    return title if is_first else _("%(title)s（补充）") % {"title": title}


def _moved_up(lists: dict[str, Any], projects: list[dict[str, Any]]) -> set[str]:
    """Who had no award on this notice and has one now: told on a notice of its own."""
    others = lists.keys() - {one["code"] for one in projects}
    there = Award.objects.filter(proposal__code__in=others, withdrawal__isnull=True)
    return set(there.values_list("proposal__code", flat=True))


def _in(lists: dict[str, Any], codes: list[str]) -> list[dict[str, Any]]:
    """As the notice showed them, in its order; who was not shown there is not shown here."""
    return [one for code, one in lists.items() if code in set(codes)]
