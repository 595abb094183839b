"""What each source of a record is worth: the evidence it must rest on, what becomes of it without,
whether its hours may be redeemed, and whether papers say where it comes from.

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


class Evidence(Enum):
    """What a record can be seen to have (`selectors.evidence`)."""

    PHOTO = "photo"
    PRESENCE = "presence"
    SHEET = "sheet"
    REASON = "reason"
    WORD = "word"


class Without(Enum):
    """What becomes of a record that has not what its source demands."""

    VOUCHED = "vouched"
    REFUSED = "refused"

    @property
    def words(self) -> Words:
        return WITHOUT[self]


WITHOUT: dict[Without, Words] = {
    Without.VOUCHED: _("没有的，确认的人要写明怎么核实的"),
    Without.REFUSED: _("没有的，补齐以前不能确认"),
}


@dataclass(frozen=True, slots=True)
class ProvenanceTerm:
    """One source: what it rests on, when its hours can be used, whether papers mark it.

    Of each group in `demands` the record must have one before anybody confirms it. What brings its
    evidence by the way it is confirmed (a code, a decision, an import) demands nothing here.
    """

    provenance: str
    evidence: Words
    redeemable: Redeemable = Redeemable.CONFIRMED
    is_marked: bool = False
    demands: tuple[frozenset[Evidence], ...] = ()
    without: Without = Without.VOUCHED


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
            ProvenanceTerm(
                "check_in",
                _("签到和签退的时间，由系统记下"),
                demands=(frozenset({Evidence.PRESENCE}),),
            ),
            ProvenanceTerm(
                "paper",
                _("签到表原件或扫描件，有记录人和审核人签名"),
                demands=(frozenset({Evidence.SHEET}),),
            ),
            ProvenanceTerm("recipient_code", _("服务对象的服务卡或四位服务码")),
            ProvenanceTerm("recipient", _("服务对象自己在平台上确认")),
            ProvenanceTerm("requester", _("代办人在平台上确认")),
            ProvenanceTerm(
                "call_back",
                _("站点给服务对象打过电话，写明问了谁、怎么说"),
                demands=(frozenset({Evidence.WORD}),),
            ),
            ProvenanceTerm(
                "station",
                _("站点写明怎么知道的"),
                is_marked=True,
                demands=(frozenset({Evidence.WORD}),),
            ),
            ProvenanceTerm("decision", _("争议裁定书")),
            ProvenanceTerm("lapsed", _("到期没有人提出异议"), is_marked=True),
            ProvenanceTerm(
                "self_reported",
                _("现场照片，或服务对象的服务码"),
                Redeemable.SECOND_PERSON,
                is_marked=True,
                demands=(frozenset({Evidence.PHOTO}),),
            ),
            ProvenanceTerm(
                "backfilled",
                _("补录原因，和能证明服务过的材料"),
                Redeemable.SECOND_PERSON,
                is_marked=True,
                demands=(
                    frozenset({Evidence.REASON}),
                    frozenset({Evidence.PHOTO, Evidence.PRESENCE, Evidence.SHEET}),
                ),
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
