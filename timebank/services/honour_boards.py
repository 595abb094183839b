"""Draw the honour boards: every period, town and kind of service in one statement per period.

Every board is drawn anew each hour, so that a page reads a few rows however large the city is. Only
who agreed is on one; each day of a person counts up to the cap of that day's terms, on every board
by itself. Who took the consent back since is left out when the board is read.
"""

from datetime import date, datetime, time

from django.db import connection, transaction
from django.utils import timezone

from accounts.clock import database_now
from accounts.models import Consent, Region
from timebank.selectors.honours import PERIODS, first_day_of
from timebank.terms.recognition import HONOUR_TERMS

KEPT = 60  # more than a page shows, for those who take their consent back before the next drawing

DRAW = """
INSERT INTO timebank_honourstanding
    (period, place_id, "group", volunteer_id, minutes, days, drawn_at)
WITH allowed AS (
    SELECT user_id FROM accounts_consent
    WHERE purpose = %(purpose)s AND withdrawn_at IS NULL AND user_id IS NOT NULL
), towns AS (
    SELECT region.id AS region_id, town.id AS town_id
    FROM accounts_region region
    JOIN accounts_region town ON town.id = ANY(region.lineage) AND town.level = %(town)s
), by_day AS (
    SELECT record.volunteer_id, towns.town_id, kind."group" AS kind,
           (record.started_at AT TIME ZONE %(zone)s)::date AS served_on,
           sum(record.minutes) AS minutes,
           GROUPING(towns.town_id) AS everywhere, GROUPING(kind."group") AS every_kind
    FROM timebank_servicerecord record
    JOIN allowed ON allowed.user_id = record.volunteer_id
    JOIN timebank_servicetype kind ON kind.id = record.service_type_id
    LEFT JOIN towns ON towns.region_id = record.region_id
    WHERE record.state = 'confirmed' AND record.ended_at >= %(since)s
      AND NOT EXISTS (SELECT FROM timebank_screening AS screening
                       WHERE screening.record_id = record.id
                         AND screening.state IN ('held', 'false'))
    GROUP BY record.volunteer_id, served_on, CUBE (towns.town_id, kind."group")
), totals AS (
    SELECT volunteer_id, everywhere, every_kind, town_id, kind,
           sum(least(minutes, {cap})) AS minutes, count(*) AS days
    FROM by_day
    WHERE everywhere = 1 OR town_id IS NOT NULL
    GROUP BY volunteer_id, everywhere, every_kind, town_id, kind
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY everywhere, every_kind, town_id, kind
        ORDER BY minutes DESC, days DESC, volunteer_id
    ) AS place
    FROM totals
)
SELECT %(period)s, town_id, coalesce(kind, ''), volunteer_id, minutes, days, %(now)s
FROM ranked WHERE place <= %(kept)s
"""


@transaction.atomic
def draw_boards() -> int:
    """Draw all boards as they are now; how many lines they have. One drawing at a time."""
    now = database_now()
    today = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('timebank.honour'))")
        cursor.execute("DELETE FROM timebank_honourstanding")
        drawn = 0
        for period, _label in PERIODS:
            cap, caps = _cap()
            cursor.execute(
                DRAW.format(cap=cap),
                {
                    "period": period,
                    "since": _midnight(first_day_of(period, today)),
                    "purpose": Consent.Purpose.HONOUR,
                    "town": Region.Level.TOWN,
                    "zone": timezone.get_default_timezone_name(),
                    "kept": KEPT,
                    "now": now,
                    **caps,
                },
            )
            drawn += cursor.rowcount
    return drawn


def _cap() -> tuple[str, dict[str, int | date]]:
    """The cap of the day a service was given, as SQL, and its values: latest terms first."""
    values: dict[str, int | date] = {"cap_first": HONOUR_TERMS[0].cap_minutes_a_day}
    whens = []
    for number, terms in enumerate(reversed(HONOUR_TERMS)):
        values |= {f"since_{number}": terms.since, f"cap_{number}": terms.cap_minutes_a_day}
        whens.append(f"WHEN served_on >= %(since_{number})s THEN %(cap_{number})s")
    return f"CASE {' '.join(whens)} ELSE %(cap_first)s END", values


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
