"""Rounds of the city and of 许村 in every state, with their proposals."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import (
    Region,
)
from accounts.services.attachments import store_pdf
from config.demo.cast import HAINING, XIASHI, XUCUN, Cast
from tests.factories.ventures import make_proposal, make_round, publish
from tests.scene.rounds import rounds_around
from tests.scene.selections import selections_of_the_scene
from tests.scene.timetable import timetable_of_the_scene
from ventures.models import (
    Proposal,
    ProposalFile,
    Round,
)
from ventures.services.proposals import submit_proposal, withdraw_proposal
from ventures.services.screening import accept_proposal, return_proposal

MINIMAL_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def calls_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rounds before review and what was filed in them."""
    enze, banrixian = cast.organisations["enze"], cast.organisations["banrixian"]
    drafts = {
        "round-draft": make_call(cast, state=Round.State.DRAFT),
        "round-draft-xiashi": make_call(cast, XIASHI, state=Round.State.DRAFT),
        "round-draft-xucun": make_call(cast, XUCUN, state=Round.State.DRAFT),
    }
    for key, round in drafts.items():
        yield key, {"code": round.code}

    yield from rounds_around(
        cast,
        lambda: make_call(cast, state=Round.State.DRAFT),
        lambda: make_call(cast, XUCUN, state=Round.State.DRAFT),
    )

    yield from timetable_of_the_scene(
        cast, lambda **terms: opened(make_call(cast, state=Round.State.DRAFT, **terms))
    )

    yield from selections_of_the_scene(
        cast, lambda **terms: opened(make_call(cast, state=Round.State.DRAFT, **terms))
    )

    filing, writing, mending = (opened(make_call(cast, state=Round.State.DRAFT)) for _ in "123")
    yield "round-open", {"code": filing.code}
    submitted = make_proposal(filing, enze, created_by=cast.enxiao)
    submit_proposal(submitted, acting_user=cast.en)
    yield from of_proposal("enze-submitted", submitted)
    pdf = SimpleUploadedFile("签章页.pdf", MINIMAL_PDF, "application/pdf")
    file = ProposalFile.objects.create(
        proposal=submitted,
        attachment=store_pdf(pdf, acting_user=cast.en),
        kind=ProposalFile.Kind.SIGNATURE,
        added_by=cast.en,
    )
    yield "enze-submitted-file", {"code": submitted.code, "pk": file.pk}
    of_pan = make_proposal(filing, banrixian, created_by=cast.pan)
    yield from of_proposal("pan-draft", of_pan)
    yield "pan-draft-with-file-of-enze", {"code": of_pan.code, "pk": file.pk}
    yield from of_proposal("enze-draft", make_proposal(writing, enze, created_by=cast.enxiao))
    hosted = make_proposal(writing, banrixian, created_by=cast.pan)
    submit_proposal(hosted, acting_user=cast.pan)
    yield from of_proposal("pan-submitted", hosted)
    returned = make_proposal(mending, enze, created_by=cast.enxiao)
    submit_proposal(returned, acting_user=cast.en)
    return_proposal(
        returned,
        reason="预算缺依据",
        marked_fields=["budget"],
        complete_by=timezone.now() + timedelta(days=5),
        acting_user=cast.fan,
    )
    yield from of_proposal("enze-returned", returned)
    withdrawn = make_proposal(mending, banrixian, created_by=cast.pan)
    submit_proposal(withdrawn, acting_user=cast.pan)
    withdraw_proposal(withdrawn, acting_user=cast.pan)
    yield from of_proposal("pan-withdrawn", withdrawn)

    town = opened(make_call(cast, XUCUN, state=Round.State.DRAFT))
    yield "round-open-xucun", {"code": town.code}
    in_town = make_proposal(town, enze, created_by=cast.enxiao)
    submit_proposal(in_town, acting_user=cast.en)
    yield from of_proposal("enze-xucun", in_town)

    screened_round = opened(make_call(cast, state=Round.State.DRAFT))
    screened = make_proposal(screened_round, enze, created_by=cast.enxiao)
    submit_proposal(screened, acting_user=cast.en)
    accept_proposal(screened, acting_user=cast.fan)
    now = timezone.now()
    Round.objects.filter(pk=screened_round.pk).update(
        opens_at=now - timedelta(days=20), closes_at=now - timedelta(days=1)
    )
    yield "round-closed", {"code": screened_round.code}


def make_call(cast: Cast, place: str = HAINING, **fields: Any) -> Round:
    """A round of the place: the city's with its operator, a town's without."""
    is_city = place == HAINING
    return make_round(
        created_by=cast.xu if place == XUCUN else cast.fan,
        region=Region.objects.get(code=place),
        level=Round.Level.CITY if is_city else Round.Level.TOWN,
        operator=cast.organisations["shelifang"] if is_city else None,
        document_number="海民（演示）〔2026〕1 号",
        eligibility="本地登记或备案的社会组织。",
        about="为老服务。",
        timetable="形式审查；评审；公示。",
        address="演示地址",
        signature_due_on=timezone.localdate() + timedelta(days=20),
        **fields,
    )


def opened(round: Round) -> Round:
    return publish(round)


def of_proposal(key: str, proposal: Proposal) -> Iterator[tuple[str, dict[str, Any]]]:
    yield key, {"code": proposal.code}
    if proposal.versions.exists():
        yield f"{key}-1", {"code": proposal.code, "number": 1}
