"""A city round, open, and what hangs on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Region
from config.demo.cast import Cast
from tests.factories.ventures import CITY, make_proposal, make_round
from tests.plugins.relay import laid_again
from ventures.models import Proposal, Round
from ventures.services.proposals import submit_proposal


@pytest.fixture
@laid_again
def round(cast: Cast) -> Round:
    """Open for ten more days, run by 范科长."""
    return make_round(created_by=cast.fan)


@pytest.fixture
@laid_again
def town_round(cast: Cast) -> Round:
    """许主任's own, in 许村."""
    return make_round(
        created_by=cast.xu,
        region=Region.objects.get(code="330481101000"),
        level=Round.Level.TOWN,
    )


@pytest.fixture
def draft(cast: Cast, round: Round) -> Proposal:
    """恩泽社's complete draft."""
    return make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)


@pytest.fixture
def submitted(cast: Cast, draft: Proposal) -> Proposal:
    """恩泽社's proposal, handed in with its first version."""
    submit_proposal(draft, acting_user=cast.en)
    draft.refresh_from_db()
    return draft


def close(round: Round) -> Round:
    """Let the closing instant pass."""
    now = timezone.now()
    Round.objects.filter(pk=round.pk).update(
        opens_at=now - timedelta(days=20), closes_at=now - timedelta(seconds=1)
    )
    round.refresh_from_db()
    return round


__all__ = ["CITY", "close"]
