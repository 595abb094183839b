"""Who sees a round and a proposal at all: own, other, foreign."""

import pytest
from django.contrib.auth.models import AnonymousUser

from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from ventures.models import Proposal, Round

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

EVERYONE = ("en", "enxiao", "pan", "fan", "xu", "ou", "jin", "shu", "ding", "anan", "fu", "guan")


def seers(cast: Cast, thing: Proposal | Round) -> set[str]:
    return {
        key
        for key in EVERYONE
        if type(thing).objects.visible_to(getattr(cast, key)).filter(pk=thing.pk).exists()
    }


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", {"en", "enxiao"}),
        ("submitted", {"en", "enxiao", "fan", "ou", "jin", "shu"}),
        ("returned", {"en", "enxiao", "fan", "ou", "jin", "shu"}),
        ("refused", {"en", "enxiao", "fan", "ou", "jin", "shu"}),
        ("withdrawn", {"en", "enxiao"}),
    ],
)
def test_proposal_is_seen_by_its_people_and_the_office(cast: Cast, state: str, expected: set[str]):
    round = make_round(created_by=cast.fan, operator=cast.organisations["shelifang"])

    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en, state=state)

    assert seers(cast, proposal) == expected
    assert not Proposal.objects.visible_to(AnonymousUser()).exists()


def test_town_proposal_is_seen_from_the_city_too(cast: Cast, town_round: Round):
    proposal = make_proposal(
        town_round, cast.organisations["enze"], created_by=cast.en, state="submitted"
    )

    assert seers(cast, proposal) == {"en", "enxiao", "xu", "fan", "jin", "shu"}


def test_city_proposal_is_not_seen_from_a_town(cast: Cast, round: Round, submitted: Proposal):
    assert "xu" not in seers(cast, submitted)


def test_revived_draft_is_private_again(cast: Cast, submitted: Proposal):
    Proposal.objects.filter(pk=submitted.pk).update(state="draft")

    assert seers(cast, submitted) == {"en", "enxiao"}


def test_unpublished_round_is_seen_by_its_office_only(cast: Cast):
    draft = make_round(created_by=cast.fan, state=Round.State.DRAFT)
    open_one = make_round(created_by=cast.fan)

    assert seers(cast, draft) == {"fan", "jin", "shu"}
    assert seers(cast, open_one) == set(EVERYONE)
    assert list(Round.objects.visible_to(AnonymousUser())) == [open_one]
