"""A statement in plain words: each line leads to what caused it.

The ledger knows a cause only by name (`timebank.servicerecord:7`); here the names are looked up,
all of one kind in one question. Where a line leads is decided as seen by the reader: a cause they
may not see gives its words, and the line leads to the transfer itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.kit import hours
from timebank.models.adjustments import Adjustment, OpeningImport
from timebank.models.orders import ServiceOrder
from timebank.models.points import PointGrant
from timebank.models.records import ServiceRecord
from timebank.selectors.corrections import corrections_seen_by
from timebank.selectors.overflow import Overflow, overflows_among
from timebank.selectors.statements import StatementLine
from timebank.terms.provenance import provenance_terms

type Words = str | Promise

OWN = "timebank"


@dataclass(frozen=True)
class PassbookLine:
    """One entry as people read it: what it was, who saw to it, where its story is."""

    at: datetime
    words: Words
    detail: Words
    amount: int
    balance_after: int | None
    url: str
    is_reversed: bool
    kind_label: Words
    other_side: str
    number: int


@dataclass(frozen=True)
class Causes:
    """What a page's lines came from: the rows for their words, and which of them may be opened."""

    records: dict[str, ServiceRecord]
    orders: dict[str, ServiceOrder]
    corrections: dict[int, Adjustment]
    openings: set[str]
    grants: set[str]
    openable: set[str]
    overflows: dict[int, Overflow]


def passbook_lines(lines: Sequence[StatementLine], *, reader: User) -> list[PassbookLine]:
    """The lines with their causes, at most two questions for each kind of cause there is."""
    causes = _causes_of(lines, reader)
    return [_line(line, causes) for line in lines]


def _causes_of(lines: Sequence[StatementLine], reader: User) -> Causes:
    records = {
        record.ledger_source: record
        for record in _rows(lines, "timebank.servicerecord:", ServiceRecord.objects.with_parties())
    }
    orders = {
        f"timebank.serviceorder:{order.pk}": order
        for order in _rows(lines, "timebank.serviceorder:", ServiceOrder.objects.with_names())
    }
    openable: set[str] = set()
    if records:
        seen = ServiceRecord.objects.visible_to(reader).filter(
            pk__in=[record.pk for record in records.values()]
        )
        openable |= {f"timebank.servicerecord:{pk}" for pk in seen.values_list("pk", flat=True)}
    if orders:
        seen_orders = ServiceOrder.objects.visible_to(reader).filter(
            pk__in=[order.pk for order in orders.values()]
        )
        openable |= {
            f"timebank.serviceorder:{pk}" for pk in seen_orders.values_list("pk", flat=True)
        }
    corrected = [line.transfer_id for line in lines if line.kind in ("reversal", "adjustment")]
    corrections = (
        {
            correction.posted_id or 0: correction
            for correction in corrections_seen_by(reader).filter(posted__in=corrected)
        }
        if corrected
        else {}
    )
    numbers = _numbers(lines, "timebank.opening:")
    openings: Iterable[OpeningImport] = (
        OpeningImport.objects.visible_to(reader).filter(pk__in=numbers) if numbers else ()
    )
    return Causes(
        records,
        orders,
        corrections,
        {f"timebank.opening:{opening.pk}" for opening in openings},
        _grants(lines, reader),
        openable,
        _overflows(lines),
    )


def _grants(lines: Sequence[StatementLine], reader: User) -> set[str]:
    """The grants of points that the reader may open."""
    numbers = _numbers(lines, "timebank.pointgrant:")
    seen = PointGrant.objects.visible_to(reader).filter(pk__in=numbers) if numbers else ()
    return {grant.ledger_source for grant in seen}


def _overflows(lines: Sequence[StatementLine]) -> dict[int, Overflow]:
    """What of these credits did not fit; only what came by a policy can have overflowed."""
    asked = [line for line in lines if line.policy_version and line.amount > 0]
    return overflows_among(asked[0].book_id, [one.transfer_id for one in asked]) if asked else {}


