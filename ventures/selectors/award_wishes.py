"""提议更正金额、提议取消立项 as they are read: what waits, and all that were ever proposed."""

from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from ventures.models import Award, AwardWish, Proposal, Round
from ventures.rules.award_wishes import deciders_of, is_proposer
from ventures.selectors.recusals import named_officers
from ventures.selectors.second_person import when_away


def waiting_of(award: Award) -> AwardWish | None:
    return (
        award.wishes.filter(state=AwardWish.State.PROPOSED)
        .select_related("award__proposal__round__region", "proposed_by")
        .first()
    )


def waits_about(proposal: Proposal) -> bool:
    return AwardWish.objects.filter(
        award__proposal=proposal, state=AwardWish.State.PROPOSED
    ).exists()


def has_wishes(round: Round) -> bool:
    return AwardWish.objects.filter(award__proposal__round=round).exists()


def waiting_correction(round: Round) -> AwardWish | None:
    """A sum of the round that may not stay: no new notice tells it."""
    return (
        AwardWish.objects.filter(
            award__proposal__round=round,
            kind=AwardWish.Kind.CORRECT,
            state=AwardWish.State.PROPOSED,
        )
        .select_related("award__proposal")
        .first()
    )


def wishes_of(round: Round) -> list[AwardWish]:
    """What waits first, then the latest; each with its award, its people and its paper."""
    found = AwardWish.objects.filter(award__proposal__round=round).select_related(
        "award__proposal__applicant", "award__proposal__initiator", "proposed_by", "decided_by",
        "minutes",
    )  # fmt: skip
    return sorted(found, key=lambda one: (one.state != AwardWish.State.PROPOSED, -one.pk))


class AskedOf:
    """What this person may do about the wishes of a round, and who else may: asked once for each
    who proposed and each day, whatever the number of wishes."""

    def __init__(self, round: Round, user: User) -> None:
        self.round, self.user = round, user
        self._known: dict[tuple[int, date], tuple[bool, str, str]] = {}

    def about(self, wish: AwardWish) -> tuple[set[str], str, str]:
        """The verbs that are hers, who may answer now, and what if they are away."""
        if wish.state != AwardWish.State.PROPOSED:
            return set(), "", ""
        is_asked, who, away = self._asked(wish)
        verbs = {"agree", "refuse"} if is_asked else set()
        return verbs | ({"take_back"} if is_proposer(self.user, wish) else set()), who, away

    def _asked(self, wish: AwardWish) -> tuple[bool, str, str]:
        key = (wish.proposed_by_id, localdate(wish.proposed_at))
        if key not in self._known:
            wish.round = self.round
            seconds = deciders_of(wish)
            who = named_officers(seconds.now, self.round)
            self._known[key] = seconds.has(self.user), who, when_away(seconds, self.round)
        return self._known[key]


def wishes_page(round: Round) -> str:
    return reverse("ventures:award-wishes", args=[round.code])
