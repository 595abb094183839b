"""What each source of a record is worth: the evidence it rests on, whether its hours may be
redeemed, and whether papers say where it comes from.

A dated table: whoever changes it adds a row with the day it begins. What keeps one from confirming
one's own hours is no term but a rule (`rules.records`) and a constraint of the database.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timebank.terms.dated import in_force

type Words = str | Promise


class Redeemable(Enum):
    """When the minutes of a source can be used."""

    CONFIRMED = "confirmed"
    SECOND_PERSON = "second_person"
    NEVER = "never"

    @property
    def words(self) -> Words:
        return WORDS[self]


WORDS: dict[Redeemable, Words] = {
    Redeemable.CONFIRMED: _("确认后可以使用"),
    Redeemable.SECOND_PERSON: _("由登记人以外的第二个人核对后才能使用"),
    Redeemable.NEVER: _("只作为服务记录，不能使用"),
}


@dataclass(frozen=True, slots=True)
class ProvenanceTerm:
    """One source: what it rests on, when its hours can be used, whether papers mark it."""

    provenance: str
    evidence: Words
    redeemable: Redeemable = Redeemable.CONFIRMED
    is_marked: bool = False
    wants_photo: bool = False


@dataclass(frozen=True, slots=True)
class ProvenanceTerms:
    """The sources and their worth, from a day on."""

    since: date
    rows: tuple[ProvenanceTerm, ...]

    def of(self, provenance: str) -> ProvenanceTerm:
        """The term of a source; of one that nobody wrote a row for, the strictest."""
        for row in self.rows:
            if row.provenance == provenance:
                return row
        return ProvenanceTerm(provenance, "", Redeemable.SECOND_PERSON, is_marked=True)


PROVENANCE_TERMS = (
    ProvenanceTerms(
        since=date(2024, 1, 1),
        rows=(
            ProvenanceTerm("check_in", _("签到和签退的时间，由系统记下")),
            ProvenanceTerm("paper", _("签到表原件或扫描件，有记录人和审核人签名")),
            ProvenanceTerm("recipient_code", _("服务对象的服务卡或四位服务码")),
            ProvenanceTerm("recipient", _("服务对象自己在平台上确认")),
            ProvenanceTerm("requester", _("代办人在平台上确认")),
            ProvenanceTerm("call_back", _("站点给服务对象打过电话，回访有记录")),
            ProvenanceTerm("station", _("站点写明怎么知道的"), is_marked=True),
            ProvenanceTerm("decision", _("争议裁定书")),
            ProvenanceTerm("lapsed", _("到期没有人提出异议"), is_marked=True),
            ProvenanceTerm(
                "self_reported",
                _("现场照片，或服务对象的服务码"),
                Redeemable.SECOND_PERSON,
                is_marked=True,
                wants_photo=True,
            ),
            ProvenanceTerm(
                "backfilled",
                _("补录原因，和能证明服务过的材料"),
                Redeemable.SECOND_PERSON,
                is_marked=True,
            ),
            ProvenanceTerm(
                "history",
                _("原系统的导出文件，经第二人核对"),
                Redeemable.NEVER,
                is_marked=True,
            ),
        ),
    ),
)


def provenance_terms(day: date) -> ProvenanceTerms:
    """The terms in force on a day; before the first ones, the first."""
    return in_force(PROVENANCE_TERMS, day)
