"""A certificate that holds no longer: withdrawn by somebody who says why, or running out soon."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import day as written_day
from timebank.errors.activities import OwnPaper
from timebank.models import Qualification, Signup
from timebank.rules import activities as rules
from timebank.services.eligibility import required_of
from timebank.services.order_reopening import reopen_without_paper
from timebank.services.signup_releases import coming_signups_of, release_who_may_not_join
from timebank.terms.qualifications import qualification_terms


@dataclass(frozen=True, slots=True)
class Freed:
    """What a withdrawal gave on to others: seats, and orders that are open again."""

    seats: list[Signup]
    orders: int


@transaction.atomic
def withdraw_qualification(paper: Qualification, *, reason: str, acting_user: User) -> Freed:
    """The paper was wrong, was taken back or is not valid any more; what follows is done at once.

    Coming seats that ask for it go on to others, promised orders are open again, nobody counts as
    absent, the volunteer is told why. What was served stays served. What was freed.
    Refused: `OwnPaper`, `NotAllowed`, `ReasonMissing`, `OutOfTurn` (withdrawn already).
    """
    volunteer = paper.volunteer
    if volunteer.pk == acting_user.pk:
        raise OwnPaper()
    if not rules.checks_papers(acting_user, volunteer):
        raise NotAllowed()
    reason = required(reason)
    paper = Qualification.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.withdrawn_at is not None:
        raise OutOfTurn(state=_("已撤销或已换新证"), verb=_("撤销"))
    paper.withdrawn_at, paper.withdrawn_by = database_now(), acting_user
    paper.withdrawn_for = reason[:200]
    paper.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_for"])
    released = release_who_may_not_join(coming_signups_of(volunteer), acting_user=acting_user)
    reopened = reopen_without_paper(paper, reason=reason, acting_user=acting_user)
    change = record_change(
        paper,
        "withdraw",
        before=paper.kind,
        reason=reason,
        acting_user=acting_user,
        on_behalf_of=volunteer,
        facts={"seats_freed": len(released), "orders_reopened": reopened},
    )
    with override(volunteer.language):
        tell(
            volunteer,
            kind="qualification_withdrawn",
            title=_("“%(paper)s”的登记已撤销") % {"paper": paper.get_kind_display()},
            body=_(
                "原因：%(reason)s。要求这项资质的场次退回了 %(count)d 个名额，不算未到；"
                "接下的订单有 %(orders)d 单改由别人服务。以前的服务时间不变。有异议请带证书到站点。"
            )
            % {"reason": reason, "count": len(released), "orders": reopened},
            link=reverse("timebank:growth"),
            key=f"qualification:{paper.pk}:{change.pk}",
        )
    return Freed(released, reopened)


def warn_of_papers_running_out(today: date) -> int:
    """Tell each holder once at every step of the terms; how many are running out."""
    steps = qualification_terms(today).warn_days_before
    papers = Qualification.objects.running_out(today, within=max(steps))
    papers = papers.select_related("volunteer")
    for paper in papers:
        assert paper.valid_until is not None, "running_out asks for it"
        reached = [step for step in steps if paper.valid_until <= today + timedelta(days=step)]
        _warn(paper, min(reached))
    return len(papers)


def _warn(paper: Qualification, step: int) -> None:
    volunteer = paper.volunteer
    with override(volunteer.language):
        tell(
            volunteer,
            kind="qualification_runs_out",
            title=_("“%(paper)s” %(day)s 到期")
            % {"paper": paper.get_kind_display(), "day": written_day(paper.valid_until)},
            body=_(
                "到期以后，要求这项资质的活动不能报名，订单不能接。换了新证，请带到站点查验登记。"
            ),
            link=reverse("timebank:growth"),
            key=f"qualification:{paper.pk}:runs-out:{step}",
        )


def seats_resting_on(paper: Qualification) -> list[Signup]:
    """Coming seats that ask for this paper: what a withdrawal will free."""
    coming = coming_signups_of(paper.volunteer).select_related(
        "volunteer", "position", "shift__activity__service_type"
    )
    return [
        signup
        for signup in coming.order_by("shift__starts_at", "pk")
        if paper.kind in required_of(signup.shift.activity, signup.position)
    ]
