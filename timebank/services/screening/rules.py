"""The rules of screening: each looks at one record and what lies around it, and finds or does not.

Pure: no database, no clock. A finding accuses nobody; it names what a person should look at. The
sentences stand in `selectors.screening`, the figures in `terms.screening`.
"""

from collections.abc import Callable

from timebank.services.screening.facts import Around, Finding, Near, Presence, Seen
from timebank.terms.screening import ScreeningTerms

type ScreeningRule = Callable[[Seen, Around, ScreeningTerms], Finding | None]

SAYS_PRESENT = ("check_in", "paper")
CORRECTED = "timebank.recordquery:"


def overlap(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """Signed in at another activity at the same time. (Two records never overlap: a constraint.)"""
    for other in around.presences:
        if other.is_there and _elsewhere(seen, other) and _meets(seen, other):
            return Finding("overlap", {"what": other.title, "at": other.started_at.isoformat()})
    return None


def travel(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """Less time between two places than the way takes."""
    for near in around.near:
        gap = _gap_minutes(seen, near)
        if gap is not None and near.seen.station != seen.station and gap < near.travel_minutes:
            return Finding(
                "travel",
                {
                    "station": near.seen.station_name,
                    "record": near.seen.number,
                    "gap": gap,
                    "travel": near.travel_minutes,
                },
            )
    return None


def device(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """One phone signed in for several people who are not one household."""
    if around.device_people < terms.device_people:
        return None
    return Finding("device", {"people": around.device_people, "days": terms.device_within.days})


def burst(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """One clerk wrote down many people in minutes, without anybody having been seen."""
    if around.burst_people < terms.burst_people:
        return None
    return Finding(
        "burst",
        {
            "people": around.burst_people,
            "within": int(terms.burst_within.total_seconds() // 60),
        },
    )


def no_presence(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """It says "signed in" and nobody was seen; or a seat of that time, and nobody was seen."""
    if seen.source.startswith(CORRECTED):  # an officer looked at the evidence of the old row
        return None
    if seen.provenance in SAYS_PRESENT:
        is_known = any(one.is_there and not _elsewhere(seen, one) for one in around.presences)
        return None if is_known else Finding("no_presence", {"what": ""})
    for other in around.presences:
        if not other.is_there and not other.is_absent and _meets(seen, other):
            return Finding("no_presence", {"what": other.title})
    return None


def absent(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """Marked absent from an activity of that time, at the same station or not."""
    for other in around.presences:
        if other.is_absent and _meets(seen, other):
            return Finding("absent", {"what": other.title})
    return None


def ring(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """People who confirm each other's hours, two of them or three."""
    if not around.ring_names:
        return None
    return Finding("ring", {"names": "、".join(around.ring_names), "days": terms.ring_within.days})


def photo_again(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """The same picture in another record, even where it was cut, scaled or saved anew."""
    if not around.alike:
        return None
    return Finding("photo_again", {"records": "、".join(around.alike[:3])})


def photo_differs(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """What the camera wrote down is another time or place. That it wrote nothing means nothing."""
    return Finding("photo_differs") if around.photos_differ else None


def season(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """A pupil's year of service in the days before the school asks for it."""
    much = around.season_minutes >= terms.season_minutes
    most = around.season_minutes * 100 >= terms.season_percent * max(around.year_minutes, 1)
    if around.season_on is None or not much or not most:
        return None
    return Finding(
        "season",
        {
            "minutes": around.season_minutes,
            "year": around.year_minutes,
            "on": around.season_on.isoformat(),
        },
    )


def minor(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """Under age, and no guardian has consented: somebody asks the guardian first."""
    return Finding("minor") if around.is_minor_alone else None


def long_day(seen: Seen, around: Around, terms: ScreeningTerms) -> Finding | None:
    """More than eight hours of service on one day."""
    same_day = [near.seen.minutes for near in around.near if near.seen.day == seen.day]
    total = seen.minutes + sum(same_day)
    if total <= terms.long_day_minutes:
        return None
    return Finding("long_day", {"minutes": total, "records": len(same_day) + 1})


RULES: tuple[ScreeningRule, ...] = (
    overlap,
    travel,
    device,
    burst,
    no_presence,
    absent,
    ring,
    photo_again,
    photo_differs,
    season,
    minor,
    long_day,
)


def findings_of(seen: Seen, around: Around, terms: ScreeningTerms) -> list[Finding]:
    """What all rules find about one record, in their order."""
    found = (rule(seen, around, terms) for rule in RULES)
    return [finding for finding in found if finding is not None]


def _elsewhere(seen: Seen, presence: Presence) -> bool:
    return seen.source != f"timebank.shift:{presence.shift}"


def _meets(seen: Seen, presence: Presence) -> bool:
    return seen.started_at < presence.ended_at and presence.started_at < seen.ended_at


def _gap_minutes(seen: Seen, near: Near) -> int | None:
    """Minutes between two records that do not overlap; none when they are of different days."""
    other = near.seen
    gap = max(seen.started_at - other.ended_at, other.started_at - seen.ended_at)
    minutes = int(gap.total_seconds() // 60)
    return minutes if 0 <= minutes < 24 * 60 else None
