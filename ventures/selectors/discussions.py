"""What is said about a proposal, as seen by the one who reads it; the reviewers' open words and the
applicant's answer.

Reviewers are nobody to the applicant, and to one another seats unless the phase names them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.models import User
from ventures.models import (
    ApplicantAnswer,
    DiscussionMute,
    PanelMember,
    Proposal,
    Remark,
    RemarkText,
    Review,
    ReviewPhase,
)
from ventures.reckoning.shuffling import shuffled
from ventures.rules import discussions as rules
from ventures.rules.review_rights import Rights, rights_in

A = Remark.Audience


@dataclass(frozen=True)
class RemarkShown:
    """A remark for one reader: who, to whom, what it says now, whether it was put right."""

    remark: Remark
    who: str
    text: str
    is_own: bool
    was_put_right: bool

    @property
    def is_taken_back(self) -> bool:
        return self.remark.taken_back_at is not None


@dataclass(frozen=True)
class Discussion:
    """All of it for one reader, and whether it is open now."""

    remarks: tuple[RemarkShown, ...]
    answer: ApplicantAnswer | None
    is_open: bool
    until: datetime | None
    is_muted: bool


@dataclass(frozen=True)
class AnswerPage:
    """What an applicant is shown before the decision: open words, until when, her answer."""

    words: tuple[str, ...]
    until: datetime | None
    answer: ApplicantAnswer | None


def discussion_of(proposal: Proposal, user: User) -> Discussion:
    rights = rights_in(proposal.round)
    is_office = rules.reads_as_office(user, proposal)
    remarks = (
        proposal.remarks.filter(rules.readable_remarks(user, proposal))
        .select_related("author", "member")
        .prefetch_related(Prefetch("texts", RemarkText.objects.order_by("number")))
    )
    shown = [_shown(remark, user, rights, is_office=is_office) for remark in remarks]
    return Discussion(
        remarks=tuple(one for one in shown if not one.is_taken_back or one.is_own or is_office),
        answer=answer_of(proposal),
        is_open=rights.may_discuss,
        until=rights.phase.ends_at if rights.may_discuss and rights.phase else None,
        is_muted=DiscussionMute.objects.filter(proposal=proposal, user=user).exists(),
    )


def judges_named_in(proposal: Proposal, text: str) -> list[str]:
    """Names of those who sit on the panel that stand in words meant for the applicant."""
    seated = PanelMember.objects.filter(panel__round=proposal.round_id)
    names = seated.values_list("reviewer__display_name", flat=True).distinct()
    return sorted(name for name in names if name and name in text)


def judges_named_on_sheet(proposal: Proposal, comment: str, reasons: Iterable[str]) -> list[str]:
    """The same for what the applicant reads of a score sheet: its words, and why lines are cut."""
    return judges_named_in(proposal, "\n".join([comment, *reasons]))


def answer_of(proposal: Proposal) -> ApplicantAnswer | None:
    return ApplicantAnswer.objects.filter(proposal=proposal).first()


def answer_for(user: User, proposal: Proposal, rights: Rights) -> ApplicantAnswer | None:
    """The answer for one of its reviewers, once her own sheet is in where the phase says so."""
    assignment = rules.assignment_for(user, proposal)
    if assignment is None or rules.must_score_first(assignment, rights):
        return None
    return answer_of(proposal)


def answer_page_of(proposal: Proposal) -> AnswerPage | None:
    """Nothing before a phase has opened the answer; afterwards the words stay to be read."""
    now = database_now()
    phases = [one for one in proposal.round.review_phases.all() if one.answer_open]
    if not any(one.begins_at <= now for one in phases):
        return None
    running = next((one for one in phases if one.begins_at <= now < one.ends_at), None)
    return AnswerPage(
        words=_open_words(proposal, phases, now),
        until=running.ends_at if running else None,
        answer=answer_of(proposal),
    )


def _open_words(
    proposal: Proposal, phases: Sequence[ReviewPhase], now: datetime
) -> tuple[str, ...]:
    """The overall words of the sheets that are in, and what reviewers said to the applicant, in an
    order that tells no seat."""
    sheets = [
        review.comment
        for review in Review.objects.handed_in().filter(assignment__proposal=proposal)
        if review.comment
    ]
    said = [
        remark.texts.all()[len(remark.texts.all()) - 1].text
        for remark in proposal.remarks.filter(
            audience=A.APPLICANT, taken_back_at__isnull=True
        ).prefetch_related(Prefetch("texts", RemarkText.objects.order_by("number")))
    ]
    return (*shuffled(sheets, seed=f"{proposal.code}:words"), *said)


def _shown(remark: Remark, user: User, rights: Rights, *, is_office: bool) -> RemarkShown:
    texts = list(remark.texts.all())
    return RemarkShown(
        remark=remark,
        who=_who(remark, user, rights, is_office=is_office),
        text=texts[-1].text,
        is_own=remark.author_id == user.pk,
        was_put_right=len(texts) > 1,
    )


def _who(remark: Remark, user: User, rights: Rights, *, is_office: bool) -> str:
    if remark.author_id == user.pk:
        return _("我")
    if remark.member is None:
        return _("经办人")
    seat = _("评委 %(seat)d") % {"seat": remark.member.seat}
    if is_office or rights.names_reviewers:
        return f"{seat}　{remark.author.display_name}"
    return seat
