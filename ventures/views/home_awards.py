"""What waits for a reviewer and, after the reviewing, for the office."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.home import Waiting
from accounts.models import Region, Role, User
from accounts.rules import regions_of
from ventures.models import (
    Assignment,
    AwardWish,
    Bonus,
    Decision,
    DefenceSession,
    DefenceSlot,
    Objection,
    Override,
    Panel,
    PanelMember,
    Pledge,
    PublicNotice,
    ReviewInvitation,
    Round,
)
from ventures.models.deadlines import sealed
from ventures.models.ordering import own_first
from ventures.models.ties import tied_to
from ventures.rules.award_walks import is_override_decider
from ventures.rules.award_wishes import is_decider as is_wish_decider
from ventures.rules.bonuses import is_decider as is_bonus_decider
from ventures.rules.recusal import may_decide
from ventures.rules.review_rights import is_still_blind
from ventures.selectors.promotions import awaiting_promotion
from ventures.selectors.reissues import to_be_withdrawn

OPEN = Panel.State.OPEN
MOST = 20


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
        *_halls_of(user),
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


def _halls_of(user: User) -> list[Waiting]:
    """Defences whose order is drawn and that are not over, for those who score there."""
    sessions = DefenceSession.objects.filter(
        state=DefenceSession.State.DRAWN,
        round__panel__state=OPEN,
        round__panel__members__reviewer=user,
        round__in=DefenceSlot.objects.exclude(state=DefenceSlot.State.REVEALED).values(
            "session__round"
        ),
    )
    return [
        Waiting(
            _("路演答辩，现场打分"),
            1,
            reverse("ventures:hall", args=[one.round.code]),
            icon="megaphone",
            hint=one.round.name,
            due_at=one.begins_at,
        )
        for one in sessions.select_related("round").order_by("begins_at")[:3]
        if is_still_blind(one.round) is None
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


def waiting_for_decision(user: User, region: Region) -> list[Waiting]:
    """Rounds whose next step is hers: of her own region, unless she is tied to a proposal of it;
    of one below, where everybody there is and she stands in."""
    rounds = Round.objects.filter(region__lineage__contains=[region.pk])
    hidden = tied_to(user, "proposal__") | sealed("proposal__round__")
    offered = Pledge.objects.filter(state=Pledge.State.OFFERED).exclude(hidden)
    void = to_be_withdrawn()
    ended = PublicNotice.objects.running().filter(closes_at__lt=database_now())
    withdrawn = PublicNotice.objects.filter(state=PublicNotice.State.WITHDRAWN, replaced_by=None)
    to_promote = [one.pk for one in awaiting_promotion(rounds)]
    board = "ventures:round-board"
    steps = (
        (
            _("创投还没有确定评委"),
            rounds.filter(state=Round.State.IN_REVIEW, panel__isnull=True),
            "people",
            board,
        ),
        (
            _("配资承诺等您核实"),
            rounds.filter(pk__in=offered.values("proposal__round")),
            "patch-check",
            "ventures:round-pledges",
        ),
        (
            _("创投评审结束，等待集体决策"),
            rounds.filter(state=Round.State.IN_REVIEW, panel__state=Panel.State.CLOSED),
            "list-check",
            board,
        ),
        (
            _("创投已集体决策，等待公示"),
            rounds.filter(state=Round.State.DECIDED),
            "megaphone",
            board,
        ),
        (
            _("创投递补已决定，等待补充公示"),
            rounds.filter(
                state=Round.State.NOTICED, proposals__decision__state=Decision.State.RESOLVED
            )
            .exclude(pk__in=PublicNotice.objects.running().values("round"))
            .exclude(pk__in=withdrawn.values("round"))
            .distinct(),
            "megaphone",
            board,
        ),
        (
            _("异议成立，等待撤回公示、重新公示"),
            rounds.filter(pk__in=void.values("round")),
            "exclamation-triangle",
            board,
        ),
        (
            _("公示已撤回，等待重新公示"),
            rounds.filter(pk__in=withdrawn.values("round")),
            "megaphone",
            board,
        ),
        (
            _("有立项撤销或放弃，等会议决定递补"),
            rounds.filter(pk__in=to_promote),
            "list-check",
            "ventures:round-promotion",
        ),
        (
            _("创投公示期满，等待公告"),
            rounds.filter(pk__in=ended.exclude(pk__in=void).values("round")).exclude(
                pk__in=to_promote
            ),
            "check-circle",
            board,
        ),
        (
            _("创投复核已结束，等待补充公告"),
            _to_supplement(rounds).exclude(pk__in=to_promote),
            "check-circle",
            board,
        ),
    )
    items = []
    for label, waiting, icon, page in steps:
        found = hers(user, region, waiting)
        own = [one for one in found if one.region_id == region.pk]
        if own:
            url = reverse(page, args=[own[0].code])
            items.append(Waiting(label, len(own), url, icon=icon, hint=own[0].name))
        # Each by itself: the rounds below stand on no list of hers.
        items += [
            Waiting(label, 1, reverse(page, args=[one.code]), icon=icon, hint=_standing_in(one))
            for one in found
            if one.region_id != region.pk
        ]
    return items


def _standing_in(round: Round) -> str:
    """Everybody there has a tie, and she stands in: which place's round it is."""
    return gettext("代%(place)s办理：%(name)s") % {
        "place": round.region.short_name,
        "name": round.name,
    }


