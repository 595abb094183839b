"""Set the phases of a review, and refuse what no phase opens now.

What a phase allows is `ventures.rules.review_rights`; who is told is here. The panel's row is held
while phases change, and sheets are written under a shared lock of the same row, so that nothing is
saved by rights that are just being taken away.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing, Refusal
from accounts.models import Change, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from ventures.errors.review_phases import (
    AnswerNotOpen,
    BlindPastTheNaming,
    DiscussionNotOpen,
    NamedBeforeBlindEnds,
    PhaseBegun,
    PhaseEndsInThePast,
    PhaseOverlaps,
    PhasesFixed,
    ScoringNotOpen,
)
from ventures.models import (
    DefenceSession,
    Panel,
    PanelMember,
    PublicVote,
    ReviewPhase,
    Round,
)
from ventures.rules import recusal as recusal_rules
from ventures.rules.review_rights import Rights, blind_until, next_opening, rights_by
from ventures.services.blind_numbers import number_proposals

COLUMNS = (
    "name",
    "begins_at",
    "ends_at",
    "sees",
    "hides_applicant",
    "names_reviewers",
    "others_scores",
    "scoring_open",
    "discussion_open",
    "answer_open",
)
OVER = (Round.State.DECIDED, Round.State.NOTICED, Round.State.CONCLUDED)


@transaction.atomic
def set_phase(
    round: Round,
    phase: ReviewPhase | None,
    values: Mapping[str, Any],
    *,
    reason: str = "",
    acting_user: User,
) -> ReviewPhase:
    """Add a phase or change one; what changes stays in the trail, and a seated panel is told.

    Refused: to whoever does not decide in the round (`NotAllowed`), after the decision
    (`PhasesFixed`), without a reason once a phase has begun (`ReasonMissing`), a beginning that has
    passed being moved (`PhaseBegun`), an end put into the past (`PhaseEndsInThePast`), two at once
    (`PhaseOverlaps`), and hiding who applies beyond the defence or the vote that shows it
    (`BlindPastTheNaming`).
    """
    round, phases, now = _held(round, acting_user)
    before = next((one for one in phases if phase is not None and one.pk == phase.pk), None)
    assert phase is None or before is not None, "a phase of this round"
    _require_reason(phases, now, reason)
    if before is not None and before.begins_at <= now and before.begins_at != values["begins_at"]:
        raise PhaseBegun(name=before.name)
    if values["ends_at"] <= now and (before is None or before.ends_at != values["ends_at"]):
        raise PhaseEndsInThePast()
    for other in phases:
        if other is not before and (
            values["begins_at"] < other.ends_at and other.begins_at < values["ends_at"]
        ):
            raise PhaseOverlaps(other=other.name, begins_at=other.begins_at, ends_at=other.ends_at)
    if values["hides_applicant"]:
        _require_before_naming(round, values["ends_at"])
    saved = before or ReviewPhase(round=round)
    was = {name: getattr(saved, name) for name in COLUMNS} if before else {}
    for name in COLUMNS:
        setattr(saved, name, values[name])
    saved.save()
    if saved.hides_applicant:
        number_proposals(round)
    changed = {name: _written(values[name]) for name in COLUMNS if was.get(name) != values[name]}
    change = record_change(
        round,
        "set_review_phase",
        before=before.name if before else "",
        after=saved.name,
        reason=reason,
        facts={"phase": saved.pk, "now": changed, "was": _written_all(was, changed)},
        acting_user=acting_user,
    )
    _tell_panel(round, change, saved.name, reason)
    return saved


@transaction.atomic
def remove_phase(phase: ReviewPhase, *, reason: str = "", acting_user: User) -> None:
    """Take out a phase that has not begun; refused like a change, and once it began."""
    round, phases, now = _held(phase.round, acting_user)
    gone = next(one for one in phases if one.pk == phase.pk)
    if gone.begins_at <= now:
        raise PhaseBegun(name=gone.name)
    _require_reason(phases, now, reason)
    was = {name: getattr(gone, name) for name in COLUMNS}
    gone.delete()
    change = record_change(
        round,
        "remove_review_phase",
        before=gone.name,
        reason=reason,
        facts={"was": _written_all(was, was)},
        acting_user=acting_user,
    )
    _tell_panel(round, change, gone.name, reason)


def copy_phases(round: Round, copy: Round, distance: timedelta) -> None:
    """The same phases for the next round, moved by whole weeks: in their order, back to back as
    they were."""
    ReviewPhase.objects.bulk_create(
        ReviewPhase(
            round=copy,
            **{name: getattr(phase, name) for name in COLUMNS}
            | {"begins_at": phase.begins_at + distance, "ends_at": phase.ends_at + distance},
        )
        for phase in round.review_phases.all()
    )


def needs_reason(phases: list[ReviewPhase], now: datetime) -> bool:
    """Before the first phase begins they are arranged freely; afterwards each change says why."""
    return any(one.begins_at <= now for one in phases)


# What no phase opens now -----------------------------------------------------------------------


def require_scoring_open(panel: Panel) -> None:
    """The caller holds the panel's row; the clock is read here, after it."""
    _require(panel.round, ScoringNotOpen, lambda rights: rights.may_score, _scores)


