"""Give and take back consent to one use of a person's data."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models.people import Consent, User
from accounts.services.changes import record_change


@transaction.atomic
def give_consent(user: User, purpose: str, *, acting_user: User) -> Consent:
    """Note that the person allows one use; giving it again changes nothing."""
    consent, is_new = Consent.objects.get_or_create(
        user=user,
        person=None,
        purpose=purpose,
        withdrawn_at=None,
        defaults={"recorded_by": acting_user},
    )
    if is_new:
        record_change(consent, "give", after=purpose, acting_user=acting_user)
    return consent


@transaction.atomic
def withdraw_consent(user: User, purpose: str, *, acting_user: User) -> None:
    """Note that the person no longer allows it; what was allowed then stays on record."""
    for consent in Consent.objects.filter(user=user, purpose=purpose, withdrawn_at=None):
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=Now())
        record_change(consent, "withdraw", before=purpose, acting_user=acting_user)
