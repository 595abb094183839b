"""Declare who one's relatives are, and take it back; one side's word is enough."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, TooManyTries
from accounts.models import User
from accounts.selectors.people import user_by_contact_and_name
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.records import NotTheirName, RelatedAlready
from timebank.models import Relation

MOST_RELATIONS = 20


@transaction.atomic
def declare_relative(
    user: User, *, name: str, phone: str, kind: str, acting_user: User
) -> Relation:
    """Say that two people are relatives; from now on neither confirms the other's hours.

    The other is told, so that nobody is tied unknown. Name and number have to fit each other, and
    which of them does not is not said. Refused: `NotAllowed` for anyone but oneself,
    `NotTheirName`, `RelatedAlready`, `TooManyTries`.
    """
    if acting_user.pk != user.pk:
        raise NotAllowed()
    if Relation.objects.filter(declared_by=user).count() >= MOST_RELATIONS:
        raise TooManyTries()
    other = user_by_contact_and_name(phone, name)
    if other is None or other.pk == user.pk:
        raise NotTheirName()
    if Relation.objects.standing().filter(declared_by=user, relative=other).exists():
        raise RelatedAlready()
    try:
        with transaction.atomic():
            relation = Relation.objects.create(declared_by=user, relative=other, kind=kind)
    except IntegrityError as faster:
        raise RelatedAlready() from faster
    record_change(relation, "declare", acting_user=acting_user)
    with override(other.language):
        tell(
            other,
            kind="relation_declared",
            title=_("%(name)s申报与您是亲属或同住") % {"name": user.display_name},
            body=_("以后您两位互相回避，不确认对方的服务记录。除您两位外，别人看不到这件事。"),
            link="/time/relatives/",
            key=f"relation:{relation.pk}:declared",
        )
    return relation


@transaction.atomic
def end_relation(relation: Relation, *, acting_user: User) -> Relation:
    """Take it back: only who declared it may, and twice changes nothing. Refused: `NotAllowed`."""
    if relation.declared_by_id != acting_user.pk:
        raise NotAllowed()
    now = database_now()
    if Relation.objects.standing().filter(pk=relation.pk).update(ended_at=now):
        record_change(relation, "end", acting_user=acting_user)
    return relation
