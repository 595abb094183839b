"""Who may be the second person: publish a call, agree to its end or to a departure from its list.

Another officer of the round's own place; where there is none, of the nearest above. Who is away
holds nothing up: what she has not answered within the term, those of the next place above may
answer as well. Pure questions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, QuerySet
from django.utils.timezone import localdate

from accounts.clock import database_now
from accounts.models import Role, User
from accounts.working_days import add_working_days
from ventures.models import Round
from ventures.models.proposals import ProposalQuerySet
from ventures.models.ties import kept_from_judging


@dataclass(frozen=True, slots=True)
class AnswerTerm:
    """代审期限: so many whole working days she has for herself."""

    since: date
    working_days: int


ANSWER_TERMS: Sequence[AnswerTerm] = (AnswerTerm(since=date(2024, 1, 1), working_days=1),)


@dataclass(frozen=True)
class Seconds:
    """`near` may answer at once; with them `above`, once the day `until` has passed. While nobody
    has been asked yet there is no such day."""

    near: list[User]
    above: list[User]
    until: date | None

    @property
    def is_overdue(self) -> bool:
        return self.until is not None and localdate(database_now()) > self.until

    @property
    def now(self) -> list[User]:
        return self.near + self.above if self.above and self.is_overdue else self.near

    def has(self, user: User) -> bool:
        if any(user.pk == one.pk for one in self.near):
            return True
        return any(user.pk == one.pk for one in self.above) and self.is_overdue

    def stands_in(self, user: User) -> bool:
        """She is not of those who were asked first."""
        return all(user.pk != one.pk for one in self.near)


def second_persons(
    round: Round,
    *,
    besides: Iterable[int | None],
    asked_at: datetime | None,
    about: ProposalQuerySet | None = None,
) -> Seconds:
    """The officers for it, without who asks and without a tie to any of the proposals `about`."""
    asks = {pk for pk in besides if pk is not None}
    levels: list[list[User]] = []
    for officers in _officers_upwards(round):
        seen = asks | {user.pk for level in levels for user in level}
        found = [user for user in officers if user.pk not in seen]
        if about is not None:
            found = without_tie(found, about)
        if found:
            levels.append(found)
        if len(levels) == 2:
            break
    near, above = (*levels, [], [])[:2]
    return Seconds(near, above, last_day(asked_at) if asked_at is not None and above else None)


def _officers_upwards(round: Round) -> list[list[User]]:
    """The officers of the round's own place, then of each above it: one question for all."""
    lineage = round.region.lineage
    roles = Role.objects.active().filter(
        kind=Role.Kind.OFFICER, region__in=lineage, user__is_active=True
    )
    found: dict[int, dict[int, User]] = {place: {} for place in reversed(lineage)}
    for role in roles.select_related("user").order_by("user"):
        if role.region_id is not None:
            found[role.region_id][role.user_id] = role.user
    return [list(users.values()) for users in found.values()]


def officers_of(region_id: int) -> QuerySet[User]:
    """Who holds the office of this one place, in the order they were taken in."""
    roles = Role.objects.active().filter(kind=Role.Kind.OFFICER, region=region_id)
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("pk")


def last_day(asked_at: datetime) -> date:
    asked_on = localdate(asked_at)
    begun = [one for one in ANSWER_TERMS if one.since <= asked_on] or [ANSWER_TERMS[0]]
    return add_working_days(asked_on, begun[-1].working_days)


def without_tie(users: Sequence[User], about: ProposalQuerySet) -> list[User]:
    """Those of them who have no tie to any of these proposals, found in one question."""
    if not users:
        return []
    ties = {f"tie_{user.pk}": Exists(about.filter(kept_from_judging(user))) for user in users}
    tied = User.objects.filter(pk=users[0].pk).annotate(**ties).values(*ties).get()
    return [user for user in users if not tied[f"tie_{user.pk}"]]
