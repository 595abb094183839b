"""Where a record comes from: the shift, the order, the correction or the import behind it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.data_words import in_readers_language
from accounts.models import User
from timebank.models import (
    HistoryImport,
    RecordQuery,
    ServiceOrder,
    ServiceRecord,
    Shift,
)


@dataclass(frozen=True)
class Origin:
    """What a record rests on, and its page for who may open it."""

    words: str
    url: str = ""


def origin_of(record: ServiceRecord, reader: User) -> Origin | None:
    """What brought the record about; nothing where somebody just wrote it down."""
    name, _colon, rest = record.source.partition(":")
    number = rest.partition(":")[0]
    if not number.isdecimal() or name not in _ORIGINS:
        return None
    return _ORIGINS[name](int(number), reader)


def _shift(number: int, reader: User) -> Origin:
    shift = Shift.objects.visible_to(reader).select_related("activity").filter(pk=number).first()
    if shift is None:
        return Origin(_("活动"))
    title = in_readers_language(shift.activity.title)
    return Origin(_("活动“%(title)s”") % {"title": title}, shift.get_absolute_url())


def _order(number: int, reader: User) -> Origin:
    order = ServiceOrder.objects.visible_to(reader).filter(pk=number).first()
    return Origin(_("订单"), order.get_absolute_url() if order else "")


def _query(number: int, reader: User) -> Origin:
    query = RecordQuery.objects.visible_to(reader).filter(pk=number).first()
    return Origin(_("对原记录的更正"), query.get_absolute_url() if query else "")


def _history(number: int, reader: User) -> Origin:
    history = HistoryImport.objects.visible_to(reader).filter(pk=number).first()
    words = _("历史数据导入第 %(number)d 批") % {"number": number}
    return Origin(words, history.get_absolute_url() if history else "")


_ORIGINS = {
    "timebank.shift": _shift,
    "timebank.serviceorder": _order,
    "timebank.recordquery": _query,
    "timebank.history": _history,
}
