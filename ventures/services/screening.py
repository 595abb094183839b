"""Check eligibility and completeness (形式审查): accept, return for completion, refuse.

Each answer is one `Screening` of the submitted version, one move, and one message.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.templatetags.kit import moment
from ventures.errors.proposals import CompletionTooShort, TooLateToReturn
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import Proposal, Screening
from ventures.rules import proposals as rules
from ventures.selectors.proposal_form import MARKABLE, field_label
from ventures.selectors.round_forms import content_of
from ventures.selectors.snapshots import latest_version_of
from ventures.services.lapses import lapse_if_overdue
from ventures.services.proposals import locked_proposal, tell_applicant

Outcome = Screening.Outcome


@transaction.atomic
def accept_proposal(proposal: Proposal, *, note: str = "", acting_user: User) -> Screening:
    """Say that it is complete and eligible; it waits for review. The applicant reads the note."""
    proposal = locked_proposal(proposal.pk)
    PROPOSAL.move(proposal, "accept", acting_user=acting_user, reason=note)
    screening = _record(proposal, Outcome.ACCEPTED, reason=note, acting_user=acting_user)
    tell_applicant(
        proposal,
        kind="proposal_screened",
        title=lambda: _("申报书通过形式审查：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _("编号 %(code)s，接下来进入评审。%(note)s") % {"code": proposal.code, "note": note}
        ),
        key=f"proposal:{proposal.pk}:screening:{screening.pk}",
    )
    return screening


@transaction.atomic
def return_proposal(
    proposal: Proposal,
    *,
    reason: str,
    marked_fields: Sequence[str],
    complete_by: datetime,
    acting_user: User,
) -> Screening:
    """Send it back for completion: why, which parts, until when. The applicant edits and resubmits.

    What has lapsed may be given another day this way while the round is open. After the close only
    the marked parts may change. Refused without a reason (`ReasonMissing`)
    and when the time given has already passed (`CompletionTooShort`); once the round is in review
    there is no time left to give (`TooLateToReturn`).
    """
    proposal = lapse_if_overdue(proposal)
    _require_may(acting_user, proposal)
    reason = required(reason)
    markable = (*MARKABLE, *content_of(proposal.round).codes)
    unknown = set(marked_fields) - set(markable)
    assert not unknown, f"no such fields: {unknown}"
    if not proposal.round.is_filing:
        raise TooLateToReturn()
    if complete_by <= database_now():
        raise CompletionTooShort(complete_by=complete_by)
    PROPOSAL.move(
        proposal, "return_", acting_user=acting_user, reason=reason, complete_by=complete_by
    )
    screening = _record(
        proposal,
        Outcome.RETURNED,
        reason=reason,
        marked_fields=[name for name in markable if name in marked_fields],
        complete_by=complete_by,
        acting_user=acting_user,
    )
    tell_applicant(
        proposal,
        kind="proposal_returned",
        title=lambda: _("申报书需要补正：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _("请在 %(until)s 前补正并重新提交。原因：%(reason)s。需要修改：%(fields)s。")
            % {
                "until": moment(complete_by),
                "reason": reason,
                "fields": _("、").join(
                    str(field_label(name, proposal.round)) for name in screening.marked_fields
                )
                or _("见原因"),
            }
        ),
        key=f"proposal:{proposal.pk}:screening:{screening.pk}",
    )
    return screening


@transaction.atomic
def refuse_proposal(proposal: Proposal, *, reason: str, acting_user: User) -> Screening:
    """Say that it cannot be taken, and why. Refused without a reason (`ReasonMissing`)."""
    proposal = lapse_if_overdue(proposal)
    _require_may(acting_user, proposal)
    reason = required(reason)
    PROPOSAL.move(proposal, "refuse", acting_user=acting_user, reason=reason)
    screening = _record(proposal, Outcome.REFUSED, reason=reason, acting_user=acting_user)
    tell_applicant(
        proposal,
        kind="proposal_refused",
        title=lambda: _("申报书未予受理：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _("编号 %(code)s。原因：%(reason)s。如有疑问，请联系 %(who)s，电话 %(phone)s。")
            % {
                "code": proposal.code,
                "reason": reason,
                "who": proposal.round.contact_name,
                "phone": proposal.round.contact_phone,
            }
        ),
        key=f"proposal:{proposal.pk}:screening:{screening.pk}",
    )
    return screening


def _require_may(acting_user: User, proposal: Proposal) -> None:
    """Said before anything about the form of the answer, so that outsiders learn nothing."""
    if not rules.may_screen(acting_user, proposal):
        raise NotAllowed()


def _record(
    proposal: Proposal,
    outcome: str,
    *,
    reason: str = "",
    marked_fields: Sequence[str] = (),
    complete_by: datetime | None = None,
    acting_user: User,
) -> Screening:
    version = latest_version_of(proposal)
    assert version is not None, "what was submitted has a version"
    return Screening.objects.create(
        proposal=proposal,
        version=version,
        outcome=outcome,
        reason=reason,
        marked_fields=list(marked_fields),
        complete_by=complete_by,
        screened_by=acting_user,
    )
