"""Lifecycles: what may follow what, who may make it so, and the one door through which a state
changes.

A lifecycle is a table of arrows. Pages draw their buttons from it (`open_to`), tests walk every
state and verb of it, and `move` is the only way a state is written: it checks the arrow, checks
the person, updates on condition that nobody was faster, and leaves one `Change`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise

from accounts.errors import NotAllowed, OutOfTurn, Overtaken
from accounts.models.changes import Change
from accounts.models.people import User

type Rule = Callable[[User, Any], bool]
type Words = str | Promise


@dataclass(frozen=True)
class Arrow:
    """One arrow of the diagram: a verb, its label, where it starts, where it ends, who may."""

    verb: str
    label: Words
    sources: frozenset[str]
    target: str
    rule: Rule

    def starts_at(self, state: str) -> bool:
        return state in self.sources


class Lifecycle:
    """A table of arrows over one state field.

    >>> ORDER = Lifecycle(State, ("accept", _("接单"), [State.PLACED], State.ACCEPTED, rule))
    """

    def __init__(
        self,
        states: type[models.TextChoices],
        *arrows: tuple[str, Words, Sequence[str], str, Rule],
        field: str = "state",
    ) -> None:
        self.states = states
        self.field = field
        self.arrows = tuple(
            Arrow(verb, label, frozenset(str(s) for s in sources), str(target), rule)
            for verb, label, sources, target, rule in arrows
        )

    def __iter__(self) -> Iterator[Arrow]:
        return iter(self.arrows)

    def verbs(self) -> list[str]:
        return sorted({arrow.verb for arrow in self.arrows})

    def open_to(self, user: User, thing: models.Model) -> list[Arrow]:
        """The arrows this person could follow now: what a page may offer as buttons."""
        state = getattr(thing, self.field)
        return [a for a in self.arrows if a.starts_at(state) and a.rule(user, thing)]

    def allows(self, verb: str, user: User, thing: models.Model) -> bool:
        return any(arrow.verb == verb for arrow in self.open_to(user, thing))

    def require(self, thing: models.Model, verb: str, *, acting_user: User) -> Arrow:
        """The arrow this person may follow from here; a page asks before it shows a form.

        Raises OutOfTurn (no such arrow from here) or NotAllowed (not this person).
        """
        arrow = self._arrow(verb, getattr(thing, self.field))
        if not arrow.rule(acting_user, thing):
            raise NotAllowed()
        return arrow

    def move(
        self,
        thing: models.Model,
        verb: str,
        *,
        acting_user: User,
        on_behalf_of: User | None = None,
        reason: str = "",
        facts: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Change:
        """Follow one arrow, writing `fields` with it, and leave one Change.

        Raises OutOfTurn (no such arrow from here), NotAllowed (not this person), Overtaken
        (somebody moved it first). All three leave everything as it was.
        """
        before = getattr(thing, self.field)
        arrow = self.require(thing, verb, acting_user=acting_user)
        with transaction.atomic():
            fields[self.field] = arrow.target
            moved = (
                type(thing)
                ._base_manager.filter(pk=thing.pk, **{self.field: before})
                .update(**fields)
            )
            if not moved:
                raise Overtaken()
            change = Change.objects.create(
                subject=thing,
                verb=verb,
                before=before,
                after=arrow.target,
                acting_user=acting_user,
                on_behalf_of=on_behalf_of,
                reason=reason,
                facts=facts or {},
            )
        for name, value in fields.items():
            setattr(thing, name, value)
        return change

    def _arrow(self, verb: str, state: str) -> Arrow:
        of_this_verb = [arrow for arrow in self.arrows if arrow.verb == verb]
        assert of_this_verb, f"no verb {verb!r} in this lifecycle"
        for arrow in of_this_verb:
            if arrow.starts_at(state):
                return arrow
        raise OutOfTurn(state=self.states(state).label, verb=of_this_verb[0].label)
