"""Give hours to the common pool (爱心时间库), which the station draws on for those who cannot earn.

Drawing happens in `services.orders`: an order placed by the station with the pool as its source.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as stored
from django.utils.translation import override

from accounts.models import Station, User
from accounts.services.messages import tell
from accounts.templatetags.kit import hours
from timebank.errors.ledger import NotEnoughHours
from timebank.errors.orders import GiftTooLarge
from timebank.errors.records import StationNotOpen
from timebank.models import Transfer, TransferKind
from timebank.selectors.orders import coordinators_of
from timebank.services.banks import account_of, bank_at, pool_of
from timebank.services.ledger import post_transfer


@transaction.atomic
def give_to_pool(
    station: Station, *, minutes: int, request_key: UUID, acting_user: User
) -> Transfer:
    """Give some of one's own hours to a station's pool; the giver is thanked, the station told.

    The same `request_key` again gives nothing twice. A gift is not taken back.
    Refused: `GiftTooLarge`, `NothingToMove`, `AccountFrozen`, `OverCeiling`, `StationNotOpen`.
    """
    if station.state != Station.State.OPEN:
        raise StationNotOpen(station=station.name)
    bank = bank_at(station.region)
    try:
        transfer = post_transfer(
            book=bank.book,
            from_account=account_of(acting_user, bank),
            to_account=pool_of(station),
            amount=minutes,
            kind=TransferKind.GIFT,
            reason=stored("捐赠给%s爱心时间库") % station.name,
            source=f"timebank.gift:{request_key}",
            key=f"gift:{request_key}",
            acting_user=acting_user,
        )
    except NotEnoughHours as refusal:
        raise GiftTooLarge(**refusal.facts) from refusal
    _thank(station, minutes, transfer, acting_user)
    return transfer


def _thank(station: Station, minutes: int, transfer: Transfer, giver: User) -> None:
    with override(giver.language):
        tell(
            giver,
            kind="pool_thanks",
            title=_("谢谢您捐赠 %(minutes)s") % {"minutes": hours(minutes)},
            body=_("您的时间已存入%(station)s爱心时间库，由站点用在不能自己积累时间的老人身上。")
            % {"station": station.name},
            key=f"pool:{transfer.pk}:thanks",
        )
    for coordinator in coordinators_of(station):
        with override(coordinator.language):
            tell(
                coordinator,
                kind="pool_gift",
                title=_("爱心时间库收到 %(minutes)s") % {"minutes": hours(minutes)},
                body=_("%(giver)s捐赠了时间。") % {"giver": giver.display_name},
                key=f"pool:{transfer.pk}:station:{coordinator.pk}",
            )
