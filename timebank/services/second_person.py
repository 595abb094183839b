"""What one person proposes and another decides: corrections, opening balances, points.

They differ in what approving does; that it is locked and read again first, that a refusal says why,
who is named as deciding and that the proposer learns of it, is the same and stands here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.clock import database_now
from accounts.lifecycle import Lifecycle
from accounts.models import User
from accounts.reasons import required
from timebank.models.adjustments import TwoPerson


@dataclass(frozen=True)
class Decided[Thing: TwoPerson]:
    """One kind of what is decided by a second person: its lifecycle, with whom it is read, and how
    its proposer is told."""

    lifecycle: Lifecycle
    model: type[Thing]
    parties: tuple[str, ...]
    tell_proposer: Callable[[Thing], None]

    def locked(self, thing: Thing) -> Thing:
        """Locked first, read with its parties second: who waited reads what the first one left."""
        everything = self.model._default_manager
        everything.select_for_update().only("pk").get(pk=thing.pk)
        return everything.select_related("proposed_by", *self.parties).get(pk=thing.pk)

    def approve(
        self,
        thing: Thing,
        *,
        reason: str,
        acting_user: User,
        facts: dict[str, Any] | None = None,
        **fields: Any,
    ) -> None:
        """She says yes to what was locked and is posted by now.."""
        self._decide(thing, "approve", reason.strip(), acting_user, facts=facts, **fields)

    def refuse(self, thing: Thing, *, reason: str, acting_user: User) -> Thing:
        """She says no, and why. Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`."""
        reason = required(reason)
        thing = self.locked(thing)
        self._decide(thing, "refuse", reason, acting_user)
        return thing

    def withdraw(self, thing: Thing, *, acting_user: User) -> Thing:
        """Who proposed it takes it back. Refused: `OutOfTurn`, `NotAllowed`."""
        thing = self.locked(thing)
        self.lifecycle.move(thing, "withdraw", acting_user=acting_user)
        return thing

    def _decide(
        self,
        thing: Thing,
        verb: str,
        reason: str,
        acting_user: User,
        *,
        facts: dict[str, Any] | None = None,
        **fields: Any,
    ) -> None:
        self.lifecycle.move(
            thing,
            verb,
            acting_user=acting_user,
            reason=reason,
            facts=facts,
            decided_by=acting_user,
            decided_at=database_now(),
            decision_reason=reason,
            **fields,
        )
        self.tell_proposer(thing)
