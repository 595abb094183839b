"""申报方答复: before the decision the applicant answers the reviewers' open words, once.

Until when is the phase's. Reviewers and the office are told; the meeting reads it with the sheets.
"""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.errors.discussions import AnsweredAlready
from ventures.models import ApplicantAnswer, Proposal, ReviewPhase
from ventures.rules import discussions as discussion_rules
from ventures.rules.proposals import is_applicant
from ventures.selectors.blinding import shown_to_reviewer
from ventures.services.discussions import hold_panel, require_nobody_named, told_about
from ventures.services.proposals import tell_applicant
from ventures.services.review_phases import require_answer_open


@transaction.atomic
def answer_reviewers(proposal: Proposal, *, text: str, acting_user: User) -> ApplicantAnswer:
    """Answer once; the same words again are the same answer.

    Refused: to others than the applicant (`NotAllowed`), outside the phase (`AnswerNotOpen`), a
    second time with other words (`AnsweredAlready`), and to blind reviewers with words that say who
    applies (`WordsTellWho`).
    """
    if not is_applicant(acting_user, proposal):
        raise NotAllowed()
    Proposal.objects.select_for_update().only("pk").get(pk=proposal.pk)
    hold_panel(proposal)
    given = ApplicantAnswer.objects.filter(proposal=proposal).first()
    if given is not None:
        if given.text == text.strip():
            return given
        raise AnsweredAlready()
    if proposal.state != Proposal.State.UNDER_REVIEW:
        raise NotAllowed()
    require_answer_open(proposal.round)
    require_nobody_named(proposal, text)
    answer = ApplicantAnswer.objects.create(
        proposal=proposal, text=text.strip(), answered_by=acting_user
    )
    record_change(answer, "answer", acting_user=acting_user)
    _tell_judges(answer)
    return answer


def tell_answers_open() -> int:
    """Tell applicants, once a phase, that they may answer and until when; how many were told."""
    now = database_now()
    told = 0
    for phase in ReviewPhase.objects.filter(
        answer_open=True, begins_at__lte=now, ends_at__gt=now
    ).select_related("round"):
        waiting = phase.round.proposals.filter(
            Q(answer_to_reviewers__isnull=True), state=Proposal.State.UNDER_REVIEW
        )
        for proposal in waiting.select_related("applicant", "round"):
            _tell_open(proposal, phase)
            told += 1
    return told


def _tell_open(proposal: Proposal, phase: ReviewPhase) -> None:
    tell_applicant(
        proposal,
        kind="answer_open",
        title=lambda: _("评委意见可以答复了：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _("请在 %(until)s 前看评委意见，答复一次。不答复也不影响评审。")
            % {"until": moment(phase.ends_at)}
        ),
        key=f"proposal:{proposal.pk}:answer:{phase.pk}",
    )


def _tell_judges(answer: ApplicantAnswer) -> None:
    proposal = answer.proposal
    for person in told_about(proposal):
        assignment = discussion_rules.assignment_for(person, proposal)
        title = shown_to_reviewer(proposal).title if assignment else proposal.title
        link = (
            reverse("ventures:review-sheet", args=[assignment.pk])
            if assignment
            else reverse("ventures:proposal-discussion", args=[proposal.round.code, proposal.code])
        )
        with override(person.language):
            tell(
                person,
                kind="ventures.applicant_answered",
                title=_("申报方答复了评委意见：%(title)s") % {"title": title},
                body=_("答复和评审讨论放在一起，点开看。"),
                link=link,
                key=f"ventures.applicant_answer:{answer.pk}:{person.pk}",
            )
