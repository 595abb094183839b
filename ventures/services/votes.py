"""公众投票: set its days, take one person's vote, open the box after the close.

Who voted is a row; what was voted is put into a box of the database's own (`sql/ballot_box.sql`),
which nobody reads before the close. Nothing of a vote stands in the trail or in the log.
"""

from collections.abc import Sequence
from datetime import datetime

from django.core.cache import cache
from django.db import IntegrityError, connection, transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed, TooManyTries
from accounts.models import User
from accounts.services.changes import record_change
from ventures.errors.reviews import ReviewNotBegun
from ventures.errors.votes import (
    BallotsDoNotFit,
    NotOnTheList,
    NoVote,
    TooManyChoices,
    VotedAlready,
    VoteDatesWrong,
    VoteNeedsName,
    VoteNotBegun,
    VoteOver,
    VoteRunning,
    VoteStillOpen,
)
from ventures.models import CompositeTerms, Proposal, PublicVote, Round, Voter
from ventures.rules.objections import is_verified
from ventures.rules.recusal import may_decide
from ventures.selectors.composites import composite_terms_of
from ventures.selectors.votes import candidates_of
from ventures.services.review_phases import require_blind_is_over

TRIES_SECONDS = 600
MOST_TRIES = 12
# Many vote over the one network of a hall or a community centre.
MOST_FROM_AN_ADDRESS = 300


@transaction.atomic
def set_vote(
    round: Round, *, opens_at: datetime, closes_at: datetime, words: str, acting_user: User
) -> PublicVote:
    """From when to when one may vote; again until the first day.

    Refused: where the call knows no vote, outside the review, to who does not decide, into the
    past, before the blind phases are over, and once it has begun.
    """
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not may_decide(acting_user, round):
        raise NotAllowed()
    _terms_of(round)
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    now = database_now()
    vote = PublicVote.objects.filter(round=round).first() or PublicVote(round=round)
    if vote.pk and now >= vote.opens_at:
        raise VoteRunning(opens_at=vote.opens_at)
    if opens_at < now:
        raise VoteDatesWrong()
    require_blind_is_over(round, opens_at)
    vote.opens_at, vote.closes_at, vote.words = opens_at, closes_at, words.strip()
    vote.set_by = acting_user
    vote.save()
    record_change(
        vote,
        "set_vote",
        facts={"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()},
        acting_user=acting_user,
    )
    return vote


def cast_vote(
    vote: PublicVote, chosen: Sequence[Proposal], *, address: str, acting_user: User
) -> None:
    """Take one person's vote.

    Refused: too many tries, without a checked name, before and after its days by the database's
    clock, a second time (by the database if two come at once), too many or other choices. Which
    of it was voted for is written nowhere but on ballots that nothing leads to.
    """
    _require_room(f"user:{acting_user.pk}", MOST_TRIES)
    _require_room(f"address:{address}", MOST_FROM_AN_ADDRESS)
    with transaction.atomic():
        vote = PublicVote.objects.select_related("round").get(pk=vote.pk)
        terms = _terms_of(vote.round)
        if not is_verified(acting_user):
            raise VoteNeedsName()
        _require_window(vote, database_now())
        keys = sorted({one.pk for one in chosen})
        if not 1 <= len(keys) <= terms.choices:
            raise TooManyChoices(most=terms.choices)
        if candidates_of(vote.round).filter(pk__in=keys).count() < len(keys):
            raise NotOnTheList()
        try:
            with transaction.atomic():
                Voter.objects.create(vote=vote, user=acting_user)
        except IntegrityError as trouble:
            raise VotedAlready() from trouble
        with connection.cursor() as cursor:
            cursor.execute("SELECT ventures_put_ballots(%s, %s)", [vote.pk, keys])


def _require_window(vote: PublicVote, now: datetime) -> None:
    if now < vote.opens_at:
        raise VoteNotBegun(opens_at=vote.opens_at)
    if now >= vote.closes_at or vote.state != PublicVote.State.SET:
        raise VoteOver(closes_at=vote.closes_at)


def _require_room(who: str, most: int) -> None:
    """Slow down whoever tries again and again."""
    key = f"public_vote:{who}"
    cache.add(key, 0, TRIES_SECONDS)
    try:
        tries = cache.incr(key)
    except ValueError:  # it ran out between the two
        tries = 1
        cache.set(key, tries, TRIES_SECONDS)
    if tries > most:
        raise TooManyTries()


@transaction.atomic
def count_vote(vote: PublicVote, *, acting_user: User) -> PublicVote:
    """Open the box, once, after the close: every ballot is mixed again and counted.

    Refused: before the close, to who does not decide, and where there are more ballots than those
    who took part could have put in (`BallotsDoNotFit`). Counting twice changes nothing.
    """
    vote = PublicVote.objects.select_for_update().get(pk=vote.pk)
    round = Round.objects.select_related("region").get(pk=vote.round_id)
    if not may_decide(acting_user, round):
        raise NotAllowed()
    if vote.state == PublicVote.State.COUNTED:
        return vote
    now = database_now()
    if now < vote.closes_at:
        raise VoteStillOpen(closes_at=vote.closes_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT proposal, ballots FROM ventures_count_ballots(%s)", [vote.pk])
        found = dict(cursor.fetchall())
    turnout = vote.voters.count()
    if sum(found.values()) > turnout * _terms_of(round).choices:
        raise BallotsDoNotFit()
    codes = dict(Proposal.objects.filter(pk__in=found).values_list("pk", "code"))
    vote.counts = {codes[pk]: found[pk] for pk in sorted(found)}
    vote.turnout, vote.state = turnout, PublicVote.State.COUNTED
    vote.counted_at, vote.counted_by = now, acting_user
    vote.save(update_fields=["counts", "turnout", "state", "counted_at", "counted_by"])
    record_change(
        vote,
        "count",
        before=PublicVote.State.SET,
        after=vote.state,
        facts={"turnout": turnout, "counts": vote.counts},
        acting_user=acting_user,
    )
    return vote


def _terms_of(round: Round) -> CompositeTerms:
    terms = composite_terms_of(round)
    if terms is None or not terms.has_vote:
        raise NoVote()
    return terms
