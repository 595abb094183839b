"""What a person changes about themselves: their name, their community."""

from django.db import transaction

from accounts.models.people import User
from accounts.models.regions import Region
from accounts.services.changes import record_change


@transaction.atomic
def update_profile(
    user: User, *, display_name: str, community: Region | None, acting_user: User
) -> User:
    """Take over a new name and community; each that differs leaves a change.

    The trail keeps that the name changed, not what it was. Roles stay where they are.
    """
    if display_name != user.display_name:
        user.display_name = display_name
        record_change(user, "rename", acting_user=acting_user)
    if community is not None and community.pk != user.home_region_id:
        before = user.home_region.code if user.home_region else ""
        user.home_region = community
        record_change(
            user, "move_home", before=before, after=community.code, acting_user=acting_user
        )
    user.save(update_fields=["display_name", "home_region"])
    return user


def keep_language(user: User, language: str) -> None:
    """From now on messages and letters to this person are written in that language."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)
