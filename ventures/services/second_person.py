"""What one officer asks for in a round and another answers: its end, a departure from its list,
points above the hundred, another amount of an award or its end.

They differ in what a yes does; that the round is locked and the wish read again first, who may
answer it, and that it is written down when the place above answers for who was asked first, is the
same and stands here. Who that is, is in `rules.second_person`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.clock import database_now
from accounts.errors import NotAllowed, Refusal
from accounts.lifecycle import Lifecycle
from accounts.models import Change, User
from ventures.models import AwardWish, Bonus, Override, Round, RoundStop
from ventures.rules.second_person import Seconds
from ventures.selectors.recusals import named_officers
from ventures.services.round_locks import locked_round


@dataclass(frozen=True)
class Answered[Wish: (RoundStop, Override, Bonus, AwardWish)]:
    """One kind of wish: its lifecycle, the column that says whose it is, who may answer, and what
    she is told who would answer her own."""

    lifecycle: Lifecycle
    model: type[Wish]
    asker: str
    seconds_of: Callable[[Wish], Seconds]
    own_refused: type[Refusal]

    def locked(self, wish: Wish) -> tuple[Round, Wish]:
        """The round's row first, then the wish as it stands now."""
        round = locked_round(wish.round)
        found = self.model._default_manager.select_related(self.asker).get(pk=wish.pk)
        found.round = round
        return round, found

    def require_second(self, user: User, wish: Wish) -> Seconds:
        """Another one, who was asked or stands in; whoever asked is told who that is."""
        seconds = self.seconds_of(wish)
        if user.pk == getattr(wish, f"{self.asker}_id"):
            raise self.own_refused(who=named_officers(seconds.now, wish.round))
        if not seconds.has(user):
            raise NotAllowed()
        return seconds

    def answer(
        self,
        wish: Wish,
        verb: str,
        seconds: Seconds,
        *,
        acting_user: User,
        reason: str = "",
        **fields: Any,
    ) -> Change:
        """Agree or refuse, as one of these. The wish is locked."""
        facts = standing_in(seconds, acting_user)
        return self._move(wish, verb, acting_user, reason, facts=facts, **fields)

    def take_back(self, wish: Wish, *, acting_user: User) -> Change:
        """Whoever asked wants it no longer. The wish is locked."""
        return self._move(wish, "take_back", acting_user)

    def fall_away(self, wish: Wish, *, acting_user: User) -> Change:
        """What it was about is no more. The wish's round is locked."""
        return self._move(wish, "fall_away", acting_user)

    def _move(
        self, wish: Wish, verb: str, acting_user: User, reason: str = "", **fields: Any
    ) -> Change:
        return self.lifecycle.move(
            wish,
            verb,
            acting_user=acting_user,
            reason=reason,
            decided_by=acting_user,
            decided_at=database_now(),
            **fields,
        )


def standing_in(seconds: Seconds, user: User) -> dict[str, Any]:
    """For the trail, when she is of the place above and others were asked first."""
    if seconds.until is None or not seconds.stands_in(user):
        return {}
    return {"instead_of": [one.pk for one in seconds.near], "until": seconds.until.isoformat()}
