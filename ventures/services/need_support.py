"""居民支持: give one's voice to a need, and take it back. One verified person, one voice."""

from django.db import IntegrityError, transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from ventures.errors.needs import NotSupportable, OneVoiceOnly, VoiceNeedsPhone
from ventures.models import Need, NeedSupport
from ventures.rules import needs as rules
from ventures.services.needs import locked_need


@transaction.atomic
def support_need(need: Need, *, acting_user: User) -> NeedSupport:
    """Give one's voice.

    Refused: what is not listed or has its answer (`NotSupportable`), without a confirmed number
    (`VoiceNeedsPhone`), a second time (`OneVoiceOnly`, by the database if two come at once).
    """
    need = locked_need(need.pk)
    if need.state != Need.State.LISTED or need.is_personal:
        raise NotSupportable(number=need.number)
    if not acting_user.phone_verified:
        raise VoiceNeedsPhone()
    if not rules.may_support(acting_user, need):
        raise NotAllowed()
    try:
        with transaction.atomic():
            return NeedSupport.objects.create(need=need, user=acting_user)
    except IntegrityError as trouble:
        raise OneVoiceOnly(number=need.number) from trouble


@transaction.atomic
def take_back_support(need: Need, *, acting_user: User) -> bool:
    """End one's voice; whether there was one. It may be given again while the need waits."""
    need = locked_need(need.pk)
    if need.state != Need.State.LISTED:
        raise NotSupportable(number=need.number)
    ended = NeedSupport.objects.filter(
        need=need, user=acting_user, withdrawn_at__isnull=True
    ).update(withdrawn_at=database_now())
    return bool(ended)
