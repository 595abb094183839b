"""Submit, withdraw and revive a proposal; the locks and guards of everything done to it.

Drafting stands in `services.drafts`, its files in `services.proposal_files`.

Locks are taken in one order: the round before its proposals. Deadlines are judged by the
database's clock, read after the lock.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Organisation, User
from accounts.services.messages import Words, tell
from accounts.templatetags.kit import moment
from ventures.errors.proposals import (
    AlreadyFiled,
    CompletionOverdue,
    ProposalIncomplete,
)
from ventures.errors.rounds import RoundClosed, RoundNotOpen
from ventures.errors.timetable import TrackClosed
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import Proposal, ProposalVersion, Round
from ventures.rules import proposals as rules
from ventures.rules.timetable import deadline_for, takes
from ventures.selectors.proposal_form import missing_of, tier_of
from ventures.selectors.proposals import whole_proposals
from ventures.selectors.snapshots import digest_of, snapshot_of
from ventures.services.eligibility import require_eligible
from ventures.services.extensions import refuse_if_used, use_extension
from ventures.services.teams import ask_team

S = Proposal.State
# What the office writes by itself is an official text: Chinese, whatever language people read.


# Handing in ---------------------------------------------------------------------


@transaction.atomic
def submit_proposal(
    proposal: Proposal, *, acting_user: User, key: UUID | None = None
) -> ProposalVersion:
    """Hand the proposal in: freeze a version with its hash, move, and tell the applicant's people.

    In a round of two steps it is the concept that is handed in first, by the same door; the full
    proposal follows when it was selected.

    With the `key` of an earlier call (a double click, a repeated POST) the version of that call is
    the answer, and nothing else happens.

    Refused: after the close or the day set for completing (`RoundClosed`, `CompletionOverdue`),
    and while something is missing (`ProposalIncomplete`, with what).
    """
    round = locked_round(proposal.round_id)
    proposal = locked_proposal(proposal.pk)
    if not rules.is_applicant(acting_user, proposal):
        raise NotAllowed()
    repeated = proposal.versions.filter(submit_key=key).first() if key else None
    if repeated is not None:
        return repeated
    now = database_now()
    if not proposal.is_editable_state:
        refuse_if_used(proposal)
    else:
        require_in_time(proposal, round, now)
        missing = missing_of(proposal)
        if missing:
            raise ProposalIncomplete(missing=missing)
        require_eligible(proposal)
        use_extension(proposal, now, acting_user=acting_user)
    tier = tier_of(proposal)
    snapshot = snapshot_of(proposal, tier=tier)
    sha256 = digest_of(snapshot)
    number = proposal.versions.count() + 1
    is_concept = proposal.is_concept
    PROPOSAL.move(
        proposal,
        "file_concept" if is_concept else "submit",
        acting_user=acting_user,
        facts={"version": number, "sha256": sha256},
        tier=tier,
        submitted_at=now,
        complete_by=None,
    )
    ask_team(proposal, acting_user=acting_user)
    version = ProposalVersion.objects.create(
        proposal=proposal,
        number=number,
        snapshot=snapshot,
        sha256=sha256,
        submitted_by=acting_user,
        submitted_at=now,
        submit_key=key,
    )
    tell_applicant(
        proposal,
        kind="proposal_submitted",
        title=lambda: (
            (_("项目概要已提交：%(title)s") if is_concept else _("申报书已提交：%(title)s"))
            % {"title": proposal.title}
        ),
        body=lambda: (
            _(
                "编号 %(code)s，第 %(number)d 版，提交时间 %(at)s。校验值 %(sha256)s。"
                "截止前可以撤回修改。"
            )
            % {
                "code": proposal.code,
                "number": number,
                "at": moment(now),
                "sha256": sha256[:16],
            }
        ),
        key=f"proposal:{proposal.pk}:submitted:{number}",
    )
    return version


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, acting_user: User, reason: str = "") -> Proposal:
    """Take it back before the close; it can be revived as a draft until then.

    Refused after the close (`RoundClosed`).
    """
    round = locked_round(proposal.round_id)
    proposal = locked_proposal(proposal.pk)
    require_open(round, deadline_for(proposal).filing_until, proposal)
    PROPOSAL.move(proposal, "withdraw", acting_user=acting_user, reason=reason)
    return proposal


@transaction.atomic
def revive_proposal(proposal: Proposal, *, acting_user: User) -> Proposal:
    """Go on writing what was taken back, before the close of the step it is in.

    Refused after the close (`RoundClosed`), and when the organisation has begun another one
    (`AlreadyFiled`).
    """
    round = locked_round(proposal.round_id)
    proposal = locked_proposal(proposal.pk)
    require_open(round, deadline_for(proposal).filing_until, proposal)
    require_none_filed(round, proposal.applicant, initiator=proposal.initiator, other_than=proposal)
    verb = "resume" if proposal.is_invited else "revive"
    PROPOSAL.move(proposal, verb, acting_user=acting_user, complete_by=None)
    return proposal


# Telling ----------------------------------------------------------------------------


def tell_applicant(proposal: Proposal, *, kind: str, title: Words, body: Words, key: str) -> None:
    """Tell everyone who acts for the applicant, each once and in their language."""
    for member in applicants_people(proposal):
        tell(
            member,
            kind=kind,
            title=title,
            body=body,
            link=proposal.get_absolute_url(),
            key=f"{key}:{member.pk}",
        )


def applicants_people(proposal: Proposal) -> QuerySet[User]:
    """Who acts for it: the applicant's members, or the person who started it."""
    if proposal.initiator_id is not None:
        return User.objects.filter(is_active=True, pk=proposal.initiator_id)
    return User.objects.filter(
        is_active=True,
        roles__organisation=proposal.applicant_id,
        roles__kind__in=["member", "manager"],
        roles__ended_at__isnull=True,
    ).distinct()


