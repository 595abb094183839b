"""Keep a station's menu: draft, edit, publish, pause, close.

What kinds of service may be offered at all, and for how long, stands in the catalogue.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Station, User
from accounts.services.changes import record_change
from timebank.errors.orders import NotUsualForThis
from timebank.lifecycles.orders import LISTING
from timebank.models import Listing, ServiceType
from timebank.rules import orders as rules
from timebank.services.insurance import require_listing_insured


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDetails:
    """What a menu item says."""

    service_type: ServiceType
    title: str
    minutes: int
    description: str
    audience: str
    insurance: str = ""
    insured_until: date | None = None


@transaction.atomic
def draft_listing(station: Station, details: ListingDetails, *, acting_user: User) -> Listing:
    """Write a menu item; nobody outside the station sees it before it is published.

    Refused: `NotAllowed` (not this station's coordinator), `NotUsualForThis` (minutes).
    """
    listing = Listing(station=station, created_by=acting_user)
    _write(listing, details, acting_user)
    listing.save()
    record_change(listing, "draft", after=listing.state, acting_user=acting_user)
    return listing


@transaction.atomic
def edit_listing(listing: Listing, details: ListingDetails, *, acting_user: User) -> Listing:
    """Change what a menu item says. Orders keep the minutes they were placed with.

    Refused: `NotAllowed`, `NotUsualForThis`, `ListingNotInsured` (it can be ordered now).
    """
    before = _told(listing)
    _write(listing, details, acting_user)
    if listing.state == Listing.State.PUBLISHED:
        require_listing_insured(listing)
    listing.save()
    after = _told(listing)
    record_change(
        listing, "edit", acting_user=acting_user, facts={"before": before, "after": after}
    )
    return listing


def publish_listing(listing: Listing, *, acting_user: User) -> Listing:
    """Put a draft on the menu. Refused: `ListingNotInsured`, `OutOfTurn`, `NotAllowed`."""
    LISTING.require(listing, "publish", acting_user=acting_user)
    require_listing_insured(listing)
    LISTING.move(listing, "publish", acting_user=acting_user, published_at=database_now())
    return listing


def pause_listing(listing: Listing, *, acting_user: User) -> Listing:
    """Take no more orders for a while; orders under way go on.

    Refused: `OutOfTurn`, `NotAllowed`.
    """
    LISTING.move(listing, "pause", acting_user=acting_user)
    return listing


def resume_listing(listing: Listing, *, acting_user: User) -> Listing:
    """Take orders again. Refused: `ListingNotInsured`, `OutOfTurn`, `NotAllowed`."""
    LISTING.require(listing, "resume", acting_user=acting_user)
    require_listing_insured(listing)
    LISTING.move(listing, "resume", acting_user=acting_user)
    return listing


def close_listing(listing: Listing, *, acting_user: User) -> Listing:
    """Take it off the menu for good; orders under way go on.

    Refused: `OutOfTurn`, `NotAllowed`.
    """
    LISTING.move(listing, "close", acting_user=acting_user)
    return listing


def _write(listing: Listing, details: ListingDetails, acting_user: User) -> None:
    if not rules.may_edit_menu(acting_user, listing):
        raise NotAllowed()
    if not details.service_type.is_usual(details.minutes):
        raise NotUsualForThis(
            service_type=details.service_type.name,
            least=details.service_type.min_minutes,
            most=details.service_type.max_minutes,
        )
    listing.service_type = details.service_type
    listing.title = details.title
    listing.minutes = details.minutes
    listing.description = details.description
    listing.audience = details.audience
    listing.insurance = details.insurance
    listing.insured_until = details.insured_until


def _told(listing: Listing) -> dict[str, object]:
    """What an edit may change of what people rely on, for the trail."""
    until = listing.insured_until
    return {
        "minutes": listing.minutes,
        "audience": listing.audience,
        "insured_until": until.isoformat() if until else None,
    }
