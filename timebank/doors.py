"""What other apps may ask of the time bank. Nothing else is imported from outside.

Hours: reward a service, read what a source has brought. Menus: suggest a service to the station of
a place. Money: a fund per round, in fen, that awards can never exceed. Other apps see plain values
and these functions, no models of ours.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from accounts.models import Region, User
from timebank.errors.books import FundExceeded
from timebank.selectors.figures import hours_by_source, volunteer_hours_total
from timebank.selectors.funds import FundPosition, SourceShare
from timebank.selectors.funds import fund_position as _fund_position
from timebank.selectors.funds import shares_of as _shares_of
from timebank.selectors.relatives import relatives_of as _relatives_of
from timebank.services import funds, rewards, suggestions
from timebank.services.banks import bank_at
from timebank.services.funds import FundPart
from timebank.services.suggestions import SuggestedListing, service_kinds, suggested_listings

__all__ = [
    "FundExceeded",
    "FundPart",
    "FundPosition",
    "SourceShare",
    "SuggestedListing",
    "add_to_fund",
    "commit_fund",
    "fund_position",
    "fund_shares",
    "hours_by_source",
    "open_fund",
    "relatives_of",
    "release_commitment",
    "return_fund",
    "reward_service",
    "service_kinds",
    "suggest_listing",
    "suggested_listings",
    "volunteer_hours_total",
]

add_to_fund = funds.add_to_fund
commit_fund = funds.commit_fund
release_commitment = funds.release_commitment
return_fund = funds.return_fund


def reward_service(
    volunteer: User,
    *,
    minutes: int,
    source: str,
    reason: str,
    region: Region,
    happened_at: datetime | None = None,
    acting_user: User,
) -> int:
    """Give a volunteer the minutes of a confirmed service, once per source; the transfer's number.

    `source` names the cause and the person (`ventures.activity:7:user:3`). The hours go into the
    bank that serves the region. Refused: `NoBankHere`, and what the ledger refuses.
    """
    transfer = rewards.reward_service(
        volunteer,
        minutes=minutes,
        source=source,
        reason=reason,
        bank=bank_at(region),
        happened_at=happened_at,
        acting_user=acting_user,
    )
    return int(transfer.pk)


def suggest_listing(
    region: Region, *, service: str, title: str, description: str, acting_user: User
) -> int:
    """Leave a draft on the menu of the station nearest to the place; the listing's number.

    The station decides whether to publish it. Refused: `no_station_near`, `no_such_service`.
    """
    listing = suggestions.suggest_listing(
        region, service=service, title=title, description=description, acting_user=acting_user
    )
    return int(listing.pk)


def open_fund(
    owner_key: str,
    label: str,
    amount_fen: int,
    acting_user: User,
    *,
    parts: Sequence[FundPart] = (),
) -> None:
    """Open the book of a round's money and put the money in, each source's part from an account of
    its own; again changes nothing."""
    funds.open_fund(
        owner_key, label=label, amount_fen=amount_fen, parts=parts, acting_user=acting_user
    )


def fund_position(owner_key: str) -> FundPosition:
    """How a fund stands now; all zero before it is opened."""
    return _fund_position(owner_key) or FundPosition(0, 0, 0)


def fund_shares(owner_key: str, transfer_ids: Iterable[int]) -> dict[int, list[SourceShare]]:
    """Whose money these awards were, by the number `commit_fund` gave: each source with its part.

    Nothing where one source brought it all.
    """
    return _shares_of(owner_key, transfer_ids)


def relatives_of(people: list[int]) -> list[tuple[int, int]]:
    """Who of these people declared a relative, or was declared one: pairs of person and relative.

    It only takes rights away; who is related to whom is shown to nobody but the two.
    """
    return _relatives_of(people)
