"""双随机: prepare a pool, draw from it before a witness, inspect, demand, re-check, publish.

How the lot falls is `standalone.draw`. The period's pool is laid down once and its hash shown
before anybody knows the seed; one period is drawn once.
"""

import secrets
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Region, User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.working_days import add_working_days
from timebank.errors.checks import (
    ChecksUnanswered,
    DrawnBefore,
    ItemsOpen,
    PoolTooSmall,
    WitnessMissing,
)
from timebank.lifecycles.checks import INSPECTION, INSPECTION_ITEM
from timebank.models import Inspection, InspectionItem, ServiceRecord, TimeBank
from timebank.rules import checks as rules
from timebank.selectors.inspections import OPEN_STATES, pool_for
from timebank.standalone.draw import digest, drawn_from, hash_of_pool
from timebank.terms.checks import inspection_terms

ANSWERS = ("yes", "no", "not_asked")


@transaction.atomic
def prepare_inspection(
    bank: TimeBank, *, since: date, until: date, acting_user: User
) -> Inspection:
    """Lay down the pool and the hash of a secret; nothing is drawn yet.

    Refused: `NotAllowed` for anyone but an officer of the bank, `DrawnBefore`, `PoolTooSmall`.
    """
    if not rules.may_inspect_in(acting_user, bank):
        raise NotAllowed()
    _refuse_drawn(bank, since, until)
    terms = inspection_terms(localdate(database_now()))
    pool, inspectors = pool_for(
        bank, since, until, per_mille=terms.per_mille, at_least=terms.at_least
    )
    count = sum(len(numbers) for numbers in pool["towns"].values())
    if not count or not inspectors.codes:
        raise PoolTooSmall(records=count, inspectors=len(inspectors.codes))
    secret = secrets.token_hex(32)
    try:
        with transaction.atomic():
            inspection = Inspection.objects.create(
                bank=bank,
                since=since,
                until=until,
                per_mille=terms.per_mille,
                at_least=terms.at_least,
                pool=pool,
                pool_hash=hash_of_pool(pool),
                inspectors=inspectors.codes,
                secret=secret,
                secret_hash=digest(secret),
                prepared_by=acting_user,
            )
    except IntegrityError:
        _refuse_drawn(bank, since, until)
        raise
    record_change(
        inspection,
        "prepare",
        after=inspection.state,
        facts={"records": count, "pool_hash": inspection.pool_hash},
        acting_user=acting_user,
    )
    return inspection


def _refuse_drawn(bank: TimeBank, since: date, until: date) -> None:
    before = Inspection.objects.filter(bank=bank, since=since, until=until).first()
    if before is not None:
        raise DrawnBefore(number=before.number)


@transaction.atomic
def draw_inspection(
    inspection: Inspection, *, witness: str, word: str, acting_user: User
) -> Inspection:
    """The witness's word and the secret make the seed; records and inspectors are drawn, told.

    Refused: `WitnessMissing`, `OutOfTurn`, `NotAllowed`.
    """
    witness, word = witness.strip(), word.strip()
    if not witness or not word:
        raise WitnessMissing()
    inspection = _locked(inspection)
    INSPECTION.move(
        inspection,
        "draw",
        acting_user=acting_user,
        facts={"witness": witness},
        witness=witness,
        word=word,
        drawn_at=database_now(),
    )
    drawn = drawn_from(inspection.pool, inspection.seed)
    towns = dict(
        Region.objects.current()
        .filter(code__in={town for town, _number, _code in drawn})
        .values_list("code", "pk")
    )
    records = dict(
        ServiceRecord.objects.filter(
            number__in=[number for _town, number, _code in drawn]
        ).values_list("number", "pk")
    )
    InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection,
            record_id=records[number],
            town_id=towns[town],
            inspector_id=inspection.inspectors[code],
        )
        for town, number, code in drawn
    )
    for inspector in User.objects.filter(inspections__inspection=inspection).distinct():
        _tell_inspector(inspection, inspector)
    return inspection


