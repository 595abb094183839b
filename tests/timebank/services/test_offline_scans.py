"""Scans brought in from where there was no network: kept once, believed where they can be, and
looked at by a person where they cannot. Forged and replayed ones do nothing; `-m long` in full."""

import secrets
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change
from accounts.services.roles import grant_role
from tests.factories.timebank_presence import came, seat_of, shift_under_way
from timebank.errors.presence import (
    BadgeUnknown,
    BothTimesNeeded,
    ManifestNotOurs,
    NotTheirOwnPresence,
    ScanSettled,
)
from timebank.errors.records import OwnEntry
from timebank.lifecycles.presence import OFFLINE_SCAN
from timebank.models import Attendance, OfflineScan, ServiceRecord, Shift, Signup
from timebank.services.manifests import SALT, issue_manifest, key_of
from timebank.services.offline_scans import (
    Bundle,
    ToldScan,
    dismiss_scan,
    take_in_scans,
    take_scan,
)
from timebank.services.presence_absences import mark_absent
from timebank.services.record_decisions import confirm_record
from timebank.services.service_cards import badge_of, replace_badge, token_of_badge

pytestmark = pytest.mark.django_db

How, State = Attendance.How, OfflineScan.State


@pytest.fixture
def home(cast):
    return cast.stations["nanguanxiang"]


def signed_before(shift, user, minutes: int) -> str:
    """The list as it was taken along so long ago."""
    then = timezone.now() - timedelta(minutes=minutes)
    said = {
        "shift": shift.pk,
        "user": user.pk,
        "issued_at": then.isoformat(),
        "valid_until": shift.ends_at.isoformat(),
        "people": "",
    }
    return signing.Signer(salt=SALT).sign_object(said)


def scan(who, verb="arrive", *, ago=0, token=None):
    return ToldScan(
        client_id=uuid4(),
        token=token or token_of_badge(badge_of(who)),
        verb=verb,
        device_at=timezone.now() - timedelta(minutes=ago),
    )


def bring(shift, *scans, by, manifest=None, clock=0):
    bundle = Bundle(
        manifest=manifest or signed_before(shift, by, 180),
        sent_at=timezone.now() + timedelta(minutes=clock),
        scans=scans,
    )
    return take_in_scans(shift, bundle, acting_user=by)


def test_came_and_went_without_a_network_and_is_credited_once(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=119)
    scans = (scan(cast.anan, "leave", ago=3), scan(cast.anan, ago=117))

    first = bring(shift, *scans, by=cast.chen)
    again = bring(shift, *scans, by=cast.chen)

    assert [one.state for one in first + again] == [State.TAKEN] * 4, "in the order they were sent"
    there = Attendance.objects.get()
    assert (there.state, there.arrived_how, there.left_how) == ("counted", "offline", "offline")
    assert there.arrived_at == scans[1].device_at, "no server saw it: the device's word"
    assert there.device == "", "the leader's phone is not the volunteer's"
    assert ServiceRecord.objects.get().provenance == ServiceRecord.Provenance.CHECK_IN
    assert OfflineScan.objects.count() == 2
    assert Change.objects.filter(verb="take_in").count() == 2


def test_what_happens_now_is_told_by_the_server(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen)
    told = scan(cast.anan, ago=0.5)

    bring(shift, told, by=cast.chen)

    there = Attendance.objects.get()
    assert there.device_at == told.device_at, "kept beside it as evidence"
    assert timezone.now() - there.arrived_at < timedelta(seconds=20)


@pytest.mark.parametrize("times", [16, pytest.param(1000, marks=pytest.mark.long)])
def test_replayed_scans_count_nothing_twice(cast, home, times):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=119)
    scans = (scan(cast.anan, ago=117), scan(cast.anan, "leave", ago=3))
    bring(shift, *scans, by=cast.chen)

    for number in range(times):
        if number % 2:  # the very same, or the same badge and time under a new number
            scans = tuple(
                ToldScan(client_id=uuid4(), token=one.token, verb=one.verb, device_at=one.device_at)
                for one in scans
            )
        bring(shift, *scans, by=cast.chen)

    assert Attendance.objects.count() == 1
    assert ServiceRecord.objects.count() == 1
    assert OfflineScan.objects.filter(state=State.TAKEN).count() == 2


