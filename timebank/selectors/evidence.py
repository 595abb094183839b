"""What a record's source demands and brings, and what evidence the record has
(`terms.provenance`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from timebank.models import Attendance, ServiceRecord, ServiceType, TimeBank
from timebank.selectors.catalogue import coefficient_of
from timebank.terms.provenance import (
    Evidence,
    ProvenanceTerm,
    Redeemable,
    Without,
    provenance_terms,
)


@dataclass(frozen=True)
class Lack:
    """The evidence that a record should have and has not."""

    term: ProvenanceTerm
    source: str

    @property
    def may_be_vouched_for(self) -> bool:
        """Whether the written word of who confirms may stand in its place."""
        return self.term.without is Without.VOUCHED

    @property
    def words(self) -> str:
        """For who decides: what is missing, and what to do."""
        facts = {"source": self.source, "evidence": self.term.evidence}
        if self.may_be_vouched_for:
            words = _("“%(source)s”要有：%(evidence)s。这条还缺，先问清楚，写明怎么核实的再确认。")
        else:
            words = _("“%(source)s”要有：%(evidence)s。这条还缺，请退回补齐，补齐以前不能确认。")
        return words % facts


def lack_of(record: ServiceRecord) -> Lack | None:
    """What it lacks; nothing where all is there, or somebody wrote down how they know."""
    term = term_of(record)
    if record.verified_how or all(_has_one(record, kinds) for kinds in term.demands):
        return None
    return Lack(term, record.get_provenance_display())


def asks_for_word(record: ServiceRecord) -> bool:
    """Whether who confirms it must write down how they know."""
    lack = lack_of(record) if record.state == ServiceRecord.State.SUBMITTED else None
    return lack is not None and lack.may_be_vouched_for


def term_of(record: ServiceRecord) -> ProvenanceTerm:
    """What its source is worth, by the terms of the day of the service."""
    return provenance_terms(localdate(record.started_at)).of(record.provenance)


def worth_of(provenance: str, service_type: ServiceType, bank: TimeBank, day: date) -> int:
    """In hundredths, what an hour of that day brings: nothing where hours of that source can never
    be used, else the bank's coefficient."""
    if provenance_terms(day).of(provenance).redeemable is Redeemable.NEVER:
        return 0
    return coefficient_of(service_type, bank, day)


def evidence_words(record: ServiceRecord) -> list[str]:
    """What there is to go by, for the page of the record."""
    presence = _presence(record)
    words = []
    if presence is not None and presence.arrived_at and presence.left_at:
        words.append(
            _("签到：%(arrived)s；签退：%(left)s")
            % {
                "arrived": presence.get_arrived_how_display(),
                "left": presence.get_left_how_display(),
            }
        )
    if sheet_of(record) is not None:
        words.append(_("签到表原件的扫描件"))
    if presence is not None and presence.in_range is not None:
        words.append(_("在活动地点附近") if presence.in_range else _("不在活动地点附近"))
    photos = len(record.photos.all())
    if photos:
        words.append(_("现场照片 %(count)d 张") % {"count": photos})
    word = getattr(record, "recipient_word", None)
    if word is not None and word.how:
        words.append(_("服务对象核对：%(how)s") % {"how": word.get_how_display()})
    if record.verified_how:
        words.append(_("核实：%(how)s") % {"how": record.verified_how})
    return words


def is_demanded(kind: Evidence, provenance: str, day: date) -> bool:
    """Whether the terms of that day ask for this kind of evidence of a source."""
    return any(kind in kinds for kinds in provenance_terms(day).of(provenance).demands)


def _has_one(record: ServiceRecord, kinds: frozenset[Evidence]) -> bool:
    return any(_HAS[kind](record) for kind in sorted(kinds, key=lambda kind: kind.value))


def _presence(record: ServiceRecord) -> Attendance | None:
    return getattr(record, "attendance", None)


def _has_presence(record: ServiceRecord) -> bool:
    presence = _presence(record)
    return presence is not None and presence.left_at is not None


def sheet_of(record: ServiceRecord) -> int | None:
    """The number of the paper it rests on."""
    presence = _presence(record)
    return presence.sheet_id if presence is not None else None


def _has_reason(record: ServiceRecord) -> bool:
    presence = _presence(record)
    return bool(record.late_reason) or (presence is not None and bool(presence.reason))


_HAS: dict[Evidence, Callable[[ServiceRecord], bool]] = {
    Evidence.PHOTO: lambda record: bool(record.photos.all()),
    Evidence.PRESENCE: _has_presence,
    Evidence.SHEET: lambda record: sheet_of(record) is not None,
    Evidence.REASON: _has_reason,
    Evidence.WORD: lambda record: bool(record.verified_how),
}
