"""Take in what was scanned at the door without a network, and settle what does not fit.

A scan is known by the number its device gave it: brought in twice, it is kept once. What the
device's clock says is believed where that clock is right and the instant lies between the list's
making and the bringing in; whatever else is odd waits for a person, who sees why and decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.errors import NotAllowed, Refusal
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from timebank.errors.presence import (
    BadgeUnknown,
    BothTimesNeeded,
    ManifestNotOurs,
    NotTheirOwnPresence,
    ScanSettled,
)
from timebank.lifecycles.presence import OFFLINE_SCAN
from timebank.models import Attendance, OfflineScan, Shift, Signup
from timebank.rules import presence as rules
from timebank.services.manifests import ReadManifest, read_manifest
from timebank.services.presence import check_in, check_out, write_presence
from timebank.services.presence_steps import Evidence
from timebank.services.service_cards import badge_of_token
from timebank.services.signups import locked_shift
from timebank.services.walk_ins import walk_in
from timebank.terms.presence import PresenceTerms, presence_terms

How = Attendance.How
Problem = OfflineScan.Problem
State = OfflineScan.State
Verb = OfflineScan.Verb
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldScan:
    """One scan as the device tells it."""

    client_id: UUID
    token: str
    verb: str
    device_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a device brings in: the signed list it had, its clock as it sends, its scans."""

    manifest: str
    sent_at: datetime
    scans: Sequence[ToldScan]
    device: str = ""


# Bringing in ------------------------------------------------------------------------


@transaction.atomic
def take_in_scans(shift: Shift, bundle: Bundle, *, acting_user: User) -> list[OfflineScan]:
    """Keep every scan once; what fits is presence at once, the rest waits for a person.

    What was kept before is told again as it stands. Refused: `NotAllowed`, `ManifestNotOurs` (the
    whole bundle: nothing of it is kept).
    """
    shift = locked_shift(shift)
    if not rules.may_keep_presence(acting_user, shift):
        raise NotAllowed()
    listed = read_manifest(bundle.manifest, shift, acting_user=acting_user)
    told = {scan.client_id: scan for scan in bundle.scans}
    known = {
        scan.client_id: scan for scan in OfflineScan.objects.with_shift().filter(client_id__in=told)
    }
    if any(scan.shift_id != shift.pk for scan in known.values()):
        raise ManifestNotOurs()
    for client_id, scan in sorted(told.items(), key=lambda pair: pair[1].device_at):
        if client_id not in known:
            known[client_id] = _take_in(shift, scan, listed, bundle, acting_user)
    return [known[client_id] for client_id in told]


def _take_in(
    shift: Shift, told: ToldScan, listed: ReadManifest, bundle: Bundle, acting_user: User
) -> OfflineScan:
    now = database_now()
    badge = badge_of_token(told.token)
    scan = OfflineScan(
        client_id=told.client_id,
        shift=shift,
        volunteer=badge.user if badge is not None else None,
        verb=told.verb,
        device_at=told.device_at,
        clock_off_seconds=_seconds(bundle.sent_at - now),
        listed_at=listed.issued_at,
        device=bundle.device,
        scanned_by=acting_user,
        state=State.TAKEN,
    )
    scan.problem = _oddity(scan, now, presence_terms(timezone.localdate(shift.starts_at)))
    if not scan.problem:
        scan.problem = _act(scan, now, acting_user)
    if scan.problem:
        scan.state = State.CONFLICT
    scan.save(force_insert=True)
    record_change(
        scan,
        "take_in",
        after=scan.state,
        acting_user=acting_user,
        on_behalf_of=scan.volunteer,
        facts={"problem": scan.problem, "device_at": told.device_at.isoformat()},
    )
    return scan


def _seconds(span: timedelta) -> int:
    most = 10**9
    return max(-most, min(most, round(span.total_seconds())))


def _oddity(scan: OfflineScan, now: datetime, terms: PresenceTerms) -> str:
    """What makes the device's word not good enough by itself; empty where nothing does."""
    off = terms.clock_off
    if abs(scan.clock_off_seconds) > off.total_seconds() or scan.device_at > now + off:
        return Problem.CLOCK_OFF
    if scan.device_at < scan.listed_at - off:
        return Problem.BEFORE_LIST
    if now > scan.shift.ends_at + terms.bring_in_within:
        return Problem.BROUGHT_LATE
    return ""


def _act(scan: OfflineScan, now: datetime, acting_user: User) -> str:
    """Let the scan be presence; why not, where it cannot be."""
    try:
        if scan.volunteer is None:
            raise BadgeUnknown()
        _tell(scan, _instant_of(scan, now), "", acting_user)
    except Refusal as refusal:
        return refusal.code if refusal.code in Problem.values else Problem.OTHER
    return ""