# Guards ---------------------------------------------------------------------------


def locked_round(pk: int) -> Round:
    return Round.objects.select_for_update(of=("self",)).get(pk=pk)


def locked_proposal(pk: int) -> Proposal:
    """Lock the bare row, then read it with what belongs to it.

    In one joined statement PostgreSQL would, after a wait, recheck the new row against the joined
    rows of before it, and lose the proposal when the other transaction changed one of its keys.
    """
    Proposal.objects.select_for_update().only("pk").get(pk=pk)
    return whole_proposals().select_related("saved_by").get(pk=pk)


def require_open(round: Round, until: datetime, proposal: Proposal | None = None) -> None:
    """For beginning, taking back and reviving; `rules.timetable` says until when for whom. What is
    begun is begun in the first step."""
    now = database_now()
    if not round.is_published or now < round.opens_at:
        raise RoundNotOpen(opens_at=round.opens_at)
    is_taken = takes(round, proposal) if proposal else round.state == Round.State.OPEN
    if not is_taken or now >= until:
        raise RoundClosed(closed_at=until)


def require_in_time(proposal: Proposal, round: Round, now: datetime) -> None:
    """`rules.timetable` says until when: its close with grace, an extension, the day set for
    completing it."""
    until = deadline_for(proposal).until
    if takes(round, proposal) and round.opens_at <= now < until:
        return
    if proposal.state == S.RETURNED and round.is_filing:
        raise CompletionOverdue(complete_by=until)
    raise RoundClosed(closed_at=until)


def require_group_open(proposal: Proposal) -> None:
    """Whoever changes the group of a draft may not change to one that has closed."""
    deadline = deadline_for(proposal)
    if proposal.track is not None and database_now() >= deadline.until:
        raise TrackClosed(track=proposal.track.name, closed_at=deadline.closes_at)


def require_none_filed(
    round: Round,
    applicant: Organisation | None = None,
    *,
    initiator: User | None = None,
    other_than: Proposal | None = None,
) -> None:
    """Of one organisation, or of one named initiator, a round takes one proposal."""
    filed = round.proposals.live().filter(applicant=applicant, initiator=initiator)
    if other_than is not None:
        filed = filed.exclude(pk=other_than.pk)
    first = filed.first()
    if first is not None:
        raise AlreadyFiled(code=first.code, organisation=first.applicant_name)
