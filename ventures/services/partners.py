"""联合申报: ask an organisation to take a part, agree or refuse by its own member, let it go."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed
from accounts.models import Organisation, Region, User
from accounts.services.changes import record_change
from accounts.services.hostings import tell_managers
from ventures.errors.proposals import DraftLocked, NoPartner
from ventures.lifecycles.partners import PARTNER
from ventures.models import Partner, Proposal
from ventures.rules import proposals as rules
from ventures.services.proposals import locked_proposal, tell_applicant

S = Partner.State
P = Proposal.State
# Whose team was named may still say something of what was handed in.
BEFORE_REVIEW = (P.CONCEPT, P.INVITED, P.SUBMITTED, P.RETURNED, P.SCREENED)


@transaction.atomic
def ask_partner(
    proposal: Proposal,
    organisation: Organisation,
    *,
    region: Region,
    part: str,
    acting_user: User,
) -> Partner:
    """Ask an organisation to take a part of the work in one place; its managers are told.

    Refused: to others than the applicant's people (NotAllowed), once it is handed in
    (`DraftLocked`), and for the applicant itself, its host, the round's operator, bodies not
    verified, or one that was asked already (`NoPartner`).
    """
    proposal = locked_proposal(proposal.pk)
    _require_writing(proposal)
    if not rules.is_applicant(acting_user, proposal):
        raise NotAllowed()
    why_not = _why_no_partner(proposal, organisation)
    if why_not:
        raise NoPartner(organisation=organisation.name, why=why_not)
    partner = Partner.objects.create(
        proposal=proposal,
        organisation=organisation,
        region=region,
        part=part.strip(),
        asked_by=acting_user,
    )
    record_change(
        proposal,
        "ask_partner",
        after=organisation.name,
        facts={"partner": partner.pk},
        acting_user=acting_user,
    )
    tell_managers(
        organisation,
        kind="partner_asked",
        title=lambda: _("%(applicant)s请贵单位联合申报") % {"applicant": proposal.applicant_name},
        body=lambda: (
            _("申报书 %(code)s《%(title)s》，请贵单位承担：%(part)s。请打开“我们的申报”答复。")
            % {"code": proposal.code, "title": proposal.title, "part": partner.part}
        ),
        key=f"partner:{partner.pk}:asked",
    )
    return partner


@transaction.atomic
def agree_to_join(partner: Partner, *, acting_user: User) -> Partner:
    """Take the part, by a member of the organisation that was asked; or say that its people carry
    the project out, as the proposal says."""
    said = (
        gettext_noop("%(name)s确认派出执行社工团队")
        if partner.is_team
        else gettext_noop("%(name)s同意联合申报")
    )
    return _answered(partner, "agree", acting_user, said=said)


@transaction.atomic
def refuse_to_join(partner: Partner, *, acting_user: User) -> Partner:
    """Take no part, or no longer, while the proposal is being written; that its people carry the
    project out may be denied until the review begins, and the office sees it."""
    said = (
        gettext_noop("%(name)s说明没有派出执行社工团队")
        if partner.is_team
        else gettext_noop("%(name)s不参加联合申报")
    )
    return _answered(partner, "refuse", acting_user, said=said)


@transaction.atomic
def remove_partner(partner: Partner, *, acting_user: User) -> Partner:
    """Go on without it, by the applicant's people; those who manage it are told."""
    proposal, partner = _locked(partner)
    PARTNER.move(partner, "remove", acting_user=acting_user)
    record_change(
        proposal, "remove_partner", before=partner.organisation.name, acting_user=acting_user
    )
    tell_managers(
        partner.organisation,
        kind="partner_removed",
        title=lambda: _("不再联合申报：%(code)s") % {"code": proposal.code},
        body=lambda: (
            _("%(applicant)s把贵单位从申报书的联合申报方中移除了。")
            % {"applicant": proposal.applicant_name}
        ),
        key=f"partner:{partner.pk}:removed",
    )
    return partner


def _answered(partner: Partner, verb: str, acting_user: User, *, said: str) -> Partner:
    proposal, partner = _locked(partner)
    PARTNER.move(partner, verb, acting_user=acting_user, answered_by=acting_user, answered_at=Now())
    partner.refresh_from_db(fields=["answered_at"])
    kind = f"{'team' if partner.is_team else 'partner'}_{verb}"
    record_change(proposal, kind, after=partner.organisation.name, acting_user=acting_user)
    tell_applicant(
        proposal,
        kind=kind,
        title=lambda: _(said) % {"name": partner.organisation.name},
        body=lambda: (
            _("申报书 %(code)s《%(title)s》。") % {"code": proposal.code, "title": proposal.title}
        ),
        key=f"partner:{partner.pk}:{verb}",
    )
    return partner


def may_answer(partner: Partner, proposal: Proposal) -> bool:
    """While it is written; of whose people are named in it, until the review begins."""
    return proposal.is_editable_state or (partner.is_team and proposal.state in BEFORE_REVIEW)


def _locked(partner: Partner) -> tuple[Proposal, Partner]:
    """The proposal's row first, then the partner as it stands now."""
    proposal = locked_proposal(partner.proposal_id)
    if not may_answer(partner, proposal):
        raise DraftLocked(state=Proposal.State(proposal.state).public_label)
    found = Partner.objects.select_related("organisation", "region").get(pk=partner.pk)
    found.proposal = proposal
    return proposal, found


def _require_writing(proposal: Proposal) -> None:
    if not proposal.is_editable_state:
        raise DraftLocked(state=Proposal.State(proposal.state).public_label)


def _why_no_partner(proposal: Proposal, organisation: Organisation) -> str:
    if organisation.pk == proposal.applicant_id:
        return _("它就是申报组织。")
    if organisation.pk == proposal.round.operator_id:
        return _("它是这一轮的承办单位，负责接收和形式审查。")
    if organisation.state != Organisation.State.VERIFIED:
        return _("它的登记信息还没有核验。")
    if proposal.partners.filter(organisation=organisation, state__in=Partner.STANDING).exists():
        return _("已经请过它了。")
    return ""
