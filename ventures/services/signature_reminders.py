"""Remind who has not added the scan of the 签章页 yet, once, shortly before its day."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.templatetags.kit import day
from ventures.models import Proposal
from ventures.selectors.signals import unsigned_due_within
from ventures.services.proposals import tell_applicant


def remind_unsigned() -> int:
    """How many proposals were reminded; the message's key makes a second run tell nobody again."""
    today = timezone.localdate(database_now())
    proposals = list(unsigned_due_within(today, settings.SIGNATURE_REMINDER_DAYS))
    for proposal in proposals:
        _remind(proposal)
    return len(proposals)


def _remind(proposal: Proposal) -> None:
    due_on = proposal.round.signature_due_on
    tell_applicant(
        proposal,
        kind="signature_due",
        title=lambda: _("签章页还没有上传：%(title)s") % {"title": proposal.title},
        body=lambda: (
            _("编号 %(code)s。请打印签章页，签字盖章后拍照或扫描，在 %(day)s 前上传。")
            % {"code": proposal.code, "day": day(due_on)}
        ),
        key=f"proposal:{proposal.pk}:signature:{due_on}",
    )
