"""评审邀请: ask experts to judge a round, take their answer, remind, let it lapse.

Accepting signs the commitment and says what one must step aside from, before any content opens.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.rules import has_role_over
from accounts.services.changes import record_change
from accounts.services.compatibility import require_compatible
from accounts.services.messages import tell
from accounts.services.roles import grant_role
from accounts.services.system_user import the_product
from accounts.templatetags.kit import moment
from ventures.errors.reviewers import CommitmentUnsigned, ExpertsUnaskable, InvitationOver
from ventures.errors.reviews import ReviewNotBegun
from ventures.lifecycles.reviewers import REVIEW_INVITATION
from ventures.models import Expert, Proposal, ReviewInvitation, ReviewPlan, Round
from ventures.rules import experts as rules
from ventures.rules.rounds import Kind
from ventures.selectors.reviewers import askable_for, people_of, proposals_to_weigh
from ventures.services.conflicts import Told, declare_conflict, detect_conflicts

S = ReviewInvitation.State
REMIND_BEFORE = timedelta(days=2)


@transaction.atomic
def invite_experts(
    round: Round, experts: Sequence[Expert], *, acting_user: User
) -> list[ReviewInvitation]:
    """Ask each of them once; each is told at once, with the day to answer by.

    What belonging does not show is looked for first (`detect_conflicts`). Refused: to whoever does
    not decide in the round, before the review, and for whoever cannot be asked today.
    """
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not rules.may_find_reviewers(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    may = set(askable_for(round).values_list("pk", flat=True))
    never = [expert.name for expert in experts if expert.pk not in may]
    if never:
        raise ExpertsUnaskable(names=never)
    detect_conflicts(round, people_of(experts), acting_user=acting_user)
    plan = ReviewPlan.objects.filter(round=round).first() or ReviewPlan()
    answer_by = database_now() + timedelta(days=plan.answer_days)
    return [_ask(round, expert, plan, answer_by, acting_user) for expert in experts]


def _ask(
    round: Round, expert: Expert, plan: ReviewPlan, answer_by: datetime, acting_user: User
) -> ReviewInvitation:
    assert expert.user is not None, "only who can sign in is askable"
    most = min(plan.most, expert.most or plan.most)
    invitation = ReviewInvitation.objects.create(
        round=round,
        expert=expert,
        user=expert.user,
        least=min(plan.least, most),
        most=most,
        answer_by=answer_by,
        asked_by=acting_user,
    )
    record_change(invitation, "invite", after=S.OPEN, acting_user=acting_user)
    with override(expert.user.language):
        _tell_asked(invitation)
    return invitation


@transaction.atomic
def accept_invitation(
    invitation: ReviewInvitation,
    *,
    has_signed: bool,
    told: Mapping[int, Told],
    acting_user: User,
) -> ReviewInvitation:
    """Yes, with the commitment signed and what she must keep out of (by number of the proposal).

    She becomes a reviewer of the place for her mandate. Refused: unsigned (`CommitmentUnsigned`),
    too late (`InvitationOver`), to others (`NotAllowed`), to who holds an office that organises,
    pays or audits (`RolesConflict`).
    """
    invitation = _locked(invitation)
    REVIEW_INVITATION.require(invitation, "accept", acting_user=acting_user)
    if not has_signed:
        raise CommitmentUnsigned()
    now = database_now()
    if now > invitation.answer_by:
        raise InvitationOver(day=moment(invitation.answer_by))
    shown: dict[int, Proposal] = {one.pk: one for one in proposals_to_weigh(invitation)}
    for number, one in told.items():
        if number in shown:
            declare_conflict(shown[number], one, acting_user=acting_user)
    REVIEW_INVITATION.move(
        invitation,
        "accept",
        facts={"conflicts": len(told)},
        acting_user=acting_user,
        answered_at=now,
    )
    if not has_role_over(acting_user, invitation.round.region, Kind.REVIEWER):
        require_compatible(acting_user, Kind.REVIEWER)
        with override(OFFICIAL_LANGUAGE):  # the reason stays with the role
            grant_role(
                acting_user,
                Kind.REVIEWER,
                region=invitation.round.region,
                ends_on=invitation.expert.ends_on,
                reason=_("接受评审邀请"),
                acting_user=invitation.asked_by,
            )
    _tell_asker(invitation)
    return invitation


@transaction.atomic
def decline_invitation(
    invitation: ReviewInvitation, *, reason: str, acting_user: User
) -> ReviewInvitation:
    """No, and why; whoever asked reads it, nobody else, and it stays."""
    reason = required(reason)
    invitation = _locked(invitation)
    REVIEW_INVITATION.move(
        invitation,
        "decline",
        acting_user=acting_user,
        declined_for=reason,
        answered_at=database_now(),
    )
    _tell_asker(invitation)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: ReviewInvitation, *, acting_user: User) -> ReviewInvitation:
    """Take it back before it is answered; it is gone for her at once."""
    invitation = _locked(invitation)
    REVIEW_INVITATION.move(invitation, "withdraw", acting_user=acting_user)
    return invitation


@transaction.atomic
def take_off_list(invitation: ReviewInvitation, *, acting_user: User) -> ReviewInvitation:
    """Clear the list of one that has ended. The row and its reason stay. Twice is once."""
    invitation = _locked(invitation)
    if not rules.asks_in_round(acting_user, invitation):
        raise NotAllowed()
    if invitation.state in (S.OPEN, S.ACCEPTED):
        REVIEW_INVITATION.require(invitation, "withdraw", acting_user=acting_user)
        REVIEW_INVITATION.move(invitation, "withdraw", acting_user=acting_user)
    if invitation.off_list_at is None:
        invitation.off_list_at = database_now()
        invitation.save(update_fields=["off_list_at"])
        record_change(invitation, "take_off_list", acting_user=acting_user)
    return invitation


@transaction.atomic
def remind_and_lapse() -> tuple[int, int]:
    """Two days before the end a reminder, after it the invitation lapses: how many of each."""
    now = database_now()
    open_ones = ReviewInvitation.objects.filter(state=S.OPEN).select_related("user", "round")
    soon = open_ones.filter(answer_by__gt=now, answer_by__lte=now + REMIND_BEFORE)
    for invitation in soon:
        with override(invitation.user.language):
            _remind(invitation)
    over = list(open_ones.filter(answer_by__lte=now))
    for invitation in over:
        REVIEW_INVITATION.move(invitation, "lapse", acting_user=the_product())
        _tell_asker(invitation)
    return len(soon), len(over)


def _locked(invitation: ReviewInvitation) -> ReviewInvitation:
    return (
        ReviewInvitation.objects.select_for_update(of=("self",))
        .select_related("round__region", "user", "asked_by", "expert")
        .get(pk=invitation.pk)
    )


def _tell_asked(invitation: ReviewInvitation) -> None:
    tell(
        invitation.user,
        kind="ventures.review_invited",
        title=_("请您担任%(round)s的评委") % {"round": invitation.round},
        body=_(
            "请在 %(day)s 前答复。点开看申报项目的名称和单位，没有需要回避的就接受；"
            "不方便参加也请告诉我们原因。"
        )
        % {"day": moment(invitation.answer_by)},
        link=invitation.get_absolute_url(),
        key=f"ventures.review_invitation:{invitation.pk}:asked",
    )


def _remind(invitation: ReviewInvitation) -> None:
    tell(
        invitation.user,
        kind="ventures.review_invited",
        title=_("评审邀请还等您答复：%(round)s") % {"round": invitation.round},
        body=_("答复期到 %(day)s 为止。接受或谢绝都请点开说一声，我们好安排。")
        % {"day": moment(invitation.answer_by)},
        link=invitation.get_absolute_url(),
        key=f"ventures.review_invitation:{invitation.pk}:remind:{timezone.localdate()}",
    )


def _tell_asker(invitation: ReviewInvitation) -> None:
    """Who answered how; the reason stands on the page, not in a letter."""
    with override(invitation.asked_by.language):
        tell(
            invitation.asked_by,
            kind="ventures.review_invitation_answered",
            title=_("%(who)s：%(state)s")
            % {"who": invitation.expert.name, "state": invitation.get_state_display()},
            body=_("%(round)s的评审邀请有了结果，点开看还缺几位评委。")
            % {"round": invitation.round},
            link=f"/rounds/{invitation.round.code}/invitations/",
            key=f"ventures.review_invitation:{invitation.pk}:{invitation.state}",
        )
