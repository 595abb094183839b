"""Reward confirmed service with hours. The face other apps may call, through `doors`."""

from datetime import datetime

from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.ledger import LedgerAccount, Transfer, TransferKind
from timebank.services.banks import account_of, city_pool_of, issuance_of
from timebank.services.ledger import credit_account
from timebank.services.overflow import tell_of_overflow


def reward_service(
    volunteer: User,
    *,
    minutes: int,
    source: str,
    reason: str,
    bank: TimeBank,
    pool: LedgerAccount | None = None,
    happened_at: datetime | None = None,
    acting_user: User,
) -> Transfer:
    """Give a volunteer the minutes of one confirmed service, once per source.

    What does not fit on a full account goes to `pool`, the city's 爱心时间库 if none is given,
    where the bank's policy says so; the volunteer is told.

    The key is made from the source, so that the same service rewarded again moves nothing and
    returns the first transfer. Who may confirm is asked before, by whoever calls.
    Refused: `AccountFrozen`, `OverCeiling` (where nothing overflows), `NothingToMove`;
    `KeyUsedForOther` when the source was rewarded with other minutes or to somebody else.
    """
    transfer = credit_account(
        account_of(volunteer, bank),
        from_account=issuance_of(bank),
        amount=minutes,
        pool=pool or city_pool_of(bank),
        kind=TransferKind.REWARD,
        reason=reason,
        source=source,
        key=f"reward:{source}",
        happened_at=happened_at,
        acting_user=acting_user,
    )
    tell_of_overflow(volunteer, transfer)
    return transfer
