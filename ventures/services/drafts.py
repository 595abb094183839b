"""Begin a proposal and save what is typed: never lost, never overwritten unasked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import rules as people
from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import Organisation, User
from accounts.services.changes import record_change
from accounts.templatetags.kit import plain_phone
from ventures.errors.proposals import (
    DraftLocked,
    DraftOvertaken,
    FieldLocked,
    MayNotApply,
    MayNotInitiate,
    OperatorMayNotApply,
)
from ventures.models import Proposal, Round
from ventures.models.plans import PARTS
from ventures.models.proposals import ProposalQuerySet
from ventures.rules import proposals as rules
from ventures.rules.timetable import filing_closes_at
from ventures.selectors.partners import why_not_initiate
from ventures.selectors.proposal_form import field_label
from ventures.selectors.proposals import open_fields_of, whole_proposals
from ventures.selectors.snapshots import stored_text_of
from ventures.selectors.typed_rows import stored_tables_of
from ventures.services.answers import AnswersText, are_answers_stored, write_answers
from ventures.services.budgets import DraftBudget, is_budget_stored, write_budget
from ventures.services.partners import ask_partner
from ventures.services.plan_rows import DraftRows, are_rows_stored, write_rows
from ventures.services.proposals import (
    locked_proposal,
    locked_round,
    require_group_open,
    require_in_time,
    require_none_filed,
    require_open,
)

S = Proposal.State
MANY = ("communities", "needs")
# Written with another field, never by itself.
DERIVED = {"team_organisation"}


@dataclass(frozen=True)
class DraftText:
    """One save of the form: values that could be read, text that could not, the tables sent."""

    values: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    budget: DraftBudget | None = None
    parts: Mapping[str, DraftRows] = field(default_factory=dict)
    answers: AnswersText = field(default_factory=AnswersText)

    def names(self) -> set[str]:
        tables = {*self.parts, *(["budget"] if self.budget is not None else [])}
        tables |= self.answers.names()
        return {*self.values, *self.typed, *tables} - DERIVED


@transaction.atomic
def begin_proposal(round: Round, applicant: Organisation, *, acting_user: User) -> Proposal:
    """Start a draft for an organisation, prefilled with what is known of it, under its number.

    Asked twice in a row (a double click), the second answer is the untouched draft of the first.
    Refused: to people who do not act for the organisation (`MayNotApply`), outside the round's
    time (`RoundNotOpen`, `RoundClosed`), when it already has one there (`AlreadyFiled`), and to the
    round's own operator (`OperatorMayNotApply`).
    """
    if not people.is_member_of(acting_user, applicant):
        raise MayNotApply()
    round = locked_round(round.pk)
    untouched = _just_begun(round, acting_user).filter(applicant=applicant).first()
    if untouched is not None:
        return untouched
    if round.operator_id == applicant.pk:
        raise OperatorMayNotApply(organisation=applicant.name)
    require_open(round, filing_closes_at(round, applicant))
    require_none_filed(round, applicant)
    return _begun(
        round,
        acting_user,
        applicant=applicant,
        host=applicant.host,
        responsible_name=applicant.contact_name or acting_user.display_name,
        responsible_phone=applicant.contact_phone,
    )


@transaction.atomic
def begin_own_proposal(round: Round, host: Organisation, *, acting_user: User) -> Proposal:
    """Start a draft as a named initiator: a person of verified name, paid through a host.

    The host is asked like a partner and agrees by its own member before anything is handed in.
    Refused: below the city's level and to people whose name nobody verified
    (`MayNotInitiate`), else as `begin_proposal`.
    """
    round = locked_round(round.pk)
    untouched = _just_begun(round, acting_user).filter(initiator=acting_user).first()
    if untouched is not None:
        return untouched
    why_not = why_not_initiate(acting_user, round)
    if why_not:
        raise MayNotInitiate(why=why_not)
    if round.operator_id == host.pk:
        raise OperatorMayNotApply(organisation=host.name)
    require_open(round, filing_closes_at(round, initiator=acting_user))
    require_none_filed(round, initiator=acting_user)
    proposal = _begun(
        round,
        acting_user,
        initiator=acting_user,
        host=host,
        responsible_name=acting_user.display_name,
        responsible_phone=plain_phone(acting_user.phone),
    )
    with override(OFFICIAL_LANGUAGE):  # stands in the agreement
        part = _("代管项目资金，代收代付")
    ask_partner(
        proposal,
        host,
        region=round.region,
        part=part,
        acting_user=acting_user,
    )
    return proposal


def _just_begun(round: Round, acting_user: User) -> ProposalQuerySet:
    """Drafts of this person in the round that nothing was typed into yet."""
    return Proposal.objects.filter(
        round=round, created_by=acting_user, state=S.DRAFT, revision=0, submitted_at__isnull=True
    )


def _begun(round: Round, acting_user: User, **fields: Any) -> Proposal:
    round.proposals_numbered += 1
    round.save(update_fields=["proposals_numbered"])
    kinds = list(round.kinds)
    proposal = Proposal.objects.create(
        code=f"{round.number_prefix}-{round.proposals_numbered:04d}",
        round=round,
        kind=kinds[0] if len(kinds) == 1 else "",
        created_by=acting_user,
        saved_by=acting_user,
        **fields,
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
    columns = {name: value for name, value in text.values.items() if name not in MANY}
    typed = {name: kept for name, kept in proposal.typed.items() if name not in text.values}
    proposal.typed = typed | dict(text.typed)
    for name, draft in text.parts.items():
        write_rows(proposal, PARTS[name], draft)
        proposal.typed.pop(name, None)
        if draft.typed_rows is not None:
            proposal.typed[name] = list(draft.typed_rows)
    columns["typed"] = proposal.typed
    if text.budget is not None:
        columns |= write_budget(proposal, text.budget)
    if text.answers.names():
        write_answers(proposal, text.answers)
    for name in MANY:
        if name in text.values:
            getattr(proposal, name).set(text.values[name])
    now = database_now()
    Proposal.objects.filter(pk=proposal.pk).update(
        **columns, revision=proposal.revision + 1, saved_at=now, saved_by=acting_user
    )
    saved = whole_proposals().get(pk=proposal.pk)
    if "track" in text.values:
        require_group_open(saved)
    return saved


def _is_stored(proposal: Proposal, text: DraftText) -> bool:
    """Whether everything this save brings already stands there, word for word."""
    values = dict(text.values)
    chosen = {name: values.pop(name) for name in MANY if name in values}
    return (
        all(getattr(proposal, name) == value for name, value in values.items())
        and not proposal.typed.keys() & text.values.keys()
        and all(proposal.typed.get(name) == typed for name, typed in text.typed.items())
        and all(
            set(picked) == set(getattr(proposal, name).all()) for name, picked in chosen.items()
        )
        and all(are_rows_stored(proposal, PARTS[name], draft) for name, draft in text.parts.items())
        and (text.budget is None or is_budget_stored(proposal, text.budget))
        and are_answers_stored(proposal, text.answers)
    )


def require_writable(proposal: Proposal, *, acting_user: User) -> tuple[str, ...]:
    """The fields that may be changed now; refused like a save when there are none."""
    _require_writable(proposal, set(), acting_user)
    return open_fields_of(proposal, database_now())


def other_version(proposal: Proposal, names: set[str]) -> dict[str, Any]:
    """What is stored instead of what the older page wanted to save: the facts of a conflict."""
    stored = stored_text_of(proposal) | stored_tables_of(proposal)
    return {
        "revision": proposal.revision,
        "saved_at": proposal.saved_at,
        "saved_by": proposal.saved_by.display_name,
        "fields": {name: stored[name] for name in sorted(names) if name in stored},
        "requested_fen": proposal.requested_fen,
    }


def _require_writable(proposal: Proposal, names: set[str], acting_user: User) -> None:
    if not rules.is_applicant(acting_user, proposal):
        raise NotAllowed()
    if not proposal.is_editable_state:
        raise DraftLocked(state=S(proposal.state).public_label)
    now = database_now()
    require_in_time(proposal, proposal.round, now)
    locked = names - set(open_fields_of(proposal, now))
    if locked:
        raise FieldLocked(fields=[field_label(name, proposal.round) for name in sorted(locked)])
