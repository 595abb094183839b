"""配资承诺: enter a promise with its paper, confirm it, refuse it with a reason, take it back.

A promise is no money: nothing here touches a ledger.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.documents import store_document
from accounts.services.messages import tell
from accounts.templatetags.kit import yuan
from ventures.errors.pledges import (
    CheckUntold,
    NoPledges,
    OwnMoneyPledged,
    PledgedAlready,
    PledgesMissed,
    PledgesOver,
)
from ventures.lifecycles.defences import PLEDGE
from ventures.models import CompositeTerms, Pledge, Proposal
from ventures.rules import pledges as rules
from ventures.selectors.composites import composite_terms_of
from ventures.services.proposals import applicants_people

MAY_BE_PLEDGED = (
    Proposal.State.SUBMITTED,
    Proposal.State.SCREENED,
    Proposal.State.UNDER_REVIEW,
)


@transaction.atomic
def enter_pledge(
    proposal: Proposal,
    *,
    pledger_kind: str,
    pledger_name: str,
    amount_fen: int,
    evidence: "UploadedFile[Any]",
    acting_user: User,
) -> Pledge:
    """A signed promise of somebody, handed in by the applicant, or at the desk and entered there.

    Refused: where the call counts none, after its day by the database's clock, for a proposal that
    does not compete, of the applicant's own side (`OwnMoneyPledged`), and a second one of the same
    name while the first stands.
    """
    Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    proposal = Proposal.objects.select_related("round__region", "applicant", "host").get(
        pk=proposal.pk
    )
    if not rules.enters_pledges(acting_user, proposal):
        raise NotAllowed()
    _require_taken(proposal)
    name = " ".join(pledger_name.split())
    if rules.is_own_money(name, proposal):
        raise OwnMoneyPledged(name=name)
    standing = proposal.pledges.filter(
        pledger_name=name, state__in=[Pledge.State.OFFERED, Pledge.State.CONFIRMED]
    )
    if standing.exists():
        raise PledgedAlready(name=name)
    paper = store_document(evidence, acting_user=acting_user)
    try:
        pledge = Pledge.objects.create(
            proposal=proposal,
            pledger_kind=pledger_kind,
            pledger_name=name,
            amount_fen=amount_fen,
            evidence=paper,
            entered_by=acting_user,
        )
    except IntegrityError:
        # The row goes with the transaction, the file does not.
        paper.file.delete(save=False)
        raise
    record_change(
        pledge,
        "enter",
        after=pledge.state,
        facts={"proposal": proposal.code, "fen": amount_fen},
        acting_user=acting_user,
    )
    return pledge


def _require_taken(proposal: Proposal) -> CompositeTerms:
    terms = composite_terms_of(proposal.round)
    if terms is None or not terms.has_pledges:
        raise NoPledges()
    assert terms.pledges_until is not None, "pledges_have_their_measure"
    if database_now() >= terms.pledges_until:
        raise PledgesOver(until=terms.pledges_until)
    if proposal.state not in MAY_BE_PLEDGED:
        raise PledgesMissed()
    return terms


@transaction.atomic
def confirm_pledge(pledge: Pledge, *, how: str, acting_user: User) -> Pledge:
    """The office has looked at the paper, and asked whoever signed it; from now on it counts.

    Refused: to the applicant, to who entered it, and without a word of how it was checked.
    """
    if not how.strip():
        raise CheckUntold()
    pledge = _locked(pledge)
    PLEDGE.move(
        pledge,
        "confirm",
        reason=how.strip(),
        acting_user=acting_user,
        checked_how=how.strip(),
        decided_by=acting_user,
        decided_at=database_now(),
    )
    return pledge


@transaction.atomic
def refuse_pledge(pledge: Pledge, *, reason: str, acting_user: User) -> Pledge:
    """It does not count, and the applicant learns why."""
    reason = required(reason)
    pledge = _locked(pledge)
    PLEDGE.move(
        pledge,
        "refuse",
        reason=reason,
        acting_user=acting_user,
        decided_by=acting_user,
        decided_at=database_now(),
        refused_for=reason,
    )
    for person in applicants_people(pledge.proposal):
        with override(person.language):
            tell(
                person,
                kind="ventures.pledge_refused",
                title=_("一份配资承诺没有认定：%(name)s") % {"name": pledge.pledger_name},
                body=_("%(amount)s。理由：%(reason)s。截止以前可以补齐后重新提交。")
                % {"amount": yuan(pledge.amount_fen), "reason": reason},
                link=reverse("ventures:proposal-pledges", args=[pledge.proposal.code]),
                key=f"ventures.pledge:{pledge.pk}:refused:{person.pk}",
            )
    return pledge


@transaction.atomic
def withdraw_pledge(pledge: Pledge, *, acting_user: User) -> Pledge:
    """Who entered it, or the applicant, takes it back before it was decided about."""
    pledge = _locked(pledge)
    PLEDGE.move(pledge, "withdraw", acting_user=acting_user)
    return pledge


def _locked(pledge: Pledge) -> Pledge:
    Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
    return Pledge.objects.select_related("proposal__round__region", "entered_by").get(pk=pledge.pk)
