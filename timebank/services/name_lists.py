"""接龙: sign up the people of a list that was collected in a chat group.

`read_name_list` takes the pasted words apart and finds who is meant; nothing is written until the
organiser has looked at it and confirms (`sign_up_listed`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from accounts.errors import NotAllowed, Refusal
from accounts.models import Region, Role, User
from timebank.models import Position, Shift, Signup
from timebank.rules import activities as rules
from timebank.services.eligibility import obstacle_to
from timebank.services.signups import sign_up

MOST_LINES = 200
NUMBERED = re.compile(r"^\s*(?:\d{1,3}\s*[.、．)）:：,，]|[①-⑳]|\d{1,3}\s+)\s*(?P<rest>\S.*)$")
PHONE = re.compile(r"(?<!\d)(1\d{10})(?!\d)")
CHINESE_NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}")
PLUS = re.compile(r"[（(]?\+\s*(\d)[)）]?")


@dataclass(frozen=True, slots=True)
class ListedName:
    """One line of the list and who may be meant."""

    line: str
    name: str
    phone: str
    found: tuple[User, ...] = field(default_factory=tuple)
    is_signed_up: bool = False
    obstacle: str = ""

    @property
    def is_clear(self) -> bool:
        """Exactly one person is meant, who is not on the list and may take part."""
        return len(self.found) == 1 and not self.is_signed_up and not self.obstacle


@dataclass(frozen=True, slots=True)
class ListedOutcome:
    """What became of one person of the list."""

    volunteer: User
    signup: Signup | None
    refusal: str = ""


def names_in(text: str) -> list[tuple[str, str, str]]:
    """The numbered lines as (line, name, phone); headings and empty lines are left out.

    A repeated name stands once. Where no line is numbered, each line with a Chinese name counts.
    """
    lines = [line.strip() for line in text.splitlines()[:MOST_LINES] if line.strip()]
    numbered = [match["rest"] for line in lines if (match := NUMBERED.match(line))]
    rows: dict[tuple[str, str], tuple[str, str, str]] = {}
    for line in numbered or lines:
        phone = PHONE.search(line)
        words = CHINESE_NAME.search(PLUS.sub("", line))
        if words is None:
            continue
        key = (words[0], phone[1] if phone else "")
        rows.setdefault(key, (line, *key))
    return list(rows.values())


def read_name_list(text: str, shift: Shift, *, acting_user: User) -> list[ListedName]:
    """Who the pasted lines mean, among volunteers of the town; refused to all but the organiser."""
    if not rules.organises_shift(acting_user, shift):
        raise NotAllowed()
    rows = names_in(text)
    by_name = _volunteers_named({name for _line, name, _phone in rows}, shift.region)
    there = set(Signup.objects.active().filter(shift=shift).values_list("volunteer_id", flat=True))
    listed = []
    for line, name, phone in rows:
        found = by_name.get(name, [])
        if phone:
            found = [user for user in found if (user.phone or "").endswith(phone)] or found
        only = found[0] if len(found) == 1 else None
        refusal = obstacle_to(only, shift) if only is not None else None
        listed.append(
            ListedName(
                line=line,
                name=name,
                phone=phone,
                found=tuple(found),
                is_signed_up=only is not None and only.pk in there,
                obstacle=str(refusal) if refusal else "",
            )
        )
    return listed


def sign_up_listed(
    shift: Shift,
    volunteers: Sequence[User],
    *,
    position: Position | None = None,
    acting_user: User,
) -> list[ListedOutcome]:
    """Sign each of them up, in the order of the list; one that is refused stops no other."""
    outcomes = []
    for volunteer in volunteers:
        try:
            with transaction.atomic():
                signup = sign_up(
                    shift,
                    volunteer=volunteer,
                    position=position,
                    came=Signup.Came.LIST,
                    acting_user=acting_user,
                )
            outcomes.append(ListedOutcome(volunteer, signup))
        except Refusal as refusal:
            outcomes.append(ListedOutcome(volunteer, None, str(refusal)))
    return outcomes


def _volunteers_named(names: set[str], place: Region) -> dict[str, list[User]]:
    """Volunteers of the county by exact name, real or shown."""
    county = place.lineage[2] if len(place.lineage) > 2 else place.pk
    serving = Role.objects.active().filter(
        kind=Role.Kind.VOLUNTEER, region__lineage__contains=[county]
    )
    people = (
        User.objects.filter(pk__in=serving.values("user"), is_active=True)
        .filter(Q(person__real_name__in=names) | Q(display_name__in=names))
        .select_related("person")
        .order_by("pk")
    )
    found: dict[str, list[User]] = {name: [] for name in names}
    for user in people:
        person = getattr(user, "person", None)
        real_name = person.real_name if person is not None else user.display_name
        found[real_name if real_name in found else user.display_name].append(user)
    return found
