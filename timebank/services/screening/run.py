"""Screen records: run the rules, leave flags, hold what stood out until a person has looked.

Runs in the transaction that hands a record in, and once for all rows of an import; running it again
changes nothing, except that a rule which finds something new holds a record again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate

from accounts.clock import database_now
from timebank.models import Flag, Screening, ServiceRecord
from timebank.services.screening.blocks import block_hours
from timebank.services.screening.facts import Finding, Seen, seen_of
from timebank.services.screening.gather import around_of
from timebank.services.screening.gather_people import bursts_with, is_entry
from timebank.services.screening.rules import findings_of
from timebank.terms.screening import ScreeningTerms, screening_terms

AT_ONCE = 2_000
Looks = Screening.Looks


@dataclass(frozen=True, slots=True)
class Screened:
    """How many records were looked at, and which of them stood out."""

    count: int
    held: frozenset[int]


@transaction.atomic
def screen_records(numbers: Iterable[int]) -> Screened:
    """Screen these records, by their ids; a burst brings in the others that belong to it.

    Withdrawn, refused and reversed records are left out: they claim nothing.
    """
    terms = screening_terms(localdate(database_now()))
    wanted = sorted(set(numbers))
    held: set[int] = set()
    for start in range(0, len(wanted), AT_ONCE):
        held |= _screen(wanted[start : start + AT_ONCE], terms)
    return Screened(len(wanted), frozenset(held))


def _screen(numbers: list[int], terms: ScreeningTerms) -> set[int]:
    records = _read(numbers)
    known = {one.pk for one in records}
    if any(is_entry(one) for one in records):
        beside = {
            other.pk
            for others in bursts_with(records, terms).values()
            if len({one.volunteer for one in others}) >= terms.burst_people
            for other in others
        }
        records += _read(sorted(beside - known))
    around = around_of(records, terms)
    found = {
        one.pk: findings for one in records if (findings := findings_of(one, around[one.pk], terms))
    }
    _leave(found, terms)
    return set(found)


def _read(numbers: list[int]) -> list[Seen]:
    return seen_of(
        ServiceRecord.objects.standing().filter(pk__in=numbers).select_related("station")
    )


def _leave(found: dict[int, list[Finding]], terms: ScreeningTerms) -> None:
    """Write what is new: a row per record, a flag per rule; hold again where a flag is new, and
    what the record brought already with it."""
    if not found:
        return
    Screening.objects.bulk_create([Screening(record_id=pk) for pk in found], ignore_conflicts=True)
    screenings = {
        one.record_id: one
        for one in Screening.objects.select_for_update().filter(record__in=found).order_by("pk")
    }
    flagged = set(
        Flag.objects.filter(screening__record__in=found).values_list("screening__record", "rule")
    )
    new = [
        (pk, finding)
        for pk, findings in found.items()
        for finding in findings
        if (pk, finding.rule) not in flagged
    ]
    Flag.objects.bulk_create(
        [
            Flag(
                screening=screenings[pk],
                rule=finding.rule,
                facts=finding.facts,
                terms=terms.version,
            )
            for pk, finding in new
        ],
        ignore_conflicts=True,
    )
    again = {pk for pk, _finding in new}
    by_town = {pk for pk, finding in new if finding.rule in terms.looked_at_by_town}
    Screening.objects.filter(record__in=again).update(
        state=Screening.State.HELD, looked_by=None, looked_at=None, finding=""
    )
    Screening.objects.filter(record__in=by_town).update(looks=Looks.TOWN)
    block_hours(again)
