"""Bring a person in: the user, their first role, and the trail of both."""

from django.db import transaction

from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.services.changes import record_change
from accounts.services.roles import grant_role


@transaction.atomic
def bring_person_in(
    *,
    display_name: str,
    community: Region,
    phone: str | None = None,
    email: str | None = None,
    language: str = "zh-hans",
    acting_user: User | None = None,
) -> User:
    """Make a user who can be reached by phone or e-mail, and a volunteer of their community.

    Neither contact counts as verified until a code sent there comes back. There is no password:
    whoever types somebody else's number first gains nothing by it. Without an `acting_user` the
    person acts for themselves.
    """
    assert phone or email, "person_reachable_by_phone_or_email"
    user = User.objects.create_user(
        display_name=display_name,
        email=email,
        phone=phone,
        home_region=community,
        language=language,
    )
    acting = acting_user or user
    record_change(user, "join", after="phone" if phone else "email", acting_user=acting)
    grant_role(user, Role.Kind.VOLUNTEER, region=community, acting_user=acting)
    return user


@transaction.atomic
def confirm_phone(user: User, phone: str) -> User:
    """Note that a code sent to this number came back: the number is the person's now."""
    before = "phone" if user.phone else ""
    user.phone, user.phone_verified = phone, True
    user.save(update_fields=["phone", "phone_verified"])
    record_change(user, "confirm_phone", before=before, after="phone", acting_user=user)
    return user


def note_email(user: User, email: str | None, *, is_verified: bool) -> None:
    """Keep the user's own fields in step with the address they manage on their sign-in pages."""
    User.objects.filter(pk=user.pk).update(email=email or None, email_verified=is_verified)
    user.email, user.email_verified = email or None, is_verified