@transaction.atomic
def check_item(
    item: InspectionItem,
    verb: str,
    *,
    answers: dict[str, str],
    remarks: str,
    demand: str = "",
    acting_user: User,
) -> InspectionItem:
    """The inspector's checklist and what follows: passed, 整改通知, or a record that is false.

    A notice goes to the station with a date in working days. A false record is reversed by two
    people afterwards, like any other.
    Refused: `ChecksUnanswered`, `ReasonMissing` (what was looked at; what is demanded),
    `OutOfTurn`, `NotAllowed` for anyone but the inspector drawn.
    """
    assert verb in ("pass_", "notify", "find_false"), "the ways a check ends"
    item = _locked_item(item)
    INSPECTION_ITEM.require(item, verb, acting_user=acting_user)
    now = database_now()
    terms = inspection_terms(localdate(now))
    if any(answers.get(key) not in ANSWERS for key, _words in terms.questions):
        raise ChecksUnanswered()
    remarks = required(remarks)
    fields: dict[str, Any] = {"answers": answers, "remarks": remarks, "checked_at": now}
    if verb == "notify":
        fields |= {
            "demand": required(demand),
            "reply_by": add_working_days(localdate(now), terms.reply_working_days),
        }
    INSPECTION_ITEM.move(item, verb, acting_user=acting_user, reason=demand or remarks, **fields)
    return item


@transaction.atomic
def reply_to_notice(item: InspectionItem, *, reply: str, acting_user: User) -> InspectionItem:
    """The station says what it put right. Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`."""
    reply = required(reply)
    item = _locked_item(item)
    INSPECTION_ITEM.move(
        item,
        "reply",
        reason=reply,
        acting_user=acting_user,
        reply=reply,
        replied_by=acting_user,
        replied_at=database_now(),
    )
    return item


@transaction.atomic
def recheck_item(
    item: InspectionItem, verb: str, *, outcome: str, acting_user: User
) -> InspectionItem:
    """The inspector looks again: closed, once more, or false after all.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    assert verb in ("close", "again", "find_false"), "the ways a re-check ends"
    outcome = required(outcome)
    item = _locked_item(item)
    now = database_now()
    fields: dict[str, Any] = {"outcome": outcome, "closed_at": now}
    if verb == "again":
        days = inspection_terms(localdate(now)).reply_working_days
        fields = {"demand": outcome, "reply_by": add_working_days(localdate(now), days)}
    INSPECTION_ITEM.move(item, verb, reason=outcome, acting_user=acting_user, **fields)
    return item


@transaction.atomic
def publish_inspection(inspection: Inspection, *, acting_user: User) -> Inspection:
    """Everybody may read how it went, in numbers, and run the draw again.

    Refused: `ItemsOpen`, `OutOfTurn`, `NotAllowed`.
    """
    inspection = _locked(inspection)
    INSPECTION.require(inspection, "publish", acting_user=acting_user)
    still_open = inspection.items.filter(state__in=OPEN_STATES).count()
    if still_open:
        raise ItemsOpen(open=still_open)
    INSPECTION.move(inspection, "publish", acting_user=acting_user, published_at=database_now())
    return inspection


def _tell_inspector(inspection: Inspection, inspector: User) -> None:
    with override(inspector.language):
        tell(
            inspector,
            kind="inspection_drawn",
            title=_("您被抽中检查服务记录（%(number)s）") % {"number": inspection.number},
            body=_("请在“双随机抽查”里逐件检查。与您有关的记录不会抽给您。"),
            link="/time/inspections/",
            key=f"inspection:{inspection.pk}:{inspector.pk}",
        )


def _locked(inspection: Inspection) -> Inspection:
    Inspection.objects.select_for_update().only("pk").get(pk=inspection.pk)
    return Inspection.objects.select_related("bank__region").get(pk=inspection.pk)


def _locked_item(item: InspectionItem) -> InspectionItem:
    InspectionItem.objects.select_for_update().only("pk").get(pk=item.pk)
    return InspectionItem.objects.with_record().get(pk=item.pk)
