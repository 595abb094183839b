"""Hours of a record that was confirmed before it stood out: set aside until somebody has looked.

The ledger itself keeps them: a hold on the volunteer's account, so that no path spends them. What
was spent before cannot be set aside; a reversal takes it as a visible debt. Set free when the look
finds the record true, or given up for the reversal when it is taken back.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as stored
from django.utils.translation import override

from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.services.system_user import the_product
from accounts.templatetags.kit import hours
from timebank.errors.ledger import AccountClosed, AccountFrozen, AccountSuspended, NotEnoughHours
from timebank.models import Hold, Screening, ServiceRecord, TransferKind
from timebank.selectors.overflow import overflow_of
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of, issuance_of
from timebank.services.holds import place_hold, release_hold

TRIES = 3


def block_hours(numbers: Iterable[int]) -> int:
    """Set aside what these held records brought, by their ids; how many minutes that were.

    In the order of the accounts, so that two screenings never wait for each other. Part of the
    transaction that found something.
    """
    held = (
        Screening.objects.held()
        .filter(record__in=list(numbers), record__state="confirmed", record__credit__isnull=False)
        .select_related("record__volunteer", "record__bank__book", "record__service_type")
        .order_by("record__bank", "record__volunteer", "record")
    )
    return sum(_block(screening) for screening in held if not is_blocked(screening))


def unblock_hours(record: ServiceRecord, *, reason: str, acting_user: User) -> None:
    """Give back what was set aside for this record, if it was."""
    screening = Screening.objects.filter(record=record).select_related("hold__book").first()
    if screening is None or not is_blocked(screening):
        return
    assert screening.hold is not None, "is_blocked asks for it"
    release_hold(
        screening.hold,
        key=f"screening:{screening.pk}:free:{screening.hold_id}",
        reason=reason,
        acting_user=acting_user,
    )


def blocked_minutes(record: ServiceRecord) -> int:
    """How much of what it brought cannot be used now."""
    screening = getattr(record, "screening", None)
    if screening is None or screening.hold_id is None:
        return 0
    hold = Hold.objects.filter(pk=screening.hold_id, end=None).first()
    return hold.amount if hold else 0


def is_blocked(screening: Screening) -> bool:
    """Whether some of its minutes are set aside now."""
    return (
        screening.hold_id is not None
        and Hold.objects.filter(pk=screening.hold_id, end=None).exists()
    )


def _block(screening: Screening) -> int:
    record = screening.record
    hold = _placed(screening)
    if hold is None:
        return 0
    Screening.objects.filter(pk=screening.pk).update(hold=hold)
    record_change(
        record,
        "block",
        acting_user=the_product(),
        facts={"hold": hold.pk, "minutes": hold.amount},
    )
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_blocked",
            title=_("一条服务记录要再核对，%(minutes)s暂时不能用")
            % {"minutes": hours(hold.amount)},
            body=_("%(service)s。这不是说您不对：核对属实就还给您，会再告诉您。")
            % {"service": record.service_type.name},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:blocked:{hold.pk}",
        )
    return hold.amount


def _placed(screening: Screening) -> Hold | None:
    """As much of it as is there; nothing where all is spent, or nothing can leave anyhow."""
    record = screening.record
    account = account_of(record.volunteer, record.bank)
    overflow = overflow_of(record.credit)
    brought = record.credit_minutes - (overflow.amount if overflow else 0)
    for _try in range(TRIES):
        amount = min(brought, balance_of(account).available)
        if amount <= 0:
            return None
        try:
            with transaction.atomic():
                return place_hold(
                    account,
                    amount=amount,
                    to_account=issuance_of(record.bank),
                    source=record.ledger_source,
                    key=f"screening:{screening.pk}:{screening.flags.count()}:{amount}",
                    kind=TransferKind.REVERSAL,
                    reason=stored("%s（记录 %s）核查中")
                    % (record.service_type.name, record.number),
                    acting_user=the_product(),
                )
        except NotEnoughHours:
            continue  # spent meanwhile: what is left is asked for again
        except (AccountFrozen, AccountSuspended, AccountClosed):
            return None
    return None
