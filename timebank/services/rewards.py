"""Reward confirmed service with hours. The face other apps may call, through `doors`."""

from datetime import datetime

from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.ledger import Transfer, TransferKind
from timebank.services.banks import account_of, issuance_of
from timebank.services.ledger import post_transfer


def reward_service(
    volunteer: User,
    *,
    minutes: int,
    source: str,
    reason: str,
    bank: TimeBank,
    happened_at: datetime | None = None,
    acting_user: User,
) -> Transfer:
    """Give a volunteer the minutes of one confirmed service, once per source.

    The key is made from the source, so that the same service rewarded again moves nothing and
    returns the first transfer. Who may confirm is asked before, by whoever calls.
    Refused: `AccountFrozen`, `OverCeiling`, `NothingToMove`; `KeyUsedForOther` when the source
    was rewarded with other minutes or to somebody else.
    """
    return post_transfer(
        book=bank.book,
        from_account=issuance_of(bank),
        to_account=account_of(volunteer, bank),
        amount=minutes,
        kind=TransferKind.REWARD,
        reason=reason,
        source=source,
        key=f"reward:{source}",
        happened_at=happened_at,
        acting_user=acting_user,
    )
