"""What a reviewer may see and do in a round at an instant (评审环节): the one home of these rights.

A round without phases is judged by a meeting: reviewers read what is assigned to them, applicants
and all, score while the panel is open, and read one another's sheets when it has closed.

A round with phases follows the one that runs. Where none runs nothing can be written, and what the
phase before or the phase after hides stays hidden. In a service ask with the panel's row held and
the database's clock read after it (`services.review_phases`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts import rules as people
from accounts.clock import database_now
from accounts.models import User
from ventures.models import Assignment, Panel, Proposal, ReviewPhase, Round
from ventures.models.proposals import ProposalQuerySet
from ventures.models.ties import kept_from_judging
from ventures.rules.rounds import Kind

Sees = ReviewPhase.Sees
Others = ReviewPhase.Others
# Without phases: one another's sheets when the panel has closed.
AFTER_CLOSE = "after_close"


@dataclass(frozen=True)
class Rights:
    """What holds for the reviewers of a round now."""

    phase: ReviewPhase | None = None
    has_phases: bool = False
    sees: str = Sees.ASSIGNED
    hides_applicant: bool = False
    names_reviewers: bool = False
    others_scores: str = AFTER_CLOSE
    may_score: bool = True
    may_discuss: bool = False
    may_answer: bool = False

    def shows_others(self, *, own_is_in: bool, panel_is_closed: bool) -> bool:
        """Whether she reads the other sheets of a proposal that is assigned to her."""
        if self.others_scores == AFTER_CLOSE:
            return panel_is_closed
        if self.others_scores == Others.AFTER_OWN:
            return own_is_in
        return self.others_scores == Others.ALWAYS


MEETING = Rights()
NOTHING = Rights(
    has_phases=True,
    hides_applicant=True,
    others_scores=Others.NEVER,
    may_score=False,
)


def rights_in(round: Round, now: datetime | None = None) -> Rights:
    """The rights of its reviewers; the clock is asked only where there are phases."""
    phases = list(round.review_phases.all())
    return rights_by(phases, now or database_now()) if phases else MEETING


def rights_by(phases: Sequence[ReviewPhase], now: datetime) -> Rights:
    """The same for phases already read, in the order they begin."""
    if not phases:
        return MEETING
    running = next((one for one in phases if one.begins_at <= now < one.ends_at), None)
    if running is not None:
        return _rights_of_phase(running)
    before = [one for one in phases if one.ends_at <= now][-1:]
    after = [one for one in phases if one.begins_at > now][:1]
    return _closed([_rights_of_phase(one) for one in before + after])


def rights_of(reviewer: User, proposal: Proposal, now: datetime | None = None) -> Rights:
    """What this person may see and do about this proposal as its reviewer; `NOTHING` for whoever
    does not read it."""
    rights = rights_in(proposal.round, now)
    return rights if reads(reviewer, proposal, rights) else NOTHING


def reads(reviewer: User, proposal: Proposal, rights: Rights) -> bool:
    """She reads it: it is assigned to her, or the phase opens her groups to her."""
    if not people.has_role(reviewer, Kind.REVIEWER):
        return False
    return readable(reviewer, proposal.round, rights).filter(pk=proposal.pk).exists()


def readable(reviewer: User, round: Round, rights: Rights) -> ProposalQuerySet:
    """The proposals of the round she reads as its reviewer, those that are tied to her left out.

    `track` opens all of the groups from which something is assigned to her.
    """
    own = Assignment.objects.standing().filter(
        member__reviewer=reviewer, member__panel__round=round
    )
    group = Proposal.objects.filter(round=round).exclude(kept_from_judging(reviewer))
    if rights.sees == Sees.TRACK:
        groups = own.filter(member__left_at__isnull=True).values("proposal__track")
        judged = Assignment.objects.filter(member__panel__round=round).values("proposal")
        return group.filter(track__in=groups, pk__in=judged) | group.filter(
            pk__in=own.values("proposal")
        )
    return group.filter(pk__in=own.values("proposal"))


def is_blind_for(user: User, round: Round, rights: Rights | None = None) -> bool:
    """Judges here while the applicants are hidden: she reads no page that names them."""
    if not Panel.objects.filter(round=round, members__reviewer=user).exists():
        return False
    return (rights or rights_in(round)).hides_applicant


def blind_until(round: Round) -> datetime | None:
    """When the last phase that hides who applies ends; None where none hides."""
    return max(
        (one.ends_at for one in round.review_phases.all() if one.hides_applicant), default=None
    )


def is_still_blind(round: Round, now: datetime | None = None) -> datetime | None:
    """Until when who applies stays hidden from those who judge, where it still is: so long, what
    everybody may see and what they see in the hall names nobody. No clock where nothing is hidden.
    """
    until = blind_until(round)
    return until if until is not None and (now or database_now()) < until else None


def next_opening(
    phases: Sequence[ReviewPhase], now: datetime, opens: Callable[[ReviewPhase], bool]
) -> ReviewPhase | None:
    """The next phase that opens something, for the sentence that says why not now."""
    return next((one for one in phases if one.begins_at > now and opens(one)), None)


def _rights_of_phase(phase: ReviewPhase) -> Rights:
    return Rights(
        phase=phase,
        has_phases=True,
        sees=phase.sees,
        hides_applicant=phase.hides_applicant,
        names_reviewers=phase.names_reviewers,
        others_scores=phase.others_scores,
        may_score=phase.scoring_open,
        may_discuss=phase.discussion_open,
        may_answer=phase.answer_open,
    )


_STRICTEST_FIRST = (Others.NEVER, Others.AFTER_OWN, Others.ALWAYS)


def _closed(neighbours: Sequence[Rights]) -> Rights:
    """Between phases, before the first and after the last: nothing can be written, and the
    stricter of what stands on both sides holds."""
    return replace(
        NOTHING,
        sees=Sees.TRACK if all(one.sees == Sees.TRACK for one in neighbours) else Sees.ASSIGNED,
        hides_applicant=any(one.hides_applicant for one in neighbours),
        names_reviewers=all(one.names_reviewers for one in neighbours),
        others_scores=min(
            (Others(one.others_scores) for one in neighbours), key=_STRICTEST_FIRST.index
        ),
    )
