"""What waits at a home page of score sheets: paper to be typed again, a panel that may close."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.home import Waiting
from accounts.models import Region, User
from ventures.models import PaperScoreSheet, Round
from ventures.rules.paper_sheets import may_enter_papers
from ventures.selectors.paper_sheets import papers_to_check
from ventures.selectors.workload import ready_to_close
from ventures.views.home_awards import hers


def waiting_for_second(user: User, rounds: QuerySet[Round]) -> list[Waiting]:
    """Sheets somebody else typed first, in rounds this person helps with."""
    panels: dict[int, bool] = {}
    papers = [one for one in papers_to_check(user, rounds) if _opens_to(user, one, panels)]
    if not papers:
        return []
    round = papers[0].assignment.member.panel.round
    return [
        Waiting(
            _("纸质评分表等您录第二遍"),
            len(papers),
            reverse("ventures:panel-papers", args=[round.code]),
            icon="pencil",
            hint=round.name,
        )
    ]


def _opens_to(user: User, paper: PaperScoreSheet, panels: dict[int, bool]) -> bool:
    """Whether its page opens to her: asked once for each panel."""
    panel = paper.assignment.member.panel
    if panel.pk not in panels:
        panels[panel.pk] = may_enter_papers(user, panel)
    return panels[panel.pk]


def waiting_to_close(user: User, region: Region) -> list[Waiting]:
    """Panels that are hers to close and whose sheets are all in."""
    below = Round.objects.filter(region__lineage__contains=[region.pk])
    rounds = hers(user, region, ready_to_close(below))
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
