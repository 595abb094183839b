"""Tell who raised a need, and who supports it, what becomes of it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.messages import tell
from ventures.models import Need
from ventures.selectors.needs import changes_of


def tell_raiser(need: Need, *, acting_user: User, words: str = "") -> None:
    """A step on the way: listed, or to be completed."""
    _tell([need.raised_by], need, acting_user, words)


def tell_concerned(need: Need, *, acting_user: User, words: str = "") -> None:
    """What it came to: who raised it, who supports it, who raised a duplicate of it.

    Who did it herself needs no telling.
    """
    people = {need.raised_by_id: need.raised_by}
    for support in need.supports.filter(withdrawn_at__isnull=True).select_related("user"):
        people[support.user_id] = support.user
    for duplicate in need.merged.select_related("raised_by"):
        people[duplicate.raised_by_id] = duplicate.raised_by
    _tell(people.values(), need, acting_user, words or need.answer)


def _tell(people: Iterable[User], need: Need, acting_user: User, words: str) -> None:
    change = changes_of(need).latest("pk")
    state = Need.State(need.state).label
    for user in people:
        if user.pk == acting_user.pk:
            continue
        tell(
            user,
            kind="need",
            title=lambda: _("需求“%(title)s”：%(state)s") % {"title": need.title, "state": state},
            body=lambda: words or _("点开可以看到办理经过。"),
            link=need.get_absolute_url(),
            key=f"need:{need.pk}:{change.pk}:{user.pk}",
        )