def require_discussion_open(round: Round) -> None:
    _require(round, DiscussionNotOpen, lambda rights: rights.may_discuss, _discusses)


def require_answer_open(round: Round) -> None:
    _require(round, AnswerNotOpen, lambda rights: rights.may_answer, _answers)


def _scores(phase: ReviewPhase) -> bool:
    return phase.scoring_open


def _discusses(phase: ReviewPhase) -> bool:
    return phase.discussion_open


def _answers(phase: ReviewPhase) -> bool:
    return phase.answer_open


def _require(
    round: Round,
    refusal: type[Refusal],
    may: Callable[[Rights], bool],
    opens: Callable[[ReviewPhase], bool],
) -> None:
    """Read anew: what a page has prefetched may be older than the lock."""
    phases = list(ReviewPhase.objects.filter(round=round.pk))
    now = database_now()
    if may(rights_by(phases, now)):
        return
    following = next_opening(phases, now, opens)
    raise refusal(opens_at=following.begins_at if following else None)


def _held(round: Round, user: User) -> tuple[Round, list[ReviewPhase], datetime]:
    """The round and its phases, held against others who set them and against sheets being saved."""
    Round.objects.select_for_update().only("pk").get(pk=round.pk)
    Panel.objects.select_for_update().filter(round=round.pk).first()
    round = Round.objects.select_related("region").get(pk=round.pk)
    if not recusal_rules.may_decide(user, round):
        raise NotAllowed()
    if round.state in OVER:
        raise PhasesFixed()
    return round, list(ReviewPhase.objects.filter(round=round)), database_now()


def require_blind_is_over(round: Round, begins_at: datetime) -> None:
    """What shows who applies begins when the blind phases are over."""
    until = blind_until(round)
    if until is not None and begins_at < until:
        raise NamedBeforeBlindEnds(until=until)


def _require_before_naming(round: Round, ends_at: datetime) -> None:
    session = DefenceSession.objects.filter(round=round).values_list("begins_at", flat=True)
    vote = PublicVote.objects.filter(round=round).values_list("opens_at", flat=True)
    shown_at = min((*session, *vote), default=None)
    if shown_at is not None and shown_at < ends_at:
        raise BlindPastTheNaming(at=shown_at)


def _require_reason(phases: list[ReviewPhase], now: datetime, reason: str) -> None:
    if needs_reason(phases, now) and not reason.strip():
        raise ReasonMissing()


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _written_all(was: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _written(was[name]) for name in names if name in was}


def _tell_panel(round: Round, change: Change, name: str, reason: str) -> None:
    seated = PanelMember.objects.filter(panel__round=round, left_at__isnull=True)
    for member in seated.select_related("reviewer"):
        with override(member.reviewer.language):
            tell(
                member.reviewer,
                kind="ventures.review_phases_changed",
                title=_("评审环节有变：%(round)s") % {"round": round},
                body=_("改的是“%(name)s”。%(reason)s请打开“我的评审”看新的时间。")
                % {"name": name, "reason": f"{reason.strip()} " if reason.strip() else ""},
                link=reverse("ventures:review-queue"),
                key=f"ventures.round:{round.pk}:phase:{change.pk}:{member.pk}",
            )
