"""不相容岗位: ask, at every door by which a role begins, what must not be held together.

The person is locked first, so that two yeses at once cannot each be blind to the other.
"""

from collections.abc import Iterator

from accounts import offices, rules
from accounts.errors import RolesConflict
from accounts.models.invitations import Invitation
from accounts.models.people import User
from accounts.models.roles import Role


def require_compatible(user: User, wanted: str, *, besides: Invitation | None = None) -> None:
    """Raise RolesConflict where the person holds, or has accepted for a later day, a role that
    excludes the wanted one (`offices.INCOMPATIBLE`). `besides` is the acceptance itself.

    Call it in the transaction that gives the role.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    for kind in _held(user, besides):
        why = offices.conflict_with(kind, wanted)
        if why:
            raise RolesConflict(held=Role.Kind(kind).label, wanted=Role.Kind(wanted).label, why=why)


def _held(user: User, besides: Invitation | None) -> Iterator[str]:
    rules.forget_roles(user)
    yield from (role.kind for role in rules.active_roles(user))
    to_come = Invitation.objects.to_begin().filter(answered_by=user)
    if besides is not None:
        to_come = to_come.exclude(pk=besides.pk)
    yield from to_come.values_list("kind", flat=True)
