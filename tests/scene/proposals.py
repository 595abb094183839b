"""Things around proposals for the permission matrix: partners, another round, findings."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Region
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from ventures.models import ProposalSignal, Round
from ventures.services.partners import ask_partner
from ventures.services.proposals import submit_proposal
from ventures.services.transfers import offer_transfer

PLACE = "330481001007"


def proposals_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """A draft with a partner that is asked, a proposal offered another round, a pair alike."""
    enze, banrixian = cast.organisations["enze"], cast.organisations["banrixian"]
    operator = cast.organisations["shelifang"]
    one, other, open_too = (
        make_round(created_by=cast.fan, operator=operator, level=Round.Level.CITY) for _ in "123"
    )
    drafted = make_proposal(one, enze, created_by=cast.enxiao)
    partner = ask_partner(
        drafted,
        banrixian,
        region=Region.objects.get(code=PLACE),
        part="带茶会",
        acting_user=cast.en,
    )
    yield "enze-partnered", {"code": drafted.code}
    yield "enze-partner", {"code": drafted.code, "pk": partner.pk}
    yield "round-to-initiate", {"code": open_too.code}
    filed = make_proposal(other, enze, created_by=cast.enxiao)
    submit_proposal(filed, acting_user=cast.en)
    offer = offer_transfer(filed, open_too, reason="更合适", acting_user=cast.fan)
    yield "enze-offered", {"code": filed.code, "pk": offer.pk}
    yield "enze-movable", {"code": filed.code}
    like = make_proposal(other, banrixian, created_by=cast.pan)
    submit_proposal(like, acting_user=cast.pan)
    signal = ProposalSignal.objects.create(
        first=filed, second=like, kind=ProposalSignal.Kind.TEXT, words="九成相同", percent=90
    )
    yield "enze-alike", {"code": filed.code, "pk": signal.pk}


def forms(cast: Cast) -> dict[str, dict[str, Any]]:
    return {
        "partner": {
            "name": cast.organisations["shelifang"].name,
            "region": Region.objects.get(code=PLACE).pk,
            "part": "带茶会",
        },
        "checked": {"reason": "同一位社工指导，内容不同"},
    }
