"""Of the permission matrix: a round that answers questions, more time given in it, a sealed one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from config.demo.cast import Cast
from tests.factories.ventures import make_proposal
from ventures.models import Round, Stage
from ventures.services.extensions import give_extension
from ventures.services.proposals import submit_proposal
from ventures.services.questions import answer_question, ask_question

SEALED_NUMBER = "SEALED-0001"


def timetable_of_the_scene(
    cast: Cast, publish: Callable[..., Round]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """`publish` makes a city round and publishes it."""
    asking, now = publish(), timezone.now()
    Stage.objects.create(
        round=asking,
        kind=Stage.Kind.QUESTIONS,
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=3),
    )
    yield "round-asking", {"code": asking.code}
    enze = cast.organisations["enze"]
    for key in ("waiting", "answered"):
        question = ask_question(asking, enze, f"能报吗？{key}", acting_user=cast.en)
        yield f"question-{key}", {"code": asking.code, "pk": question.pk}
        if key == "answered":
            answer_question(question, asked="能报吗？", text="能。", acting_user=cast.fan)
    given = give_extension(
        asking,
        cast.organisations["banrixian"],
        until=asking.closes_at + timedelta(days=1),
        reason="停电",
        acting_user=cast.fan,
    )
    yield "extension", {"code": asking.code, "pk": given.pk}

    sealed = publish(is_sealed=True, peek_minutes=30)
    yield "round-sealed", {"code": sealed.code}
    proposal = make_proposal(sealed, enze, created_by=cast.enxiao, code=SEALED_NUMBER)
    submit_proposal(proposal, acting_user=cast.en)
    yield "enze-sealed", {"code": proposal.code}


def forms(cast: Cast) -> dict[str, dict[str, Any]]:
    """What somebody who fills a form in well sends."""
    day = timezone.localtime() + timedelta(days=15)
    return {
        "more_time": {
            "applicant": cast.organisations["enze"].name,
            "until": day.strftime("%Y-%m-%dT%H:%M"),
            "reason": "停电",
        },
        "peek": {"number": SEALED_NUMBER, "reason": "申报方来电说交错了文件"},
        "question": {"organisation": cast.organisations["enze"].pk, "text": "几号截止？"},
        "call_answer": {"asked": "几号截止？", "text": "见公告。"},
    }
