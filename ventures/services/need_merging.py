"""Merge needs that say the same, and undo it. The duplicate points to the one that stays."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from ventures.errors.needs import NoMergeWithItself
from ventures.lifecycles.needs import NEED
from ventures.models import Need, NeedSupport
from ventures.selectors.needs import may_stand_for
from ventures.services.need_news import tell_concerned
from ventures.services.needs import locked_need, require_nothing_merged


@transaction.atomic
def merge_need(need: Need, into: Need, *, acting_user: User) -> Need:
    """Make `need` a duplicate of `into`: its supporters' voices count there from now on.

    Who supports both already keeps one voice. The raiser and supporters are told. Refused: with
    itself or one that cannot stand for it (`NoMergeWithItself`), while others are merged into it
    (`HoldsMerged`), `OutOfTurn`, `NotAllowed`.
    """
    first, second = sorted([need.pk, into.pk])
    locked = {first: locked_need(first), second: locked_need(second)}
    need, into = locked[need.pk], locked[into.pk]
    NEED.require(need, "merge", acting_user=acting_user)
    if not may_stand_for(into, need):
        raise NoMergeWithItself(number=into.number)
    require_nothing_merged(need)
    tell = list(need.supports.filter(withdrawn_at__isnull=True).values_list("user_id", flat=True))
    NEED.move(
        need, "merge", acting_user=acting_user, facts={"into": into.pk}, merged_into_id=into.pk
    )
    tell_concerned(need, acting_user=acting_user)
    voices = NeedSupport.objects.filter(need=into, withdrawn_at__isnull=True)
    NeedSupport.objects.filter(need=need, withdrawn_at__isnull=True, user__in=tell).exclude(
        user__in=voices.values("user")
    ).update(need=into, moved_from=F("need"))
    return need


@transaction.atomic
def unmerge_need(need: Need, *, acting_user: User) -> Need:
    """Undo a merge: it stands for itself again where it was, and its voices come home.

    A voice taken back meanwhile stays taken back. Refused: `OutOfTurn`, `NotAllowed`.
    """
    into = need.merged_into_id
    locked = {pk: locked_need(pk) for pk in sorted({need.pk, into or need.pk})}
    need = locked[need.pk]
    NEED.move(
        need,
        "unmerge" if need.listed_at else "unmerge_unlisted",
        acting_user=acting_user,
        facts={"into": into},
        merged_into_id=None,
    )
    NeedSupport.objects.filter(moved_from=need).update(need=F("moved_from"), moved_from=None)
    return need
