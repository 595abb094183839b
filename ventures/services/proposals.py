"""Draft, submit, withdraw and revive a proposal. Its files are kept in `services.proposal_files`.

Locks are taken in one order: the round before its proposals. Deadlines are judged by the
database's clock, read after the lock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import rules as people
from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Organisation, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.errors.proposals import (
    AlreadyFiled,
    CompletionOverdue,
    DraftLocked,
    DraftOvertaken,
    FieldLocked,
    MayNotApply,
    OperatorMayNotApply,
    ProposalIncomplete,
)
from ventures.errors.rounds import RoundClosed, RoundNotOpen
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import Proposal, ProposalVersion, Round
from ventures.rules import proposals as rules
from ventures.selectors.proposal_form import field_label, missing_of, tier_of
from ventures.selectors.proposals import open_fields_of, whole_proposals
from ventures.selectors.snapshots import digest_of, snapshot_of, stored_text_of
from ventures.services.budgets import DraftBudget, is_budget_stored, write_budget

S = Proposal.State
# What the office writes by itself is an official text: Chinese, whatever language people read.
OFFICIAL_LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class DraftText:
    """One save of the form: values that could be read, text that could not, the budget if sent."""

    values: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    budget: DraftBudget | None = None

    def names(self) -> set[str]:
        return {*self.values, *self.typed, *(["budget"] if self.budget is not None else [])}


# Drafting -----------------------------------------------------------------------


@transaction.atomic
def begin_proposal(round: Round, applicant: Organisation, *, acting_user: User) -> Proposal:
    """Start a draft for an organisation, prefilled with what is known of it, under its number.

    Refused: to people who do not act for the organisation (`MayNotApply`), outside the round's
    time (`RoundNotOpen`, `RoundClosed`), when it already has one there (`AlreadyFiled`), and to the
    round's own operator (`OperatorMayNotApply`).
    """
    if not people.is_member_of(acting_user, applicant):
        raise MayNotApply()
    round = _locked_round(round.pk)
    if round.operator_id == applicant.pk:
        raise OperatorMayNotApply(organisation=applicant.name)
    _require_open(round)
    _require_none_filed(round, applicant)
    round.proposals_numbered += 1
    round.save(update_fields=["proposals_numbered"])
    kinds = list(round.kinds)
    proposal = Proposal.objects.create(
        code=f"{round.number_prefix}-{round.proposals_numbered:04d}",
        round=round,
        applicant=applicant,
        host=applicant.host,
        responsible_name=applicant.contact_name or acting_user.display_name,
        responsible_phone=applicant.contact_phone,
        kind=kinds[0] if len(kinds) == 1 else "",
        created_by=acting_user,
        saved_by=acting_user,
    )
    if round.level == Round.Level.COMMUNITY:
        proposal.communities.set([round.region])
    record_change(proposal, "begin", after=S.DRAFT, acting_user=acting_user)
    return proposal


@transaction.atomic
def save_draft(
    proposal: Proposal, text: DraftText, *, revision: int, acting_user: User
) -> Proposal:
    """Keep what was typed, if nobody saved since `revision`; return the proposal as stored.

    Text that cannot be read yet is kept as typed. The same save once more, after its answer got
    lost on the way, changes nothing and is no conflict. Refused: an older page (`DraftOvertaken`,
    with the other text), a proposal no longer being written (`DraftLocked`), a passed deadline
    (`RoundClosed`, `CompletionOverdue`), fields that were not marked (`FieldLocked`).
    """
    proposal = locked_proposal(proposal.pk)
    _require_writable(proposal, text.names(), acting_user)
    if revision != proposal.revision:
        if _is_stored(proposal, text):
            return proposal
        raise DraftOvertaken(**other_version(proposal, text.names()))
    columns = {name: value for name, value in text.values.items() if name != "communities"}
    typed = {name: kept for name, kept in proposal.typed.items() if name not in text.values}
    proposal.typed = typed | dict(text.typed)
    columns["typed"] = proposal.typed
    if text.budget is not None:
        columns |= write_budget(proposal, text.budget)
    if "communities" in text.values:
        proposal.communities.set(text.values["communities"])
    now = database_now()
    Proposal.objects.filter(pk=proposal.pk).update(
        **columns, revision=proposal.revision + 1, saved_at=now, saved_by=acting_user
    )
    return whole_proposals().get(pk=proposal.pk)


def _is_stored(proposal: Proposal, text: DraftText) -> bool:
    """Whether everything this save brings already stands there, word for word."""
    values = dict(text.values)
    communities = values.pop("communities", None)
    return (
        all(getattr(proposal, name) == value for name, value in values.items())
        and not proposal.typed.keys() & text.values.keys()
        and all(proposal.typed.get(name) == typed for name, typed in text.typed.items())
        and (communities is None or set(communities) == set(proposal.communities.all()))
        and (text.budget is None or is_budget_stored(proposal, text.budget))
    )


def require_writable(proposal: Proposal, *, acting_user: User) -> tuple[str, ...]:
    """The fields that may be changed now; refused like a save when there are none."""
    _require_writable(proposal, set(), acting_user)
    return open_fields_of(proposal, database_now())


def other_version(proposal: Proposal, names: set[str]) -> dict[str, Any]:
    """What is stored instead of what the older page wanted to save: the facts of a conflict."""
    stored = stored_text_of(proposal)
    return {
        "revision": proposal.revision,
        "saved_at": proposal.saved_at,
        "saved_by": proposal.saved_by.display_name,
        "fields": {name: stored[name] for name in sorted(names) if name in stored},
        "requested_fen": proposal.requested_fen,
    }


# Handing in ---------------------------------------------------------------------


@transaction.atomic
def submit_proposal(proposal: Proposal, *, acting_user: User) -> ProposalVersion:
    """Hand the proposal in: freeze a version with its hash, move, and tell the applicant's people.

    Refused: after the close or the day set for completing (`RoundClosed`, `CompletionOverdue`),
    and while something is missing (`ProposalIncomplete`, with what).
    """
    round = _locked_round(proposal.round_id)
    proposal = locked_proposal(proposal.pk)
    if not rules.is_applicant(acting_user, proposal):
        raise NotAllowed()
    now = database_now()
    if proposal.is_editable_state:
        _require_in_time(proposal, round, now)
        missing = missing_of(proposal)
        if missing:
            raise ProposalIncomplete(missing=missing)
    tier = tier_of(proposal)
    snapshot = snapshot_of(proposal, tier=tier)
    sha256 = digest_of(snapshot)
    number = proposal.versions.count() + 1
    PROPOSAL.move(
        proposal,
        "submit",
        acting_user=acting_user,
        facts={"version": number, "sha256": sha256},
        tier=tier,
        submitted_at=now,
        complete_by=None,
    )
    version = ProposalVersion.objects.create(
        proposal=proposal,
        number=number,
        snapshot=snapshot,
        sha256=sha256,
        submitted_by=acting_user,
        submitted_at=now,
    )
    tell_applicant(
        proposal,
        kind="proposal_submitted",
        title=_("申报书已提交：%(title)s") % {"title": proposal.title},
        body=_(
            "编号 %(code)s，第 %(number)d 版，提交时间 %(at)s。校验值 %(sha256)s。"
            "截止前可以撤回修改。"
        )
        % {
            "code": proposal.code,
            "number": number,
            "at": moment(now),
            "sha256": sha256[:16],
        },
        key=f"proposal:{proposal.pk}:submitted:{number}",
    )
    return version


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, acting_user: User, reason: str = "") -> Proposal:
    """Take it back before the close; it can be revived as a draft until then.

    Refused after the close (`RoundClosed`).
    """
    round = _locked_round(proposal.round_id)
    proposal = locked_proposal(proposal.pk)
    _require_open(round)
    PROPOSAL.move(proposal, "withdraw", acting_user=acting_user, reason=reason)
    return proposal


@transaction.atomic
def revive_proposal(proposal: Proposal, *, acting_user: User) -> Proposal:
    """Go on writing what was taken back, before the close.

    Refused after the close (`RoundClosed`), and when the organisation has begun another one
    (`AlreadyFiled`).
    """
    round = _locked_round(proposal.round_id)
    proposal = locked_proposal(proposal.pk)
    _require_open(round)
    _require_none_filed(round, proposal.applicant, other_than=proposal)
    PROPOSAL.move(proposal, "revive", acting_user=acting_user, complete_by=None)
    return proposal


# Telling ----------------------------------------------------------------------------


def tell_applicant(proposal: Proposal, *, kind: str, title: str, body: str, key: str) -> None:
    """Tell everyone who acts for the applicant, each once."""
    members = User.objects.filter(
        is_active=True,
        roles__organisation=proposal.applicant_id,
        roles__kind__in=["member", "manager"],
        roles__ended_at__isnull=True,
    ).distinct()
    for member in members:
        tell(
            member,
            kind=kind,
            title=title[:120],
            body=body,
            link=proposal.get_absolute_url(),
            key=f"{key}:{member.pk}",
        )


# Guards ---------------------------------------------------------------------------


def _locked_round(pk: int) -> Round:
    return Round.objects.select_for_update(of=("self",)).get(pk=pk)


def locked_proposal(pk: int) -> Proposal:
    """Lock the bare row, then read it with what belongs to it.

    In one joined statement PostgreSQL would, after a wait, recheck the new row against the joined
    rows of before it, and lose the proposal when the other transaction changed one of its keys.
    """
    Proposal.objects.select_for_update().only("pk").get(pk=pk)
    return whole_proposals().select_related("saved_by").get(pk=pk)


def _require_open(round: Round) -> None:
    now = database_now()
    if round.state == Round.State.DRAFT or now < round.opens_at:
        raise RoundNotOpen(opens_at=round.opens_at)
    if round.state != Round.State.OPEN or now >= round.closes_at:
        raise RoundClosed(closed_at=round.closes_at)


def _require_in_time(proposal: Proposal, round: Round, now: datetime) -> None:
    """Before the close; a returned one also until the day set for completing it."""
    if round.state == Round.State.OPEN and round.opens_at <= now < round.closes_at:
        return
    if proposal.state == S.RETURNED and round.state == Round.State.OPEN:
        assert proposal.complete_by is not None, "returned_proposal_says_until_when"
        if now < proposal.complete_by:
            return
        raise CompletionOverdue(complete_by=max(proposal.complete_by, round.closes_at))
    raise RoundClosed(closed_at=round.closes_at)


def _require_writable(proposal: Proposal, names: set[str], acting_user: User) -> None:
    if not rules.is_applicant(acting_user, proposal):
        raise NotAllowed()
    if not proposal.is_editable_state:
        raise DraftLocked(state=S(proposal.state).public_label)
    now = database_now()
    _require_in_time(proposal, proposal.round, now)
    locked = names - set(open_fields_of(proposal, now))
    if locked:
        raise FieldLocked(fields=[field_label(name) for name in sorted(locked)])


def _require_none_filed(
    round: Round, applicant: Organisation, other_than: Proposal | None = None
) -> None:
    filed = round.proposals.live().filter(applicant=applicant)
    if other_than is not None:
        filed = filed.exclude(pk=other_than.pk)
    first = filed.first()
    if first is not None:
        raise AlreadyFiled(code=first.code, organisation=applicant.name)
