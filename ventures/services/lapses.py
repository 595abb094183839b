"""Close what was returned for completion and not handed in again by its day, and what was selected
as a concept and never came as a full proposal.

Time does it, by the database's clock, and the applicant is told. Afterwards the office may still
answer what was returned (return it once more, refuse it); who missed the second close goes on where
she was when she is given more time.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.language import OFFICIAL_LANGUAGE
from accounts.services.system_user import the_product
from accounts.templatetags.kit import moment
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import Proposal, Round
from ventures.selectors.proposals import deadline_of, is_overdue, overdue_proposals
from ventures.services.proposals import locked_proposal, tell_applicant


def lapse_overdue(now: datetime | None = None) -> int:
    """Every proposal that was waited for and whose day has passed is closed; how many were. Asking
    twice is harmless.

    Each is a transaction of its own, so that one that is being handed in this moment holds nobody
    up for long.
    """
    now = now or database_now()
    overdue = overdue_proposals(now).values_list("pk", flat=True).order_by("pk")
    return sum(_lapse_if_overdue(pk) for pk in list(overdue))


def lapse_overdue_of(round: Round) -> int:
    """The same for one round, whose row the caller has locked."""
    overdue = overdue_proposals(database_now()).filter(round=round)
    return sum(_lapse_if_overdue(pk) for pk in list(overdue.values_list("pk", flat=True)))


def lapse_if_overdue(proposal: Proposal) -> Proposal:
    """The proposal, locked and as it stands now: lapsed when its day has passed."""
    _lapse_if_overdue(proposal.pk)
    return locked_proposal(proposal.pk)


@transaction.atomic
def _lapse_if_overdue(pk: int) -> bool:
    proposal = locked_proposal(pk)
    now = database_now()
    if not is_overdue(proposal, now):
        return False
    with override(OFFICIAL_LANGUAGE):
        if proposal.state == Proposal.State.INVITED:
            _miss(proposal)
        else:
            _lapse(proposal)
    return True


def _lapse(proposal: Proposal) -> None:
    until = deadline_of(proposal)
    PROPOSAL.move(
        proposal,
        "lapse",
        acting_user=the_product(),
        reason=_("%(until)s 前没有重新提交") % {"until": moment(until)},
    )
    tell_applicant(
        proposal,
        kind="proposal_lapsed",
        title=lambda: _("补正期已过：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _(
                "编号 %(code)s 到 %(until)s 没有重新提交，按规定不进入评审。"
                "有特殊原因的，请尽快联系 %(who)s，电话 %(phone)s；"
                "评审开始前，经办人可以再给补正时间。"
            )
            % {
                "code": proposal.code,
                "until": moment(until),
                "who": proposal.round.contact_name,
                "phone": proposal.round.contact_phone,
            }
        ),
        key=f"proposal:{proposal.pk}:lapsed:{until.isoformat()}",
    )


def _miss(proposal: Proposal) -> None:
    """The full proposal did not come: the concept stays on record, and this is its end."""
    until = deadline_of(proposal)
    PROPOSAL.move(
        proposal,
        "miss",
        acting_user=the_product(),
        reason=_("%(until)s 前没有提交完整申报书") % {"until": moment(until)},
    )
    tell_applicant(
        proposal,
        kind="proposal_unfiled",
        title=lambda: _("完整申报书已截止，没有提交：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _(
                "编号 %(code)s 的概要入围了，但到 %(until)s 没有提交完整申报书，本轮不再继续。"
                "写好的内容都保存着。有特殊原因的，请尽快联系 %(who)s，电话 %(phone)s："
                "评审开始前，主办方可以给延期，给了就能接着填。"
            )
            % {
                "code": proposal.code,
                "until": moment(until),
                "who": proposal.round.contact_name,
                "phone": proposal.round.contact_phone,
            }
        ),
        key=f"proposal:{proposal.pk}:unfiled:{until.isoformat()}",
    )
