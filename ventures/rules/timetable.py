"""Until when, and who may move it: the one home of every deadline of filing.

`deadline_for` answers for a proposal, `filing_closes_at` for one not begun yet. Ask them after the
row lock and compare with `accounts.clock.database_now()`. What they are made of is in
`ventures.models.deadlines`, so that lists ask it for all at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.db.models.functions import Now

from accounts import rules as people
from accounts.clock import database_now
from accounts.models import Membership, Organisation, Role, User
from ventures.models import Proposal, Round, Stage
from ventures.models.ties import TIES_LAST
from ventures.rules import recusal as recusal_rules
from ventures.rules.rounds import is_round_officer, is_round_operator
from ventures.rules.schedule import Schedule, Span

COMPLETED_STATES = (Proposal.State.RETURNED, Proposal.State.LAPSED)


@dataclass(frozen=True)
class Deadline:
    """Until when one proposal may be written and handed in, and why so long."""

    # The close everybody of its group has.
    closes_at: datetime
    # With the round's grace, if it was begun before the close.
    ordinary_until: datetime
    # With an extension, too: until then it may be filed, taken back and revived.
    filing_until: datetime
    complete_by: datetime | None

    @property
    def until(self) -> datetime:
        """The instant before which it may be handed in."""
        return max(filter(None, [self.filing_until, self.complete_by]))

    @property
    def is_extended(self) -> bool:
        return self.filing_until > self.ordinary_until

    @property
    def has_grace(self) -> bool:
        return self.ordinary_until > self.closes_at


def deadline_for(proposal: Proposal) -> Deadline:
    """As the database has it: from the columns of `with_deadline`, asked anew where they lack."""
    known = proposal
    if not hasattr(known, "own_closes_at"):
        known = Proposal.objects.with_deadline().only("pk").get(pk=proposal.pk)
    closes_at: datetime = known.own_closes_at  # type: ignore[attr-defined]
    extended_until: datetime | None = known.extended_until  # type: ignore[attr-defined]
    is_begun_in_time = proposal.created_at < closes_at
    grace = timedelta(minutes=proposal.round.grace_minutes if is_begun_in_time else 0)
    return Deadline(
        closes_at=closes_at,
        ordinary_until=closes_at + grace,
        filing_until=max(filter(None, [closes_at + grace, extended_until])),
        complete_by=proposal.complete_by if proposal.state in COMPLETED_STATES else None,
    )


def takes(round: Round, proposal: Proposal) -> bool:
    """Whether the step this proposal is in is the one the round is in; the clock is asked apart.

    The one home of the door between two steps: a concept comes in while the round is open, a full
    proposal once the selection was told and only if it was selected.
    """
    return round.state == (Round.State.FULL if proposal.is_invited else Round.State.OPEN)


def filing_closes_at(
    round: Round, organisation: Organisation | None = None, initiator: User | None = None
) -> datetime:
    """Until when this applicant may begin: the close of the round, or an extension; no grace.
    In two steps it is the concept one begins with."""
    given = (
        round.extensions.unused()
        .filter(is_for_full=False)
        .filter(
            Q(organisation__isnull=False, organisation=organisation)
            | Q(initiator__isnull=False, initiator=initiator)
        )
        .values_list("until", flat=True)
    )
    return max([round.closes_at, *given])


def closes_at_of(round: Round) -> datetime:
    """The close the round stands before or had last: of its only step, of the concepts, of the
    full proposals."""
    if round.takes_full:
        assert round.full_closes_at is not None, "full_stage_follows_concepts"
        return round.full_closes_at
    return round.closes_at


def all_in_at(round: Round) -> datetime:
    """When nothing more comes in by the ordinary way: the close and the grace."""
    return closes_at_of(round) + timedelta(minutes=round.grace_minutes)


def last_deadline(round: Round) -> datetime:
    """When really nothing more comes in: the extensions that may still be used included."""
    given = round.extensions.unused().filter(is_for_full=round.takes_full)
    latest: datetime | None = given.aggregate(latest=Max("until"))["latest"]
    return max(filter(None, [all_in_at(round), latest]))


def schedule_of(round: Round) -> Schedule:
    """Its dates as stored."""
    return Schedule(
        opens_at=round.opens_at,
        closes_at=round.closes_at,
        stages={
            stage.kind: Span(stage.begins_at, stage.ends_at, stage.place)
            for stage in round.stages.all()
        },
        tracks={one.track_id: one.closes_at for one in round.track_closings.all()},
        grace_minutes=round.grace_minutes,
        is_sealed=round.is_sealed,
        notice_working_days=round.notice_working_days,
        full_closes_at=round.full_closes_at,
        takes_full=round.takes_full,
    )


# The seal ------------------------------------------------------------------------------


def is_sealed(round: Round, now: datetime | None = None) -> bool:
    """Whether nobody but the applicants opens what was handed in; the clock is asked only of
    rounds that seal at all."""
    return round.is_sealed and (now or database_now()) < all_in_at(round)


def may_peek(user: User, proposal: Proposal) -> bool:
    """An officer of the round without a tie to it, where the round's conditions allow it."""
    return (
        proposal.round.peek_minutes > 0
        and is_round_officer(user, proposal.round)
        and not recusal_rules.has_tie(user, proposal)
    )


# Who gives time -----------------------------------------------------------------------------


def may_move_dates(user: User, round: Round) -> bool:
    """Officers of the round; the close itself asks `recusal.may_extend` too."""
    return is_round_officer(user, round) or recusal_rules.may_extend(user, round)


def may_give_extension(user: User, round: Round) -> bool:
    """More time helps whoever is still writing: nobody with a tie to any of them gives it."""
    return recusal_rules.may_extend(user, round)


def is_tied_to_organisation(user: User, organisation: Organisation) -> bool:
    """Belongs to it or to its host, or did within two years, whether or not it has begun to write
    (民政部令第 39 号)."""
    bodies = [pk for pk in (organisation.pk, organisation.host_id) if pk is not None]
    lately = Q(ended_at__isnull=True) | Q(ended_at__gt=Now() - TIES_LAST)
    return (
        Membership.objects.filter(lately, user=user, organisation__in=bodies).exists()
        or Role.objects.filter(lately, user=user, organisation__in=bodies).exists()
    )


# Questions -----------------------------------------------------------------------------


def questions_of(round: Round) -> Stage | None:
    """The stage in which one may ask; None where the round has none."""
    return next((one for one in round.stages.all() if one.kind == Stage.Kind.QUESTIONS), None)


def is_taking_questions(round: Round, now: datetime) -> bool:
    stage = questions_of(round)
    return round.is_filing and stage is not None and stage.begins_at <= now < stage.ends_at


def may_answer(user: User, round: Round) -> bool:
    """The round's officers and its operator."""
    return is_round_officer(user, round) or is_round_operator(user, round)


def asks_for(user: User, round: Round) -> list[int]:
    """Ids of the organisations the person may ask for: hers, never the round's own operator."""
    return [pk for pk in people.organisations_of(user) if pk != round.operator_id]