def hers(user: User, region: Region, rounds: QuerySet[Round]) -> list[Round]:
    """Those she decides about, of her own region first."""
    waiting = rounds.select_related("region")
    own, below = waiting.filter(region=region), waiting.exclude(region=region)
    return [one for one in (*own[:MOST], *below[:MOST]) if may_decide(user, one)]


def waiting_to_agree(user: User) -> list[Waiting]:
    """What waits for this second person, here or from above: departures from a list by rules,
    points above the hundred, another amount of an award or its end."""
    # The first two cannot be answered any more once the review is over, or was stopped.
    run = Round.objects.run_by(user).filter(state=Round.State.IN_REVIEW).values("pk")
    overrides = Override.objects.filter(state=Override.State.PROPOSED, round__in=run)
    bonuses = Bonus.objects.filter(state=Bonus.State.PROPOSED, proposal__round__in=run)
    lists = [
        one
        for one in _asked_of(user, overrides.select_related("round__region", "proposed_by"))
        if is_override_decider(user, one)
    ]
    points = [
        one
        for one in _asked_of(user, bonuses.select_related("kind", "proposed_by"))
        if is_bonus_decider(user, one)
    ]
    wished = AwardWish.objects.filter(
        state=AwardWish.State.PROPOSED, award__proposal__round__in=Round.objects.run_by(user)
    ).exclude(proposed_by=user)
    wished = wished.select_related("award__proposal__round__region", "proposed_by").order_by(
        own_first("award__proposal__round__region", regions_of(user, Role.Kind.OFFICER)),
        "proposed_at",
    )
    awards = [one for one in wished[:20] if is_wish_decider(user, one)]
    return [
        *_to_agree(lists, _("有项目提议不按建议名单，等您同意或不同意"), "award-walk"),
        *_to_agree(points, _("有项目提出加分，等您同意或不同意"), "bonuses"),
        *_to_agree(awards, _("有项目提议更正金额或取消立项，等您同意或不同意"), "award-wishes"),
    ]


def _to_agree(
    asked: Sequence[Override | Bonus | AwardWish], words: Promise, page: str
) -> list[Waiting]:
    if not asked:
        return []
    first = asked[0].proposal
    url = reverse(f"ventures:{page}", args=[first.round.code])
    return [Waiting(words, len(asked), url, icon="people", hint=first.title)]


def _asked_of[Wish: (Override, Bonus)](user: User, wishes: QuerySet[Wish]) -> QuerySet[Wish]:
    others = wishes.exclude(proposed_by=user).select_related("proposal__round__region")
    own = regions_of(user, Role.Kind.OFFICER)
    return others.order_by(own_first("proposal__round__region", own), "proposed_at")[:20]


def _to_supplement(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Where a notice was announced but for what was under recheck, and every answer is written."""
    left = Decision.objects.filter(state=Decision.State.PUBLISHED)
    to_show = Decision.objects.filter(state=Decision.State.RESOLVED)
    void = PublicNotice.objects.filter(state=PublicNotice.State.WITHDRAWN, replaced_by=None)
    # Or nothing is left: who was under recheck gave up, and only that is to be announced.
    is_done = ~Q(pk__in=to_show.values("proposal__round")) & ~Q(pk__in=void.values("round"))
    return (
        rounds.filter(Q(pk__in=left.values("proposal__round")) | is_done)
        .filter(state=Round.State.NOTICED)
        .exclude(pk__in=PublicNotice.objects.running().values("round"))
        .exclude(pk__in=Objection.objects.waiting().values("notice__round"))
    )
