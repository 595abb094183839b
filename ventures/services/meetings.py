"""Who came to a deciding meeting and how they voted: asked where the round says so, kept once."""

from collections import Counter

from ventures.errors.meetings import MeetingNotCounted, MeetingRecorded, VoteNotNamed
from ventures.models import AwardTerms, MeetingVote, Resolution, Round
from ventures.rules.meetings import MeetingCount
from ventures.selectors.meetings import asked_of_meeting, shortcoming


def require_carried(round: Round, count: MeetingCount | None) -> None:
    """Enough came and agreed, where the round asks for it; what is told adds up in any case.

    Refused: no count (`MeetingNotCounted`), one that does not add up, too few who came or agreed,
    and no names or others than the votes where the vote is by name (`VoteNotNamed`).
    """
    asked = asked_of_meeting(round)
    if count is None:
        if asked != AwardTerms.MeetingVote.FREE:
            raise MeetingNotCounted()
        return
    short = shortcoming(round, count, asked)
    if short is not None:
        raise short
    if (asked == AwardTerms.MeetingVote.NAMED or count.names) and not _is_named(count):
        raise VoteNotNamed()


def require_new(round: Round, number: str) -> None:
    """The round's row is locked. Refused: minutes that are on record (`MeetingRecorded`)."""
    if round.resolutions.filter(number=number).exists():
        raise MeetingRecorded(number=number)


def _is_named(count: MeetingCount) -> bool:
    """Every vote has its name, and nobody two."""
    told = Counter(vote for _name, vote in count.names)
    votes = Counter(
        {
            MeetingVote.Vote.FAVOUR.value: count.in_favour,
            MeetingVote.Vote.AGAINST.value: count.against,
            MeetingVote.Vote.ABSTAIN.value: count.abstained,
        }
    )
    people = {name for name, _vote in count.names}
    return told == votes and len(people) == len(count.names)


def write_votes(resolution: Resolution, count: MeetingCount | None) -> None:
    """The names with their votes, in the order of the minutes."""
    MeetingVote.objects.bulk_create(
        MeetingVote(resolution=resolution, name=name, vote=vote)
        for name, vote in (count.names if count else ())
    )
