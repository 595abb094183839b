"""The scene of forms: a draft round that asks things of its own, an open one, and answers.

The rounds are the city's (范科长), with 社立方 (欧经理) for their operator. 恩泽社 writes one
proposal and completed another, which so has two versions; 丁老师 reviews one with two as well.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from tests.factories.ventures_forms import QUESTIONS, make_form, make_frozen_form
from ventures.models import Assignment, ProposalVersion, Round
from ventures.services.proposals import submit_proposal
from ventures.services.screening import return_proposal

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class ReadAnew(SimpleUploadedFile):
    """A file that each person who is asked sends from its beginning."""

    def read(self, *args: Any) -> bytes:
        self.seek(0)
        return bytes(self.file.read(*args))


def forms_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    enze, shelifang = cast.organisations["enze"], cast.organisations["shelifang"]
    prepared = make_round(created_by=cast.fan, operator=shelifang, state=Round.State.DRAFT)
    make_form(prepared, cast.fan)
    yield "form-drawn-up", {"code": prepared.code}
    yield "form-drawn-up-q1", {"code": prepared.code, "question": "q1"}
    yield "form-drawn-up-date", {"code": prepared.code, "kind": "date"}
    frozen = make_round(created_by=cast.fan, operator=shelifang)
    make_frozen_form(frozen, cast.fan)
    yield "form-frozen", {"code": frozen.code}
    yield "form-frozen-q1", {"code": frozen.code, "question": "q1"}
    yield "form-frozen-date", {"code": frozen.code, "kind": "date"}
    written = make_proposal(frozen, enze, created_by=cast.enxiao)
    yield "enze-asked-file", {"code": written.code, "question": "q6"}
    yield "enze-asked-text", {"code": written.code, "question": "q3"}

    open_round = make_round(created_by=cast.fan, operator=shelifang)
    make_frozen_form(open_round, cast.fan, QUESTIONS[:1])
    twice = make_proposal(open_round, enze, created_by=cast.enxiao)
    submit_proposal(twice, acting_user=cast.en)
    return_proposal(
        twice,
        reason="写清楚",
        marked_fields=["plan"],
        complete_by=timezone.now() + timedelta(days=5),
        acting_user=cast.fan,
    )
    submit_proposal(twice, acting_user=cast.en)
    yield "enze-twice", {"code": twice.code, "older": 1, "newer": 2}
    yield "enze-twice-backwards", {"code": twice.code, "older": 2, "newer": 1}

    seat = Assignment.objects.filter(member__reviewer=cast.ding).earliest("pk")
    first = seat.proposal.versions.earliest("number")
    ProposalVersion.objects.create(
        proposal=seat.proposal,
        number=first.number + 1,
        snapshot=first.snapshot,
        sha256=first.sha256,
        submitted_by=first.submitted_by,
        submitted_at=timezone.now(),
    )
    yield "sheet-ding-twice", {"pk": seat.pk, "older": first.number, "newer": first.number + 1}


def forms() -> dict[str, dict[str, Any]]:
    """What a POST sends."""
    return {
        "up": {"to": "up"},
        "date_question": {"label": "何时开始", "is_for_short": "on"},
        "heading_question": {"label": "关于场地", "is_for_short": "on"},
        "better_words": {"label": "关于地点", "help": "写到门牌号", "reason": "大家问"},
        "answer_pdf": {"upload": ReadAnew("证明.pdf", PDF, "application/pdf")},
    }
