"""What waits at a home page of score sheets: paper to be typed again, a panel that may close."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.home import Waiting
from accounts.models import Region, User
from ventures.models import Round
from ventures.selectors.paper_sheets import papers_to_check
from ventures.selectors.workload import ready_to_close


def waiting_for_second(user: User, rounds: QuerySet[Round]) -> list[Waiting]:
    """Sheets somebody else typed first, in rounds this person helps with."""
    papers = papers_to_check(user, rounds)
    first = papers.first()
    if first is None:
        return []
    round = first.assignment.member.panel.round
    return [
        Waiting(
            _("纸质评分表等您录第二遍"),
            papers.count(),
            reverse("ventures:panel-papers", args=[round.code]),
            icon="pencil",
            hint=round.name,
        )
    ]


def waiting_to_close(region: Region) -> list[Waiting]:
    """Panels of the officer's own region whose sheets are all in."""
    rounds = list(ready_to_close(Round.objects.filter(region=region))[:20])
    if not rounds:
        return []
    return [
        Waiting(
            _("评分表已交齐，可以结束评审"),
            len(rounds),
            reverse("ventures:round-board", args=[rounds[0].code]),
            icon="clipboard-check",
            hint=rounds[0].name,
        )
    ]
