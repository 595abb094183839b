"""Phases of a review, without the service that guards them; and a blind round."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from ventures.models import BlindCopy, Proposal, ReviewPhase, Round
from ventures.selectors.blind_copies import newest_version
from ventures.services.blind_copies import save_copy

HOUR = timedelta(hours=1)


def make_phase(
    round: Round, begins_in: float = -1, ends_in: float = 1, **fields: Any
) -> ReviewPhase:
    """From so many hours after now to so many; without words for it, sheets may be written."""
    now = timezone.now()
    return ReviewPhase.objects.create(
        round=round,
        **(
            {
                "name": "书面评审",
                "begins_at": now + begins_in * HOUR,
                "ends_at": now + ends_in * HOUR,
                "scoring_open": True,
            }
            | fields
        ),
    )


def shift(round: Round, hours: float) -> datetime:
    """Let time pass for the phases of a round: they begin and end so much earlier."""
    for phase in round.review_phases.order_by("begins_at"):
        ReviewPhase.objects.filter(pk=phase.pk).update(
            begins_at=phase.begins_at - hours * HOUR, ends_at=phase.ends_at - hours * HOUR
        )
    return timezone.now()


def blind_copy(proposal: Proposal, user: User, **texts: str) -> BlindCopy:
    """The anonymous copy of its newest version, with these words in place of the original's."""
    version = newest_version(proposal)
    return save_copy(version, texts, {}, acting_user=user)
