"""Who came to a deciding meeting and how they voted: what a round asks, and the same in words."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import database_now
from ventures.errors.meetings import CountDoesNotAddUp, QuorumMissing, VoteNotCarried
from ventures.models import AwardTerms, Resolution, Round
from ventures.rules.meetings import MeetingCount, adds_up, least_in_favour, least_present
from ventures.terms.meetings import meeting_terms

Asked = AwardTerms.MeetingVote


def asked_of_meeting(round: Round) -> str:
    """What the round asks of its meetings; where it has no rules of its own, nothing."""
    asked = AwardTerms.objects.filter(round=round).values_list("meeting_vote", flat=True).first()
    return asked or Asked.FREE.value


def policy_day(round: Round) -> date:
    """The day whose share holds: that of the call, as it was stated."""
    return timezone.localdate(round.published_at or database_now())


def shortcoming(
    round: Round, count: MeetingCount, asked: str
) -> CountDoesNotAddUp | QuorumMissing | VoteNotCarried | None:
    """Why this count does not carry the decision; a count nobody asked for must only add up."""
    if not adds_up(count):
        return CountDoesNotAddUp(expected=count.expected, present=count.present, votes=count.votes)
    if asked == Asked.FREE:
        return None
    least = least_present(count.expected, meeting_terms(policy_day(round)))
    if count.present < least:
        return QuorumMissing(expected=count.expected, present=count.present, least=least)
    most = least_in_favour(count.expected)
    if count.in_favour < most:
        return VoteNotCarried(expected=count.expected, in_favour=count.in_favour, least=most)
    return None


def rule_in_words(round: Round, asked: str) -> list[str]:
    """What the call says of its meeting, one sentence; none where nothing is asked."""
    if asked == Asked.FREE:
        return []
    terms = meeting_terms(policy_day(round))
    share = {"parts": terms.parts, "of": terms.of}
    if asked == Asked.NAMED:
        return [
            _(
                "会议记名表决：到会的不少于应到人数的 %(parts)d/%(of)d，"
                "赞成的超过应到人数的一半，名单才算通过。"
            )
            % share
        ]
    return [
        _(
            "会议表决：到会的不少于应到人数的 %(parts)d/%(of)d，"
            "赞成的超过应到人数的一半，名单才算通过。"
        )
        % share
    ]


def count_in_words(resolution: Resolution) -> str:
    """应到、实到 and the votes as one sentence; empty where it was not counted."""
    if not resolution.is_counted:
        return ""
    return _(
        "应到 %(expected)d 人，实到 %(present)d 人；"
        "赞成 %(in_favour)d 票，反对 %(against)d 票，弃权 %(abstained)d 票。"
    ) % {
        "expected": resolution.expected,
        "present": resolution.present,
        "in_favour": resolution.in_favour,
        "against": resolution.against,
        "abstained": resolution.abstained,
    }