def _instant_of(scan: OfflineScan, now: datetime) -> datetime:
    """The server's now for what has just happened; else the device's instant, not in the future."""
    terms = presence_terms(timezone.localdate(scan.shift.starts_at))
    is_fresh = abs(now - scan.device_at) <= terms.at_once
    return now if is_fresh else min(scan.device_at, now)


def _tell(scan: OfflineScan, at: datetime, reason: str, acting_user: User) -> Attendance:
    assert scan.volunteer is not None, "who has no badge is nobody to check in"
    # A time somebody decided on is written by hand; a scan whose only fault was a missing seat
    # stays the scan it is.
    is_as_scanned = scan.problem == Problem.NO_SEAT and abs(at - scan.device_at) < A_MINUTE
    by_hand = bool(reason) and not is_as_scanned
    evidence = Evidence(
        how=How.STAFF if by_hand else How.OFFLINE,
        at=at,
        device_at=scan.device_at,
        reason=reason,
    )
    act = check_in if scan.verb == Verb.ARRIVE else check_out
    return act(scan.shift, scan.volunteer, evidence, acting_user=acting_user)


# Settling ---------------------------------------------------------------------------


@transaction.atomic
def take_scan(scan: OfflineScan, *, at: datetime, reason: str, acting_user: User) -> OfflineScan:
    """Somebody decides that it was so, at this instant, and says why.

    Who has no seat is seated as having just come. Who was marked absent needs both scans: both are
    taken together. Refused: `ReasonMissing`, `ScanSettled`, `BadgeUnknown`, `BothTimesNeeded`,
    `NotAllowed`, `NotTheirOwnPresence`, and what checking in, out and walking in refuse.
    """
    reason = required(reason)
    scan = _locked(scan, "take", acting_user)
    if scan.volunteer is None:
        raise BadgeUnknown()
    words = reason[:120]
    if scan.problem == Problem.NO_SEAT:
        walk_in(scan.shift, scan.volunteer, acting_user=acting_user)
    known = Attendance.objects.filter(shift=scan.shift, volunteer=scan.volunteer).first()
    if known is not None and known.arrived_at is None:
        return _take_both(scan, known, at, words, acting_user)
    _tell(scan, at, words, acting_user)
    return _settle(scan, "take", words, acting_user)


def _take_both(
    scan: OfflineScan, absent: Attendance, at: datetime, reason: str, acting_user: User
) -> OfflineScan:
    """Came and went by two scans, though marked absent: both times are written, and both taken."""
    other = (
        OfflineScan.objects.to_look_at()
        .with_shift()
        .filter(shift=scan.shift, volunteer=scan.volunteer)
        .exclude(verb=scan.verb)
        .first()
    )
    if other is None:
        raise BothTimesNeeded(state=absent.get_state_display())
    times = {scan.verb: at, other.verb: other.by_server}
    signup = Signup.objects.select_related("volunteer", "shift").get(pk=absent.signup_id)
    write_presence(
        signup,
        arrived_at=times[Verb.ARRIVE],
        left_at=times[Verb.LEAVE],
        evidence=Evidence(how=How.STAFF, reason=reason),
        acting_user=acting_user,
    )
    _settle(other, "take", reason, acting_user)
    return _settle(scan, "take", reason, acting_user)


@transaction.atomic
def dismiss_scan(scan: OfflineScan, *, reason: str, acting_user: User) -> OfflineScan:
    """Somebody decides that it says nothing. Refused: `ReasonMissing`, `ScanSettled`, `NotAllowed`,
    `NotTheirOwnPresence`.
    """
    reason = required(reason)
    scan = _locked(scan, "dismiss", acting_user)
    return _settle(scan, "dismiss", reason[:120], acting_user)


def _locked(scan: OfflineScan, verb: str, acting_user: User) -> OfflineScan:
    shift = locked_shift(scan.shift)
    scan = OfflineScan.objects.with_shift().get(pk=scan.pk)
    scan.shift = shift
    if scan.volunteer_id == acting_user.pk:
        raise NotTheirOwnPresence()
    if scan.state != State.CONFLICT:
        raise ScanSettled(state=scan.get_state_display())
    OFFLINE_SCAN.require(scan, verb, acting_user=acting_user)
    return scan


def _settle(scan: OfflineScan, verb: str, reason: str, acting_user: User) -> OfflineScan:
    OFFLINE_SCAN.move(
        scan,
        verb,
        acting_user=acting_user,
        on_behalf_of=scan.volunteer,
        reason=reason,
        settled_by=acting_user,
        settled_at=database_now(),
        settled_for=reason,
    )
    return scan


def words_of(scan: OfflineScan) -> str:
    """What the page says of a scan that was brought in."""
    if scan.state == State.TAKEN:
        return str(scan.get_verb_display())
    if scan.state == State.DISMISSED:
        return _("不采用：%(why)s") % {"why": scan.settled_for}
    return _("待处理：%(why)s") % {"why": scan.get_problem_display()}
