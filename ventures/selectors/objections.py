"""Objections as their objector, the office and the auditor read them; the overdue first."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation, Region, Role, User
from accounts.rules import organisations_of, regions_of
from accounts.working_days import add_working_days
from ventures.models import (
    AwardWithdrawal,
    Objection,
    Proposal,
    PublicNotice,
    Round,
    StepLimit,
)
from ventures.models.ties import tied_to
from ventures.rules.objections import usual_answer_days
from ventures.selectors.award_walks import Moved, reruns_of

ANSWER = "answer_objection"


def due_day(region: Region, today: date) -> date:
    """Until when an objection filed today is answered: the place's own limit, else the usual."""
    own = (
        StepLimit.objects.filter(region__in=region.lineage, verb=ANSWER, valid_from__lte=today)
        .order_by("-region__level", "-valid_from", "-id")
        .first()
    )
    return add_working_days(today, own.working_days if own else usual_answer_days(today))


def objections_of(user: User) -> QuerySet[Objection]:
    """One's own and, for whoever runs or checks rounds, those of her places in which she is tied to
    nobody; waiting ones first."""
    tied = Proposal.objects.handed_in().filter(tied_to(user)).values("round")
    places = regions_of(user, Role.Kind.OFFICER, Role.Kind.AUDITOR)
    return (
        Objection.objects.filter(
            Q(filed_by=user)
            | Q(notice__round__region__lineage__overlap=places) & ~Q(notice__round__in=tied)
        )
        .select_related("notice__round__region", "proposal", "filed_by")
        .order_by("answered_at", "due_on", "-id")
    )


def waiting_in(region: Region) -> QuerySet[Objection]:
    """Of the region and of those below it."""
    waiting = Objection.objects.waiting().filter(
        notice__round__region__lineage__contains=[region.pk]
    )
    return waiting.select_related("notice__round__region").order_by("due_on")


def bodies_to_object_for(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=organisations_of(user)).order_by("name")


def items_of(notice: PublicNotice, user: User) -> list[tuple[str, str]]:
    """What of the notice one may object to: number and title, as they were published; and one's own
    result, be it listed or not."""
    words = notice.snapshot
    listed = {
        one["code"]: one["title"]
        for one in [*words["projects"], *words["reserves"], *words.get("declined", [])]
    }
    own = Proposal.objects.filter(round=notice.round_id, letters__notice=notice).filter(
        Q(applicant__in=organisations_of(user)) | Q(applicant=None, initiator=user)
    )
    mine = {
        code: _("%(title)s（您自己的申报）") % {"title": title}
        for code, title in own.values_list("code", "title")
    }
    return [(code, f"{code} {title}") for code, title in (listed | mine).items()]


def moved_by(objection: Objection) -> list[Moved]:
    """How the list by the rules changes without the award that was withdrawn."""
    withdrawal = AwardWithdrawal.objects.filter(objection=objection).first()
    if withdrawal is None or withdrawal.walk_id is None:
        return []
    reruns = reruns_of(objection.notice.round)
    return [moved for one in reruns if one.walk.pk == withdrawal.walk_id for moved in one.moved]


def rechecks_of(proposal: Proposal) -> QuerySet[Objection]:
    """Objections to one proposal, for its applicant: what was asked and answered, never by whom."""
    return Objection.objects.filter(proposal=proposal).exclude(
        state__in=[Objection.State.TAKEN_BACK, Objection.State.REFUSED]
    )


def objections_by(user: User, round: Round) -> QuerySet[Objection]:
    """What one person objected to in a round, whatever became of it."""
    mine = Objection.objects.of(user).filter(notice__round=round)
    return mine.select_related("notice", "proposal").order_by("filed_at", "id")