def _line(line: StatementLine, causes: Causes) -> PassbookLine:
    words: Words = line.reason or line.kind_label
    detail: Words = _("%(kind)s · %(other)s") % {
        "kind": line.kind_label,
        "other": line.other_side,
    }
    record = causes.records.get(line.source)
    order = causes.orders.get(line.source)
    if record is not None:
        words = record.service_type.name
        if record.what != words:
            words = _("%(service)s：%(what)s") % {"service": words, "what": record.what}
        detail = _("为%(whom)s · 由%(who)s确认") % {
            "whom": record.recipient_words,
            "who": record.confirmed_by.display_name if record.confirmed_by else line.acting_name,
        }
        if provenance_terms(localdate(record.started_at)).of(record.provenance).is_marked:
            detail = _("%(detail)s · 来源：%(provenance)s") % {
                "detail": detail,
                "provenance": record.get_provenance_display(),
            }
        if record.is_weighted:
            detail = _("%(detail)s · 服务 %(served)s，按系数 %(coefficient)s 记入 %(credited)s") % {
                "detail": detail,
                "served": hours(record.minutes),
                "coefficient": record.written_coefficient,
                "credited": hours(record.credit_minutes),
            }
    elif order is not None:
        detail = _("%(kind)s · 订单") % {"kind": line.kind_label}
    overflow = causes.overflows.get(line.transfer_id)
    if overflow is not None:
        detail = _("%(detail)s · %(overflow)s") % {"detail": detail, "overflow": overflow.words}
    if line.kind == "reversal":
        words = _("冲正：%s") % words
        detail = line.reason
    return PassbookLine(
        at=line.at,
        words=words,
        detail=detail,
        amount=line.amount,
        balance_after=line.balance_after,
        url=_where(line, causes),
        is_reversed=line.is_reversed,
        kind_label=line.kind_label,
        other_side=line.other_side,
        number=line.transfer_id,
    )


def _where(line: StatementLine, causes: Causes) -> str:
    """The page of what caused the line, as far as its reader may open it."""
    correction = causes.corrections.get(line.transfer_id)
    if correction is not None:
        return correction.get_absolute_url()
    record, order = causes.records.get(line.source), causes.orders.get(line.source)
    if record is not None and line.source in causes.openable:
        return record.get_absolute_url()
    if order is not None and line.source in causes.openable:
        return order.get_absolute_url()
    if line.source in causes.openings:
        return reverse("timebank:opening-detail", args=[line.source.rpartition(":")[2]])
    if line.source in causes.grants:
        return reverse("timebank:point-grant-detail", args=[line.source.rpartition(":")[2]])
    return cause_url(line.source) or reverse("timebank:transfer-detail", args=[line.transfer_id])


def cause_of(source: str, *, reader: User) -> str:
    """The page of what caused a transfer, if it has one that the reader may open."""
    app, _dot, name = source.partition(".")
    kind, _colon, number = name.partition(":")
    if app == OWN and number.isascii() and number.isdigit():
        pk = int(number)
        thing: ServiceRecord | ServiceOrder | Adjustment | OpeningImport | PointGrant | None = None
        if kind == "servicerecord":
            thing = ServiceRecord.objects.visible_to(reader).filter(pk=pk).first()
        elif kind == "serviceorder":
            thing = ServiceOrder.objects.visible_to(reader).filter(pk=pk).first()
        elif kind == "adjustment":
            thing = corrections_seen_by(reader).filter(pk=pk).first()
        elif kind == "opening":
            thing = OpeningImport.objects.visible_to(reader).filter(pk=pk).first()
        elif kind == "pointgrant":
            thing = PointGrant.objects.visible_to(reader).filter(pk=pk).first()
        return thing.get_absolute_url() if thing is not None else ""
    return cause_url(source)


def cause_url(source: str) -> str:
    """Where a cause that another app named can be asked for; nothing for the bank's own."""
    app = source.partition(".")[0]
    if app == OWN or not apps.is_installed(app):
        return ""
    return f"{reverse('cause')}?{urlencode({'source': source})}"


def _rows[M: Model](lines: Sequence[StatementLine], prefix: str, rows: QuerySet[M]) -> list[M]:
    numbers = _numbers(lines, prefix)
    return list(rows.filter(pk__in=numbers)) if numbers else []


def _numbers(lines: Sequence[StatementLine], prefix: str) -> list[int]:
    rests = [line.source.removeprefix(prefix) for line in lines if line.source.startswith(prefix)]
    return sorted({int(rest) for rest in rests if rest.isascii() and rest.isdigit()})
