"""A station's menu: written by its coordinator, within the catalogue's minutes, with a trail."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Change, Station
from config.demo.cast import Cast
from tests.factories.timebank import make_service_type
from tests.factories.timebank_orders import make_listing, make_order, make_wish
from timebank.errors.orders import (
    InsuranceMissing,
    InsuranceOver,
    ListingNotInsured,
    NotUsualForThis,
)
from timebank.models import Listing
from timebank.services.listings import (
    ListingDetails,
    draft_listing,
    edit_listing,
    pause_listing,
    publish_listing,
    resume_listing,
)
from timebank.services.orders import accept_order, assign_order, require_on_menu

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast: Cast) -> Station:
    return cast.stations["nanguanxiang"]


def details(**facts: object) -> ListingDetails:
    said = {
        "service_type": make_service_type(),
        "title": "上门理发",
        "minutes": 30,
        "description": "自带工具",
        "audience": Listing.Audience.EVERYONE,
    }
    return ListingDetails(**(said | facts))  # type: ignore[arg-type]


def test_a_draft_is_written_and_published(cast: Cast, station: Station) -> None:
    listing = draft_listing(station, details(), acting_user=cast.chen)
    publish_listing(listing, acting_user=cast.chen)

    assert listing.state == "published"
    assert listing.published_at is not None
    assert list(Listing.objects.published()) == [listing]
    changes = Change.objects.filter(content_type__model="listing", object_id=listing.pk)
    verbs = changes.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["draft", "publish"]


@pytest.mark.parametrize("minutes", [19, 91])
def test_minutes_stay_within_the_catalogue(cast: Cast, station: Station, minutes: int) -> None:
    with pytest.raises(NotUsualForThis) as refusal:
        draft_listing(station, details(minutes=minutes), acting_user=cast.chen)

    assert "20 分 到 1 小时 30 分" in str(refusal.value)
    assert Listing.objects.count() == 0


@pytest.mark.parametrize("who", ["anan", "cheng", "fan", "shu"])
def test_only_its_coordinator_writes_the_menu(cast: Cast, station: Station, who: str) -> None:
    with pytest.raises(NotAllowed):
        draft_listing(station, details(), acting_user=getattr(cast, who))


def test_an_edit_leaves_placed_orders_as_they_are(cast: Cast, station: Station) -> None:
    listing = make_listing(station)
    order = make_order(cast, listing=listing)

    edit_listing(listing, details(minutes=60, title="理发加洗头"), acting_user=cast.chen)

    order.refresh_from_db()
    assert order.minutes == 30
    listing.refresh_from_db()
    assert (listing.minutes, listing.title) == (60, "理发加洗头")
    assert Change.objects.get(verb="edit").facts["before"]["minutes"] == 30


def test_a_service_with_a_risk_is_offered_and_given_only_while_it_is_insured(
    cast: Cast, station: Station
) -> None:
    risky = make_service_type("S08", name="小修小补", risk="medium")
    today = timezone.localdate()
    listing = draft_listing(station, details(service_type=risky), acting_user=cast.chen)
    with pytest.raises(ListingNotInsured):
        publish_listing(listing, acting_user=cast.chen)

    def insured(until: date | None) -> ListingDetails:
        policy = {"insurance": "意外险 A-1" if until else "", "insured_until": until}
        return details(service_type=risky, **policy)

    edit_listing(listing, insured(today + timedelta(days=5)), acting_user=cast.chen)
    publish_listing(listing, acting_user=cast.chen)
    with pytest.raises(ListingNotInsured):
        edit_listing(listing, insured(None), acting_user=cast.chen)
    listing.refresh_from_db()
    order = make_order(cast, listing=listing, wish=make_wish(on=today + timedelta(days=5)))
    with pytest.raises(InsuranceOver):
        make_order(cast, listing=listing, wish=make_wish(on=today + timedelta(days=6)))

    Listing.objects.filter(pk=listing.pk).update(insured_until=today + timedelta(days=4))
    for verb in (
        lambda: accept_order(order, acting_user=cast.anan),
        lambda: assign_order(order, cast.anan, acting_user=cast.chen),
    ):
        with pytest.raises(InsuranceOver):
            verb()
    Listing.objects.filter(pk=listing.pk).update(insurance="", insured_until=None)
    with pytest.raises(InsuranceMissing):
        require_on_menu(Listing.objects.get(pk=listing.pk))
    listing.refresh_from_db()
    pause_listing(listing, acting_user=cast.chen)
    edit_listing(listing, insured(None), acting_user=cast.chen)
    with pytest.raises(ListingNotInsured):
        resume_listing(listing, acting_user=cast.chen)
