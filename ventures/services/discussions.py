"""评审讨论: say something about a proposal to one of three audiences, put it right, take it back.

A remark's audience never changes; putting it right adds a text, the earlier ones stay. Everybody
who may read it is told, unless they muted this proposal's discussion.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from ventures.errors.discussions import (
    OwnSheetFirst,
    RemarkTakenBack,
    WordsNameJudge,
    WordsTellWho,
)
from ventures.models import (
    Assignment,
    DiscussionMute,
    Proposal,
    Remark,
    RemarkText,
)
from ventures.rules import discussions as rules
from ventures.rules.recusal import acting_officers
from ventures.rules.review_rights import Rights
from ventures.selectors.blind_copies import names_told
from ventures.selectors.blinding import shown_to_reviewer
from ventures.selectors.discussions import judges_named_in
from ventures.services.review_phases import require_discussion_open

A = Remark.Audience


@transaction.atomic
def say(proposal: Proposal, *, audience: str, text: str, acting_user: User) -> Remark:
    """Say something about a proposal; the same words twice in a row are one remark.

    Refused: to whoever neither reviews it nor decides here or has a tie (`NotAllowed`), outside the
    phase that opens the discussion (`DiscussionNotOpen`), and with words that tell who applies or,
    to the applicant, who judges (`WordsTellWho`, `WordsNameJudge`).
    """
    assert audience in A.values, "a form offers the three audiences only"
    hold_panel(proposal)
    assignment = rules.assignment_for(acting_user, proposal)
    if assignment is None and not rules.speaks_for_office(acting_user, proposal):
        raise NotAllowed()
    require_discussion_open(proposal.round)
    _require_no_names(proposal, text, audience)
    last = proposal.remarks.filter(author=acting_user, taken_back_at__isnull=True).last()
    if last is not None and last.audience == audience and _text_of(last) == text.strip():
        return last
    remark = Remark.objects.create(
        proposal=proposal,
        author=acting_user,
        member=assignment.member if assignment else None,
        audience=audience,
    )
    RemarkText.objects.create(remark=remark, number=1, text=text.strip())
    record_change(remark, "say", facts={"audience": audience}, acting_user=acting_user)
    _tell(remark)
    return remark


@transaction.atomic
def put_right(remark: Remark, *, text: str, acting_user: User) -> Remark:
    """Other words in the same remark, for the same audience; what stood before stays on record."""
    remark = _own(remark, acting_user)
    if _text_of(remark) == text.strip():
        return remark
    _require_no_names(remark.proposal, text, remark.audience)
    number = remark.texts.aggregate(last=Max("number"))["last"] + 1
    RemarkText.objects.create(remark=remark, number=number, text=text.strip())
    record_change(remark, "put_right", facts={"number": number}, acting_user=acting_user)
    return remark


@transaction.atomic
def take_back(remark: Remark, *, acting_user: User) -> Remark:
    """Nobody is shown it any more; that there was one stays visible. Twice is once."""
    hold_panel(remark.proposal)
    remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if not rules.wrote(acting_user, remark):
        raise NotAllowed()
    if remark.taken_back_at is None:
        require_discussion_open(remark.proposal.round)
        remark.taken_back_at = database_now()
        remark.save(update_fields=["taken_back_at"])
        record_change(remark, "take_back", acting_user=acting_user)
    return remark


@transaction.atomic
def mute_discussion(proposal: Proposal, *, is_muted: bool, acting_user: User) -> None:
    """Be told of new remarks about this proposal, or not. Twice is once."""
    if is_muted:
        DiscussionMute.objects.get_or_create(proposal=proposal, user=acting_user)
    else:
        DiscussionMute.objects.filter(proposal=proposal, user=acting_user).delete()


def require_own_sheet(assignment: Assignment, rights: Rights) -> None:
    """Others' words come after her own where the phase says so."""
    if rules.must_score_first(assignment, rights):
        raise OwnSheetFirst()


def require_nobody_named(proposal: Proposal, text: str) -> None:
    """What blind reviewers read does not say who applies (`WordsTellWho`)."""
    if words := names_told(proposal, text):
        raise WordsTellWho(words=words)


def _require_no_names(proposal: Proposal, text: str, audience: str) -> None:
    if audience != A.OFFICE:
        require_nobody_named(proposal, text)
    if audience == A.APPLICANT and (words := judges_named_in(proposal, text)):
        raise WordsNameJudge(words=words)


def hold_panel(proposal: Proposal) -> None:
    """A shared lock: phases are changed before or after what is said, never meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM ventures_panel WHERE round_id = %s FOR SHARE", [proposal.round_id]
        )


def told_about(proposal: Proposal) -> Iterable[User]:
    """The reviewers of a proposal and the officers who decide about it."""
    members = Assignment.objects.standing().filter(
        proposal=proposal, member__committed_at__isnull=False, member__left_at__isnull=True
    )
    for assignment in members.select_related("member__reviewer"):
        reviewer = assignment.member.reviewer
        if rules.assignment_for(reviewer, proposal) is not None:
            yield reviewer
    about = Proposal.objects.filter(pk=proposal.pk)
    for officer in acting_officers(proposal.round.region, about):
        if rules.speaks_for_office(officer, proposal):
            yield officer


def _own(remark: Remark, acting_user: User) -> Remark:
    hold_panel(remark.proposal)
    remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if not rules.wrote(acting_user, remark):
        raise NotAllowed()
    require_discussion_open(remark.proposal.round)
    if remark.taken_back_at is not None:
        raise RemarkTakenBack()
    return remark


def _text_of(remark: Remark) -> str:
    return remark.texts.latest("number").text


def _tell(remark: Remark) -> None:
    proposal = remark.proposal
    muted = set(DiscussionMute.objects.filter(proposal=proposal).values_list("user", flat=True)) | {
        remark.author_id
    }
    for person in told_about(proposal):
        if person.pk in muted:
            continue
        assignment = rules.assignment_for(person, proposal)
        if assignment is not None and remark.audience == A.OFFICE:
            continue
        with override(person.language):
            tell(
                person,
                kind="ventures.remark",
                title=_("“%(title)s”有新的讨论") % {"title": _title_for(proposal, assignment)},
                body=_("点开看说了什么。不想再收到，可以在讨论页关掉。"),
                link=_link_for(proposal, assignment),
                key=f"ventures.remark:{remark.pk}:{person.pk}",
            )


def _title_for(proposal: Proposal, assignment: Assignment | None) -> str:
    return shown_to_reviewer(proposal).title if assignment else proposal.title


def _link_for(proposal: Proposal, assignment: Assignment | None) -> str:
    if assignment is not None:
        return reverse("ventures:review-discussion", args=[assignment.pk])
    return reverse("ventures:proposal-discussion", args=[proposal.round.code, proposal.code])
