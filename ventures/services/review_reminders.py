"""Remind reviewers, before their sheets are due, of what is left; each may switch that off.

How long before is a dated term (`terms.reviews`). An officer's own reminder is in
`services.assignments`.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.models import Panel, PanelMember
from ventures.rules.review_rights import rights_by
from ventures.selectors.review_queues import Queue, evening_of
from ventures.terms.reviews import reminder_terms

NAMED = 3


@transaction.atomic
def switch_reminders(member: PanelMember, *, wants: bool, acting_user: User) -> PanelMember:
    """She is told before the close or not; her own word only. Twice is once."""
    if member.reviewer_id != acting_user.pk:
        raise NotAllowed()
    changed = PanelMember.objects.filter(pk=member.pk, wants_reminders=not wants).update(
        wants_reminders=wants
    )
    if changed:
        record_change(member, "switch_reminders", facts={"wants": wants}, acting_user=acting_user)
    member.wants_reminders = wants
    return member


def remind_before_close() -> int:
    """Tell who has sheets left that they are due soon; how many were told or had been.

    Each time before the close is told once. The message says how many are left, and which first.
    """
    now = database_now()
    hours = reminder_terms(timezone.localdate(now)).hours_before
    told = 0
    open_panels = Panel.objects.filter(state=Panel.State.OPEN).select_related("round")
    for panel in open_panels.prefetch_related("round__review_phases"):
        closes_at = _closes_at(panel, now)
        due = [one for one in hours if closes_at and closes_at - timedelta(hours=one) <= now]
        if not due or closes_at is None or closes_at <= now:
            continue
        told += _remind_panel(panel, closes_at, min(due))
    return told


def _closes_at(panel: Panel, now: datetime) -> datetime | None:
    """Until when sheets are taken: the panel's word, or the end of the phase that lets score."""
    rights = rights_by(list(panel.round.review_phases.all()), now)
    if not rights.has_phases:
        return panel.due_at
    if not rights.may_score or rights.phase is None:
        return None
    ends = rights.phase.ends_at
    return min(panel.due_at, ends) if panel.due_at else ends


def _remind_panel(panel: Panel, closes_at: datetime, hours: int) -> int:
    members = panel.members.filter(wants_reminders=True, left_at__isnull=True)
    told = 0
    for member in members.select_related("reviewer"):
        own = [one for one in evening_of(member.reviewer).queues if one.member.pk == member.pk]
        if not own or own[0].done == len(own[0].lines):
            continue
        with override(member.reviewer.language):
            _tell(own[0], closes_at, hours)
        told += 1
    return told


def _tell(queue: Queue, closes_at: datetime, hours: int) -> None:
    member = queue.member
    left = [line for line in queue.lines if not line.is_done]
    first = _("、").join(f"“{line.shown.title}”" for line in left[:NAMED])
    tell(
        member.reviewer,
        kind="ventures.review_due_soon",
        title=_("还有 %(left)d 份没评，%(due)s 截止")
        % {"left": len(left), "due": moment(closes_at)},
        body=_(
            "%(round)s：已交 %(done)d 份，还剩 %(left)d 份，先看%(first)s。"
            "不想再收到这样的提醒，请在“我的评审”里关掉。"
        )
        % {
            "round": member.panel.round,
            "done": queue.done,
            "left": len(left),
            "first": first,
        },
        link=reverse("ventures:review-queue"),
        key=f"ventures.panel_member:{member.pk}:due:{closes_at.isoformat()}:{hours}",
    )
