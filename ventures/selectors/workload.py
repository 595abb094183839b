"""What waits for a person in the rounds: for the office, and for an applicant."""

from datetime import datetime

from django.db.models import Min, Q, QuerySet

from accounts.models import Organisation, Region, User
from ventures.models import Assignment, Extension, Panel, Proposal, Round, RoundStop
from ventures.models.deadlines import all_in
from ventures.models.proposals import ProposalQuerySet
from ventures.models.rounds import FILING, OVER
from ventures.models.ties import kept_from_judging
from ventures.rules.round_stops import is_stop_decider
from ventures.rules.timetable import deadline_for
from ventures.selectors.rounds import listed

S = Proposal.State


def rounds_of_office(
    *, region: Region | None = None, operator: Organisation | None = None
) -> QuerySet[Round]:
    """Rounds an office of this region, or this operator, has to work on; finished ones left out."""
    whose = Q(region=region) if region is not None else Q(operator=operator)
    rounds = Round.objects.filter(whose).exclude(state__in=OVER)
    return listed(rounds).order_by("closes_at", "id")


def waiting_for_screening(rounds: QuerySet[Round], user: User) -> tuple[int, datetime | None]:
    """How many submitted proposals wait for this person, and since when the oldest does: those she
    is tied to, or coached, somebody else screens."""
    waiting = _to_screen(rounds, user)
    return waiting.count(), waiting.aggregate(first=Min("submitted_at"))["first"]


def _to_screen(rounds: QuerySet[Round], user: User) -> ProposalQuerySet:
    submitted = Proposal.objects.filter(round__in=rounds.values("pk"), state=S.SUBMITTED)
    return submitted.unsealed().exclude(kept_from_judging(user))


def codes_with_waiting(rounds: QuerySet[Round], user: User) -> QuerySet[Proposal, str]:
    """The codes of the rounds whose submitted proposals wait for this person."""
    waiting = _to_screen(rounds, user)
    return waiting.order_by("round__code").values_list("round__code", flat=True).distinct()


def ready_to_close(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds in review whose sheets are all in."""
    standing = Assignment.objects.standing()
    return rounds.filter(
        state=Round.State.IN_REVIEW,
        panel__state=Panel.State.OPEN,
        panel__in=standing.values("member__panel"),
    ).exclude(panel__in=standing.unfinished().values("member__panel"))


def ready_for_review(rounds: QuerySet[Round], now: datetime) -> list[Round]:
    """Closed rounds whose proposals are all screened."""
    busy = Q(proposals__state=S.SUBMITTED) | Q(
        proposals__state=S.RETURNED, proposals__complete_by__gt=now
    )
    extended = Extension.objects.unused().filter(until__gt=now)
    last_step = Q(state=Round.State.OPEN, full_closes_at__isnull=True) | Q(state=Round.State.FULL)
    closed = Round.objects.filter(last_step, all_in(now), pk__in=rounds.values("pk")).exclude(
        pk__in=extended.values("round")
    )
    return list(
        closed.filter(proposals__state=S.SCREENED)
        .exclude(pk__in=closed.filter(busy).values("pk"))
        .distinct()
    )


def closed_with_nobody(rounds: QuerySet[Round], now: datetime) -> list[Round]:
    """Closed rounds nobody handed anything in to, or nothing that could go on: to be given more
    time, or ended."""
    extended = Extension.objects.unused().filter(until__gt=now)
    going_on = Proposal.objects.filter(
        state__in=[S.CONCEPT, S.INVITED, S.SUBMITTED, S.SCREENED, S.RETURNED],
        round__in=rounds.values("pk"),
    )
    closed = Round.objects.filter(all_in(now), state__in=FILING, pk__in=rounds.values("pk"))
    return list(
        closed.exclude(pk__in=extended.values("round"))
        .exclude(pk__in=going_on.values("round"))
        .exclude(stops__state=RoundStop.State.ASKED)
        .select_related("region")
        .order_by("closes_at")
    )


def stops_to_decide(user: User) -> list[RoundStop]:
    """Rounds somebody asked to end that wait for this person's answer."""
    asked = RoundStop.objects.filter(
        state=RoundStop.State.ASKED, round__in=Round.objects.run_by(user).values("pk")
    ).select_related("round__region", "asked_by")
    return [stop for stop in asked if is_stop_decider(user, stop)]


def ready_for_selection(rounds: QuerySet[Round], now: datetime) -> list[Round]:
    """Rounds in two steps whose concepts are in and not told yet."""
    return list(
        Round.objects.filter(
            all_in(now),
            pk__in=rounds.values("pk"),
            state=Round.State.OPEN,
            full_closes_at__isnull=False,
            proposals__state=S.CONCEPT,
        ).distinct()
    )


def unfinished_of(organisation: Organisation, now: datetime) -> list[Proposal]:
    """Drafts, full proposals invited and returned ones that can still be handed in, the most
    urgent first."""
    proposals = (
        Proposal.objects.with_deadline()
        .filter(applicant=organisation, round__state__in=FILING)
        .filter(state__in=[S.DRAFT, S.INVITED, S.RETURNED])
        .select_related("round")
    )
    until = {one: deadline_for(one).until for one in proposals}
    return sorted(
        (one for one in proposals if now < until[one]), key=lambda one: (until[one], one.pk)
    )


def initiated_by(user: User) -> QuerySet[Proposal]:
    """What a person filed or is writing in her own name, in rounds that are not over."""
    return (
        Proposal.objects.filter(initiator=user)
        .exclude(state=S.WITHDRAWN)
        .exclude(round__state__in=OVER)
        .order_by("-id")
    )


def recent_of(organisation: Organisation, limit: int = 3) -> list[Proposal]:
    """The organisation's latest proposals."""
    return list(
        Proposal.objects.filter(applicant=organisation)
        .select_related("round", "track")
        .order_by("-id")[:limit]
    )
