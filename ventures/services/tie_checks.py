"""再查利害关系: look again at the moments that matter, for what was handed in, completed, joined or
declared since the reviewers were named; and close the assignments a tie is found for.

What is looked for is in `services.conflicts`. What an organiser has lifted is not found again.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import batched
from operator import or_

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.clock import database_now
from accounts.models import User
from accounts.services.messages import tell
from accounts.services.system_user import the_product
from ventures.lifecycles.reviews import ASSIGNMENT
from ventures.models import (
    Assignment,
    ConceptReader,
    Panel,
    PanelMember,
    Proposal,
    Recusal,
    Review,
    ReviewInvitation,
    ReviewPhase,
    Round,
)
from ventures.models.ties import PEOPLE_AT_ONCE, kept_from_judging
from ventures.rules.recusal import acting_officers
from ventures.services.conflicts import detect_conflicts

Ground = Recusal.Ground
TASK = "ventures.tasks.look_in_phase_later"


@transaction.atomic
def look_again(
    round: Round,
    *,
    users: Sequence[User] | None = None,
    proposal: Proposal | None = None,
    acting_user: User,
) -> int:
    """Find ties of those who judge or were asked to, or of `users`; how many were new.

    An assignment a tie stands against is closed as if she had stepped aside, while its sheet is not
    in; a sheet that is in stays and counts until the organiser decides. The organiser is told once
    of each. So many statements, whoever they are: none for each pair.
    """
    Round.objects.select_for_update().only("pk").get(pk=round.pk)
    people = list(judges_of(round) if users is None else users)
    found = detect_conflicts(round, people, only=proposal, acting_user=acting_user)
    # Waits for sheets that are being written this moment.
    panel = Panel.objects.select_for_update().filter(round=round, state=Panel.State.OPEN).first()
    if panel is not None:
        _close_tied(panel, people)
    return found


def look_again_where_phases_open() -> int:
    """Once for each phase that has begun, none waiting for another; how many."""
    begun = ReviewPhase.objects.filter(
        begins_at__lte=database_now(), ties_sought_at=None, round__state=Round.State.IN_REVIEW
    )
    phases = list(begun.values_list("pk", flat=True))
    for phase in phases:
        current_app.tasks[TASK].delay(phase)
    return len(phases)


@transaction.atomic
def look_in_phase(pk: int) -> bool:
    """Once; whether this was the time."""
    is_new = ReviewPhase.objects.filter(pk=pk, ties_sought_at=None).update(
        ties_sought_at=database_now()
    )
    if is_new:
        look_again(Round.objects.get(review_phases=pk), acting_user=the_product())
    return bool(is_new)


def judges_of(round: Round) -> list[User]:
    """Who is seated and has not left, who was asked and has not declined, who reads concepts."""
    seated = PanelMember.objects.filter(panel__round=round, left_at=None)
    asked = ReviewInvitation.objects.standing().filter(round=round)
    readers = ConceptReader.objects.filter(round=round, left_at=None)
    return list(
        User.objects.filter(
            Q(pk__in=seated.values("reviewer"))
            | Q(pk__in=asked.values("user"))
            | Q(pk__in=readers.values("reviewer"))
        ).order_by("pk")
    )


def _close_tied(panel: Panel, people: Sequence[User]) -> None:
    tied = _tied(panel, people)
    if not tied:
        return
    round = Round.objects.select_related("region").get(pk=panel.round_id)
    officers = acting_officers(round.region, round.proposals.handed_in())
    for assignment in tied:
        is_in = hasattr(assignment, "review") and assignment.review.state != Review.State.DRAFT
        if not is_in:
            ASSIGNMENT.move(assignment, "keep_out", acting_user=the_product())
            # Which tie it is stands in the register; who is related to whom stands nowhere.
            Recusal.objects.get_or_create(
                assignment=assignment, defaults={"ground": Ground.INTEREST}
            )
        for officer in officers:
            with override(officer.language):
                _tell_officer(officer, assignment, round, is_in=is_in)


def _tied(panel: Panel, people: Sequence[User]) -> list[Assignment]:
    """Their standing assignments against which a tie stands, in one statement for so many."""
    standing = (
        Assignment.objects.standing()
        .filter(member__panel=panel)
        .select_related("member__reviewer", "proposal__round__region", "review")
        .order_by("pk")
    )
    return [
        assignment
        for some in batched(people, PEOPLE_AT_ONCE, strict=False)
        for assignment in standing.filter(
            reduce(
                or_,
                (Q(member__reviewer=one) & kept_from_judging(one, "proposal__") for one in some),
            )
        )
    ]


def _tell_officer(officer: User, assignment: Assignment, round: Round, *, is_in: bool) -> None:
    left = gettext_noop("她的评分表已经交了，仍然计分；是否退回请您决定。")
    closed = gettext_noop("这份已转为回避，不再等她的评分；缺人评的话请另行分派。")
    tell(
        officer,
        kind="ventures.tie_found",
        title=lambda: (_("发现评委需要回避：%(round)s") % {"round": round.name})[:120],
        body=lambda: (
            _("%(who)s与 %(code)s 有利害关系。%(then)s")
            % {
                "who": assignment.member.reviewer.display_name,
                "code": assignment.proposal.code,
                "then": _(left if is_in else closed),
            }
        ),
        link=reverse("ventures:round-panel", args=[round.code]),
        key=f"ventures.assignment:{assignment.pk}:tie:{is_in}:{officer.pk}",
    )
