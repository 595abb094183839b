"""What the sign-in library tells us about mail addresses, written down on the user.

The only signals this app listens to are the library's: it has no other door for them.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed, email_removed
from django.dispatch import receiver

from accounts.services.signup import note_email


@receiver([email_confirmed, email_changed, email_removed], dispatch_uid="accounts.note_email")
def note_primary_address(sender: Any, **kwargs: Any) -> None:
    """The primary address, and whether it is verified; none when the last one was removed."""
    address: EmailAddress = kwargs.get("email_address") or kwargs.get("to_email_address")
    user = address.user
    primary = EmailAddress.objects.get_primary(user)
    if primary is not None:
        note_email(user, primary.email, is_verified=primary.verified)
    elif user.phone:
        note_email(user, None, is_verified=False)
