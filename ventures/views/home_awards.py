"""What waits for a reviewer and, after the reviewing, for the office."""

from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.home import Waiting
from accounts.models import Region, User
from ventures.models import (
    Assignment,
    Panel,
    PanelMember,
    PublicNotice,
    ReviewInvitation,
    Round,
)

OPEN = Panel.State.OPEN


def waiting_for_reviewer(user: User) -> list[Waiting]:
    """Sheets to fill in, and commitments to sign."""
    own = (
        Assignment.objects.visible_to(user)
        .unfinished()
        .filter(member__panel__state=OPEN)
        .order_by("member__panel__due_at")
    )
    first = own.select_related("member__panel__round").first()
    unsigned = PanelMember.objects.filter(
        reviewer=user, committed_at__isnull=True, panel__state=OPEN
    ).count()
    url = reverse("ventures:review-queue")
    return [
        Waiting(_("评审承诺书等您签署"), unsigned, url, icon="pen"),
        Waiting(
            _("申报书等您评分"),
            own.count(),
            url,
            icon="clipboard-check",
            hint=first.member.panel.round.name if first else "",
            due_at=first.member.panel.due_at if first else None,
        ),
    ]


def waiting_for_expert(user: User) -> list[Waiting]:
    """Invitations to judge: whoever is asked may not be a reviewer yet, in any role."""
    asked = list(
        ReviewInvitation.objects.filter(
            user=user, state=ReviewInvitation.State.OPEN, answer_by__gt=Now()
        )
        .select_related("round")
        .order_by("answer_by")
    )
    if not asked:
        return []
    first = asked[0]
    url = first.get_absolute_url() if len(asked) == 1 else reverse("ventures:review-queue")
    return [
        Waiting(
            _("评审邀请等您答复"),
            len(asked),
            url,
            icon="pen",
            hint=first.round.name,
            due_at=first.answer_by,
        )
    ]


def waiting_for_decision(region: Region) -> list[Waiting]:
    """Rounds of the officer's own region whose next step is the office's."""
    rounds = Round.objects.filter(region=region)
    ended = PublicNotice.objects.running().filter(
        round__region=region, closes_at__lt=database_now()
    )
    steps = (
        (
            _("创投还没有确定评委"),
            rounds.filter(state=Round.State.IN_REVIEW, panel__isnull=True),
            "people",
        ),
        (
            _("创投评审结束，等待集体决策"),
            rounds.filter(state=Round.State.IN_REVIEW, panel__state=Panel.State.CLOSED),
            "list-check",
        ),
        (_("创投已集体决策，等待公示"), rounds.filter(state=Round.State.DECIDED), "megaphone"),
        (_("创投公示期满，等待公告"), rounds.filter(pk__in=ended.values("round")), "check-circle"),
    )
    items = []
    for label, waiting, icon in steps:
        found = list(waiting[:20])
        if found:
            items.append(
                Waiting(
                    label,
                    len(found),
                    reverse("ventures:round-board", args=[found[0].code]),
                    icon=icon,
                    hint=found[0].name,
                )
            )
    return items
