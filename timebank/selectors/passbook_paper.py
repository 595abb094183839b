"""What the printed 时间存折 says: whose it is, what is there now, and the latest lines."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Station, User
from accounts.templatetags.kit import hours, moment, signed_hours
from timebank.models.ledger import LedgerAccount
from timebank.selectors.passbook import passbook_lines
from timebank.selectors.statements import balance_of, statement_of

LINES = 60


def passbook_paper(account: LedgerAccount, *, printed_at: datetime) -> dict[str, Any]:
    """Plain words for the paper; the newest lines, oldest of them first, as a passbook is read."""
    holder = User.objects.filter(pk=int(account.owner_key.partition(":")[2])).first()
    assert holder is not None, "an account of a person names somebody"
    balance = balance_of(account)
    page = statement_of(account, limit=LINES)
    lines = list(reversed(passbook_lines(page.lines, reader=holder)))
    return {
        "title": _("时间存折"),
        "bank": account.book.name,
        "name_label": _("户名"),
        "name": account.label,
        "number_label": _("账号"),
        "number": f"{account.book_id:02d}-{account.pk:06d}",
        "available_label": _("现在可用"),
        "available": hours(balance.available),
        "held": _("另有 %(held)s 已为订单预留") % {"held": hours(balance.held)}
        if balance.held
        else "",
        "debt": _("因冲正欠 %(debt)s") % {"debt": hours(balance.debt)} if balance.debt else "",
        "printed": _("打印于 %(at)s") % {"at": moment(printed_at)},
        "heads": [_("日期"), _("事由"), _("变动"), _("结余")],
        "rows": [
            [
                timezone.localdate(line.at).strftime("%Y-%m-%d"),
                str(line.words) + (_("（已冲正）") if line.is_reversed else ""),
                signed_hours(line.amount),
                hours(line.balance_after),
            ]
            for line in lines
        ],
        "none": _("还没有明细。"),
        "earlier": _("更早的明细请到站点或网上查看。") if page.next_before else "",
        "rules": [
            _("时间只能换取互助服务，不能兑换现金，不能买卖。"),
            _("每做一次服务、用一次服务，都记一行；记错了用“冲正”更正，不涂改。"),
            _("对哪一行有疑问，请带上存折到服务站点，当面查原始记录。"),
        ],
        "station": _station_words(holder),
    }


def _station_words(holder: User) -> str:
    """Where to ask: the station of the holder's place."""
    if holder.home_region is None:
        return ""
    station = (
        Station.objects.filter(region__in=holder.home_region.lineage, state=Station.State.OPEN)
        .order_by("-region__level")
        .first()
    )
    if station is None:
        return ""
    return " ".join(part for part in (station.name, station.address, station.phone) if part)
