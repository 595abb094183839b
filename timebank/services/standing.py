"""Hold an account still, or let it go again: freeze, suspend, close, open.

The ledger keeps what was changed, by whom and why (`AccountChange`); here stands who may, and that
the holder is told what it means and what to do about it.
"""

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.messages import tell
from timebank.models.ledger import AccountKind, AccountState, LedgerAccount
from timebank.models.ledger_limits import AccountChange
from timebank.rules import books as rules
from timebank.services.adjustments import bank_of_book
from timebank.services.banks import city_pool_of
from timebank.services.ledger import (
    close_account,
    freeze_account,
    suspend_account,
    unfreeze_account,
)

type Words = str | Promise

MEANINGS: dict[str, Words] = {
    AccountState.OPEN: gettext_lazy("账户恢复正常，可以存入和使用。"),
    AccountState.SUSPENDED: gettext_lazy(
        "账户只进不出：服务照常记入，暂时不能使用或捐赠。已经预留的订单照常完成。"
    ),
    AccountState.FROZEN: gettext_lazy(
        "账户暂时不能存入，也不能使用。已经预留的订单照常完成，时间不会减少。"
    ),
    AccountState.CLOSED: gettext_lazy(
        "账户已销户，剩余时间转入全市爱心时间库。明细一直保留，可以查看和打印。"
    ),
}

# Of a book that no bank keeps; proposed and decided in `services.adjustments`.
MEANINGS_OF_MONEY: dict[str, Words] = {
    AccountState.OPEN: gettext_lazy("账户恢复正常，可以进账和支出。"),
    AccountState.SUSPENDED: gettext_lazy("账户只进不出：到账照常，立项和转出都要等恢复以后。"),
    AccountState.FROZEN: gettext_lazy("账户不进也不出：到账、立项和调账都要等恢复以后。"),
    AccountState.CLOSED: gettext_lazy(
        "账户销户，不再变动。账户要先空，或写明剩余转到哪里；明细一直保留。"
    ),
}


@transaction.atomic
def freeze(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """Nothing comes in or goes out; what was begun is finished. The holder is told why.

    Refused: `ReasonMissing`, `NotAllowed` (also: one's own account), `NotOfThisBank`.
    """
    return _moved(account, AccountState.FROZEN, reason, acting_user)


@transaction.atomic
def suspend(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """What comes in is kept, nothing goes out. Refused as for `freeze`."""
    return _moved(account, AccountState.SUSPENDED, reason, acting_user)


@transaction.atomic
def reopen(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """Let it move again. Refused as for `freeze`."""
    return _moved(account, AccountState.OPEN, reason, acting_user)


@transaction.atomic
def close(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """End it; what is left goes to the city's 爱心时间库, in the same act.

    Refused as for `freeze`, and `AccountNotEmpty` while orders hold something on it.
    """
    return _moved(account, AccountState.CLOSED, reason, acting_user)


def _moved(
    account: LedgerAccount, state: AccountState, reason: str, acting_user: User
) -> LedgerAccount:
    reason = required(reason)
    bank = bank_of_book(account.book)
    if not rules.may_hold_still(acting_user, bank, account):
        raise NotAllowed()
    if state == AccountState.CLOSED:
        pool = city_pool_of(bank)
        now = close_account(
            account,
            to_account=None if pool.pk == account.pk else pool,
            reason=reason,
            acting_user=acting_user,
        )
    else:
        verb = {
            AccountState.OPEN: unfreeze_account,
            AccountState.SUSPENDED: suspend_account,
            AccountState.FROZEN: freeze_account,
        }[state]
        now = verb(account, reason=reason, acting_user=acting_user)
    _tell_holder(now, state, reason)
    return now


def _tell_holder(account: LedgerAccount, state: AccountState, reason: str) -> None:
    whose, _colon, number = account.owner_key.partition(":")
    if account.kind != AccountKind.PERSON or whose != "user" or not number.isdigit():
        return
    holder = User.objects.filter(pk=int(number)).first()
    change = (
        AccountChange.objects.filter(book_id=account.book_id, account_id=account.pk)
        .order_by("pk")
        .last()
    )
    if holder is None or change is None:
        return
    with override(holder.language):
        tell(
            holder,
            kind="account_state",
            title=_("您的时间账户：%(state)s") % {"state": state.label},
            body=_("原因：%(reason)s %(meaning)s 如有疑问，请联系服务站点或经办人。")
            % {"reason": reason, "meaning": MEANINGS[state]},
            link=reverse("timebank:account-detail", args=[account.pk]),
            key=f"account:{account.pk}:change:{change.pk}",
        )
