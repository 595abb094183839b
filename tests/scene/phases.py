"""The scene of phases: 许村's round that is judged blind now and talked over later.

顾书记 and 钱老师 sit. One proposal's anonymous copy is released, the other's is begun and still
names who applies. A plan of assignments is being made.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Region
from config.demo.cast import XUCUN, Cast
from tests.factories.ventures_awards import make_body, make_panel, make_round_in_review
from tests.factories.ventures_phases import blind_copy, make_phase
from ventures.models import AssignmentPlan, Round
from ventures.selectors.blind_copies import print_of_words
from ventures.services.blind_copies import release_copy
from ventures.services.blind_numbers import number_proposals

REWRITTEN = {"schedule": "示范晒书队每月一次"}


def phases_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    round = make_round_in_review(
        cast.xu,
        [make_body("示范剪纸队"), make_body("示范晒书队")],
        region=Region.objects.get(code=XUCUN),
        level=Round.Level.TOWN,
        name="盲评的一届",
    )
    running = make_phase(round, hides_applicant=True, sees="track")
    ahead = make_phase(round, 2, 3, name="评议", discussion_open=True, others_scores="after_own")
    number_proposals(round)
    panel = make_panel(round, [cast.gu, cast.qian], officer=cast.xu)
    plan = AssignmentPlan.objects.create(panel=panel, readers=1, most=9, asked_by=cast.xu)
    yield "plan-waiting", {"code": round.code, "pk": plan.pk}
    first, second = round.proposals.order_by("code")
    release_copy(blind_copy(first, cast.xu).version, has_seen=True, acting_user=cast.xu)
    blind_copy(second, cast.xu, **REWRITTEN)
    yield "round-blind", {"code": round.code}
    yield "phase-running", {"code": round.code, "pk": running.pk}
    yield "phase-ahead", {"code": round.code, "pk": ahead.pk}
    yield "phase-elsewhere", {"code": round.code, "pk": 2_000_000_000}
    yield "reading", {"code": round.code, "pk": first.pk}
    yield "blind-released", {"code": round.code, "number": first.code}
    yield "blind-open", {"code": round.code, "number": second.code}


def forms_of_phases() -> dict[str, dict[str, Any]]:
    begins = timezone.localtime() + timedelta(days=2)
    return {
        "phase": {
            "name": "答复",
            "begins_at": begins.strftime("%Y-%m-%dT%H:%M:%S"),
            "ends_at": (begins + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S"),
            "sees": "assigned",
            "others_scores": "never",
            "answer_open": "on",
            "reason": "让申报方说明",
        },
        "blind_text": {"text_0": "热心茶摊"},
        "blind_seen": {"has_seen": "on", "seen": print_of_words(REWRITTEN, {})},
    }