@pytest.mark.parametrize("tries", [50, pytest.param(1000, marks=pytest.mark.long)])
def test_forged_lists_are_not_accepted(cast, home, tries):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen)
    other = shift_under_way(home, led_by=cast.chen)
    mine = issue_manifest(shift, acting_user=cast.chen).signed
    payload, _colon, signature = mine.rpartition(":")

    accepted = 0
    for number in range(tries):
        match number % 5:
            case 0:
                forged = secrets.token_urlsafe(60)
            case 1:
                forged = f"{payload}:{secrets.token_urlsafe(32)}"
            case 2:
                place = number % len(payload)
                letter = "A" if payload[place] != "A" else "B"
                forged = f"{payload[:place]}{letter}{payload[place + 1 :]}:{signature}"
            case 3:
                forged = signed_before(other, cast.chen, number)
            case _:
                forged = signed_before(shift, cast.fan, number)
        try:
            bring(shift, scan(cast.anan), by=cast.chen, manifest=forged)
            accepted += 1
        except ManifestNotOurs:
            pass

    assert accepted == 0
    assert not OfflineScan.objects.exists()
    with pytest.raises(NotAllowed):
        bring(shift, scan(cast.anan), by=cast.zhu, manifest=signed_before(shift, cast.zhu, 1))


CONFLICTS = {
    "no_seat": lambda cast, shift: scan(cast.fang),
    "badge_unknown": lambda cast, shift: scan(cast.anan, token="0" * 64),
    "not_their_own_presence": lambda cast, shift: scan(cast.chen),
    "not_arrived": lambda cast, shift: scan(cast.anan, "leave"),
    "too_early_to_arrive": lambda cast, shift: scan(cast.anan, ago=175),
    "before_list": lambda cast, shift: scan(cast.anan, ago=190),
    "clock_off": lambda cast, shift: scan(cast.anan, ago=-30),
}


@pytest.mark.parametrize("problem", CONFLICTS)
def test_what_does_not_fit_waits_for_a_person(cast, home, problem):
    grant_role(cast.chen, "volunteer", region=home.region, acting_user=cast.system)
    shift = shift_under_way(home, cast.anan, cast.chen, led_by=cast.chen, since_minutes=100)

    (kept,) = bring(shift, CONFLICTS[problem](cast, shift), by=cast.chen)

    assert (kept.state, kept.problem) == (State.CONFLICT, problem)
    assert kept.get_problem_display() != problem, "it is put into words"
    assert not Attendance.objects.exists()


def test_other_conflicts_twice_absent_off_late_and_a_clock_that_is_wrong(cast, home):
    shift = shift_under_way(home, cast.anan, cast.zhu, cast.fang, led_by=cast.chen)
    came(shift, cast.anan, ago_minutes=20)
    revoked = token_of_badge(badge_of(cast.fang))
    replace_badge(cast.fang)

    kept = bring(shift, scan(cast.anan), scan(cast.fang, token=revoked), by=cast.chen) + bring(
        shift, scan(cast.zhu), by=cast.chen, clock=60
    )
    shift.state = Shift.State.CANCELLED
    shift.notice = "大风"
    shift.save()
    kept += bring(shift, scan(cast.zhu), by=cast.chen)

    assert [one.problem for one in kept] == [
        "arrived_before",
        "badge_unknown",
        "clock_off",
        "shift_called_off",
    ]
    assert kept[2].clock_off_seconds == pytest.approx(3600, abs=5)

    over = shift_under_way(home, cast.baijia, led_by=cast.chen, since_minutes=5 * 24 * 60)
    (late,) = bring(
        over,
        scan(cast.baijia, ago=5 * 24 * 60 - 10),
        by=cast.chen,
        manifest=signed_before(over, cast.chen, 5 * 24 * 60),
    )
    assert late.problem == "brought_late"


def test_who_just_came_is_seated_and_stays_scanned(cast, home):
    shift = shift_under_way(home, led_by=cast.chen, since_minutes=100)
    (kept,) = bring(shift, scan(cast.fang, ago=90), by=cast.chen)
    with pytest.raises(ReasonMissing):
        take_scan(kept, at=kept.device_at, reason=" ", acting_user=cast.chen)
    with pytest.raises(NotAllowed):
        take_scan(kept, at=kept.device_at, reason="到了", acting_user=cast.zhu)

    taken = take_scan(kept, at=kept.device_at, reason="临时来帮忙", acting_user=cast.chen)

    assert (taken.state, taken.settled_by, taken.settled_for) == (
        State.TAKEN,
        cast.chen,
        "临时来帮忙",
    )
    assert Signup.objects.get(volunteer=cast.fang).came == Signup.Came.WALK_IN
    assert Attendance.objects.get().arrived_how == How.OFFLINE
    with pytest.raises(ScanSettled):
        dismiss_scan(kept, reason="又不要了", acting_user=cast.chen)


