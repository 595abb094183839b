"""Leave a trail for a change that is not a move of a lifecycle."""

from typing import Any

from django.db import models

from accounts.models.changes import Change
from accounts.models.people import User


def record_change(
    subject: models.Model,
    verb: str,
    *,
    acting_user: User,
    on_behalf_of: User | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> Change:
    """Write one row of the trail, in the caller's transaction."""
    return Change.objects.create(
        subject=subject,
        verb=verb,
        before=before,
        after=after,
        reason=reason,
        facts=facts or {},
        acting_user=acting_user,
        on_behalf_of=on_behalf_of,
    )
