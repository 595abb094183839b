"""Of the permission matrix: a round in two steps whose concepts are in, read by a reviewer."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from config.demo.cast import Cast
from tests.factories.ventures import make_proposal
from ventures.models import Round
from ventures.services.concept_readers import name_readers
from ventures.services.proposals import submit_proposal
from ventures.services.selections import decide_concepts


def selections_of_the_scene(
    cast: Cast, publish: Callable[..., Round]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """`publish` makes a city round and publishes it."""
    now = timezone.now()
    for key, by in (("concepts", "office"), ("concepts-read", "reviewers")):
        round = publish(full_closes_at=now + timedelta(days=30), selected_by=by)
        concept = make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)
        submit_proposal(concept, acting_user=cast.en)
        Round.objects.filter(pk=round.pk).update(closes_at=now - timedelta(minutes=1))
        round.refresh_from_db()
        yield f"round-{key}", {"code": round.code}
        yield f"concept-{by}", {"code": round.code, "number": concept.code}
        if by == "reviewers":
            name_readers(round, [cast.shen], acting_user=cast.fan)
        else:
            decide_concepts(
                round, [concept.pk], is_selected=True, reason="切题", acting_user=cast.fan
            )


def forms(cast: Cast) -> dict[str, dict[str, Any]]:
    """What somebody who fills a form in well sends."""
    return {
        "voice": {"outcome": "yes", "reason": "需要迫切"},
        "readers": {"reviewers": [cast.lu.pk]},
    }
