"""撤回公示: take back a notice that has a mistake, so that another replaces it (重新公示).

Its words stay as they were, with their fingerprint. Its decisions go back to where the meeting
left them; `services.notices.publish_notice` puts them on notice again, for all its days anew.
"""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import day
from ventures.errors.reissues import WholeObjectionsFirst
from ventures.lifecycles.decisions import DECISION, NOTICE
from ventures.models import Objection, Proposal, PublicNotice, Round
from ventures.selectors.announcements import told_on
from ventures.selectors.reissues import whole_objections_left
from ventures.services.proposals import applicants_people


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def withdraw_notice(notice: PublicNotice, *, reason: str, acting_user: User) -> PublicNotice:
    """Take a notice back, running or over, for a reason everybody reads; nothing else is decided.

    Every applicant it told of, and every objector who waits for an answer, is told. Refused: once
    something of it is announced, twice, by whom does not decide, and without a reason.
    """
    notice = PublicNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    notice.round = Round.objects.select_for_update(of=("self",)).get(pk=notice.round_id)
    NOTICE.require(notice, "withdraw", acting_user=acting_user)
    reason = required(reason)
    decisions = told_on(notice)
    NOTICE.move(
        notice,
        "withdraw",
        reason=reason[:300],
        acting_user=acting_user,
        withdrawn_at=database_now(),
        withdrawn_by=acting_user,
        withdrawn_reason=reason,
    )
    for decision in decisions:
        DECISION.move(decision, "withdraw", acting_user=acting_user)
        _tell_applicant(decision.proposal, notice)
    for objection in notice.objections.waiting().select_related("filed_by", "proposal"):
        _tell_objector(objection, notice)
    return notice


def require_answered(notice: PublicNotice) -> None:
    """Before it is replaced: whoever objected to all of it has her answer."""
    waiting = whole_objections_left(notice)
    if waiting:
        raise WholeObjectionsFirst(waiting=waiting)


def carry_objections(earlier: PublicNotice, notice: PublicNotice, *, acting_user: User) -> None:
    """What somebody objected to in an item stands against the new notice; its due day stays."""
    waiting = Objection.objects.waiting().filter(notice=earlier)
    kept = list(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Objection.objects.filter(pk__in=kept).update(notice=notice)
    for objection in Objection.objects.filter(pk__in=kept).select_related("filed_by"):
        record_change(
            objection,
            "carry",
            before=earlier.code,
            after=notice.code,
            acting_user=acting_user,
        )
        _tell_carried(objection)


def _tell_applicant(proposal: Proposal, notice: PublicNotice) -> None:
    for user in applicants_people(proposal):
        tell(
            user,
            kind="ventures.notice_withdrawn",
            title=lambda: _("公示已撤回，等重新公示：%(title)s") % {"title": proposal.title},
            body=lambda: (
                _(
                    "原公示有需要改正的地方，已撤回：%(reason)s\n"
                    "您收到的结果通知书随之作废。改正后会重新公示，公示期重新计算，并再给您一份通知书。"
                )
                % {"reason": notice.withdrawn_reason}
            ),
            link=reverse("ventures:proposal-outcome", args=[proposal.code]),
            key=f"ventures.notice:{notice.pk}:withdrawn:{proposal.pk}:user:{user.pk}",
        )


def _tell_objector(objection: Objection, notice: PublicNotice) -> None:
    tell(
        objection.filed_by,
        kind="ventures.notice_withdrawn",
        title=lambda: _("您提出异议的公示已撤回，您的异议仍然有效"),
        body=lambda: (
            _(
                "公示已撤回，改正后重新公示：%(reason)s\n"
                "您不用重新提出，%(due)s 前仍会书面答复您。已经没有意见的，可以撤回异议。"
            )
            % {"reason": notice.withdrawn_reason, "due": day(objection.due_on)}
        ),
        link=reverse("ventures:objection", args=[objection.pk]),
        key=f"ventures.objection:{objection.pk}:notice_withdrawn:{notice.pk}",
    )


def _tell_carried(objection: Objection) -> None:
    tell(
        objection.filed_by,
        kind="ventures.objection_carried",
        title=lambda: _("已重新公示，您的异议转到新的公示"),
        body=lambda: (
            _("%(due)s 前仍会书面答复您；答复以前，您提出的这一项不能公告。")
            % {"due": day(objection.due_on)}
        ),
        link=reverse("ventures:objection", args=[objection.pk]),
        key=f"ventures.objection:{objection.pk}:carried:{objection.notice_id}",
    )