def test_an_instant_somebody_decides_on_is_written_by_hand(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=119)
    arrive, leave = bring(
        shift,
        scan(cast.anan, ago=117 - 60),
        scan(cast.anan, "leave", ago=2 - 60),
        by=cast.chen,
        clock=60,
    )
    assert (arrive.problem, leave.problem) == ("clock_off", "clock_off")

    for one in (arrive, leave):
        take_scan(one, at=one.by_server, reason="手机快了一小时", acting_user=cast.chen)

    there = Attendance.objects.get()
    assert (there.state, there.arrived_how, there.left_how) == ("counted", "staff", "staff")
    assert there.record.provenance == ServiceRecord.Provenance.BACKFILLED
    with pytest.raises(OwnEntry):
        confirm_record(there.record, acting_user=cast.chen)


def test_who_was_marked_absent_needs_both_scans(cast, home):
    shift = shift_under_way(home, cast.anan, cast.zhu, led_by=cast.chen, since_minutes=125)
    for volunteer in (cast.anan, cast.zhu):
        mark_absent(seat_of(shift, volunteer), acting_user=cast.chen)
    one, came_scan, left_scan = bring(
        shift,
        scan(cast.zhu, ago=120),
        scan(cast.anan, ago=120),
        scan(cast.anan, "leave", ago=10),
        by=cast.chen,
    )
    assert {one.problem, came_scan.problem} == {"presence_decided"}
    assert left_scan.problem == "not_arrived"

    with pytest.raises(BothTimesNeeded):
        take_scan(one, at=one.device_at, reason="扫过码", acting_user=cast.chen)
    take_scan(came_scan, at=came_scan.device_at, reason="扫过码", acting_user=cast.chen)

    left_scan.refresh_from_db()
    assert left_scan.state == State.TAKEN
    assert Attendance.objects.get(volunteer=cast.anan).state == Attendance.State.COUNTED
    assert Attendance.objects.get(volunteer=cast.zhu).state == Attendance.State.ABSENT


def test_every_state_of_a_scan_and_every_verb(cast, home):
    """Whoever runs the activity or stands over its station; nobody about their own badge."""
    shift = shift_under_way(home, cast.anan, led_by=cast.chen)
    bring(shift, scan(cast.anan), by=cast.chen)
    nobody, own = bring(shift, scan(cast.anan, token="0" * 64), scan(cast.chen), by=cast.chen)
    with pytest.raises(BadgeUnknown):
        take_scan(nobody, at=nobody.device_at, reason="是他", acting_user=cast.chen)
    with pytest.raises(NotTheirOwnPresence):
        take_scan(own, at=own.device_at, reason="是我", acting_user=cast.chen)

    people = ("anan", "zhu", "chen", "cheng", "xia", "fan", "shu", "guo", "ding", "en")
    for verb in OFFLINE_SCAN.verbs():
        allowed = {who for who in people if OFFLINE_SCAN.allows(verb, getattr(cast, who), nobody)}
        assert allowed == {"chen", "fan"}, verb
        assert not OFFLINE_SCAN.allows(verb, cast.chen, own)
    dismissed = dismiss_scan(nobody, reason="不是志愿者", acting_user=cast.fan)
    for settled in (dismissed, OfflineScan.objects.get(state=State.TAKEN)):
        for verb in OFFLINE_SCAN.verbs():
            with pytest.raises(OutOfTurn):
                OFFLINE_SCAN.move(settled, verb, acting_user=cast.chen)


def test_the_list_names_nobody_in_full_and_shows_no_badge(cast, home):
    shift = shift_under_way(home, cast.anan, cast.zhu, led_by=cast.chen)
    token = token_of_badge(badge_of(cast.anan))

    manifest = issue_manifest(shift, acting_user=cast.chen)

    named = {one.name: one.key for one in manifest.people}
    real = cast.anan.person.real_name
    assert named[f"{real[0]}{'*' * max(1, len(real) - 2)}{real[-1] if len(real) > 2 else ''}"] == (
        key_of(shift.pk, token)
    )
    assert len(set(named.values())) == 2, "who never opened their badge has one now"
    assert token_of_badge(badge_of(cast.zhu)) not in named
    assert token not in str(manifest)
    assert manifest.valid_until == shift.ends_at + timedelta(hours=2)
    with pytest.raises(NotAllowed):
        issue_manifest(shift, acting_user=cast.zhu)
