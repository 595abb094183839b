"""Presence in the demo: a shift under way with its code, yesterday's by badge, a sheet of twenty.

Everything goes through the services people use. Whoever already served or promised to at that time
is left out, so that nobody is in two places.
"""

import io
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Attachment, Region, Station, User
from accounts.services.attachments import store_image
from config.demo.cast import Cast
from config.demo.timebank import Settled
from timebank.models import Activity, Attendance, ServiceRecord, ServiceType, Shift, Signup
from timebank.services.manifests import issue_manifest
from timebank.services.offline_scans import Bundle, ToldScan, take_in_scans
from timebank.services.presence import check_in, write_presence
from timebank.services.presence_absences import contest_absence, mark_absent
from timebank.services.presence_steps import Evidence
from timebank.services.service_cards import badge_of, token_of_badge
from timebank.services.sheets import SheetRow, enter_sheet

How = Attendance.How


def load_presence(cast: Cast, settled: Settled) -> None:
    """Three shifts of 陈站长 at 南关厢: now, yesterday, three days ago on paper."""
    home, chen = cast.stations["nanguanxiang"], cast.people["chen"]
    now = timezone.now().replace(second=0, microsecond=0)
    activity = _activity(home, chen, now)
    _under_way(activity, cast, settled, now - timedelta(minutes=40))
    _by_badge(activity, chen, cast.people["baijia"], settled, now - timedelta(hours=26))
    _on_paper(activity, chen, settled, now - timedelta(days=3, hours=2))


def _activity(home: Station, leader: User, now: datetime) -> Activity:
    return Activity.objects.create(
        title="邻里互助便民日",
        service_type=ServiceType.objects.get(code="S11"),
        station=home,
        region=home.region,
        place="南关厢社区门口",
        description="磨刀、修伞、量血压、缝补衣裤，志愿者分摊位服务，帮忙引导和登记。",
        led_by=leader,
        risks="刀具、高温",
        protection="摊位隔开，备急救箱和饮水，刀具由师傅保管",
        state=Activity.State.OPEN,
        opened_at=now - timedelta(days=14),
        created_by=leader,
    )


def _shift(activity: Activity, starts_at: datetime, people: list[User], *, seats: int) -> Shift:
    ends_at = starts_at + timedelta(hours=2)
    shift = Shift.objects.create(
        activity=activity,
        starts_at=starts_at,
        ends_at=ends_at,
        region=activity.region,
        place=activity.place,
        seats=seats,
        state=Shift.State.HELD if ends_at <= timezone.now() else Shift.State.OPEN,
    )
    Signup.objects.bulk_create(
        Signup(
            shift=shift,
            volunteer=person,
            state=Signup.State.SEATED,
            seat=number,
            starts_at=starts_at,
            ends_at=ends_at,
            queued_at=starts_at - timedelta(days=2, minutes=11 * number),
            signed_up_by=person,
        )
        for number, person in enumerate(people, start=1)
    )
    return shift


def _free(settled: Settled, home: int, starts_at: datetime, count: int) -> list[User]:
    """Grown-ups of the place who have neither served nor promised to around that time."""
    margin = timedelta(hours=3)
    start, end = starts_at - margin, starts_at + margin
    busy = set(
        ServiceRecord.objects.standing()
        .filter(started_at__lt=end, ended_at__gt=start)
        .values_list("volunteer_id", flat=True)
    ) | set(
        Signup.objects.active()
        .filter(starts_at__lt=end, ends_at__gt=start)
        .values_list("volunteer_id", flat=True)
    )
    born_before = timezone.localdate() - timedelta(days=19 * 366)
    # Narrowed here: before the first ANALYZE the planner walks everybody for each of them.
    here = set(Region.objects.filter(lineage__contains=[home]).values_list("pk", flat=True))
    near = [one.pk for one in settled.volunteers if one.home_region_id in here]
    people = User.objects.filter(
        pk__in=[pk for pk in near if pk not in busy], person__born_on__lte=born_before
    )
    return list(people.order_by("pk")[:count])


def _under_way(activity: Activity, cast: Cast, settled: Settled, starts_at: datetime) -> None:
    """It goes on now: four have come, 安安 and three more are expected."""
    town = activity.region.parent_id or activity.region_id
    people = _free(settled, town, starts_at, 7)
    anan = cast.people["anan"]
    if anan not in people:
        people.append(anan)
    shift = _shift(activity, starts_at, people, seats=10)
    others = [person for person in people if person != anan]
    for number, person in enumerate(others[:4]):
        evidence = Evidence(how=How.CODE, window=number + 1, device=f"{number:016x}")
        check_in(shift, person, evidence, acting_user=person)
    _scanned_offline(shift, [others[4], cast.people["baijia"]], cast.people["chen"])


def _scanned_offline(shift: Shift, people: list[User], leader: User) -> None:
    """Two badges scanned where there was no network: one is on the list, 白佳 just came."""
    now = timezone.now()
    scans = [
        ToldScan(
            client_id=uuid5(NAMESPACE_URL, f"demo:{shift.pk}:{person.pk}"),
            token=token_of_badge(badge_of(person)),
            verb="arrive",
            device_at=now - timedelta(minutes=4 - number),
        )
        for number, person in enumerate(people)
    ]
    manifest = issue_manifest(shift, acting_user=leader)
    bundle = Bundle(manifest=manifest.signed, sent_at=now, scans=scans)
    take_in_scans(shift, bundle, acting_user=leader)


def _by_badge(
    activity: Activity, leader: User, missed: User, settled: Settled, starts_at: datetime
) -> None:
    """Yesterday's: what the clock counted waits for one tap of 陈站长; 白佳 says she was there."""
    town = activity.region.parent_id or activity.region_id
    people = [one for one in _free(settled, town, starts_at, 7) if one != missed][:6]
    shift = _shift(activity, starts_at, [*people, missed], seats=8)
    *seats, last = _seats(shift)
    for number, signup in enumerate(seats):
        write_presence(
            signup,
            arrived_at=shift.starts_at - timedelta(minutes=3 * number),
            left_at=shift.ends_at + timedelta(minutes=number),
            evidence=Evidence(how=How.BADGE),
            acting_user=leader,
        )
    absence = mark_absent(last, acting_user=leader)
    contest_absence(
        absence, reason="我到了，在后院帮忙搬桌子，没赶上签到（虚构）", acting_user=missed
    )


def _on_paper(activity: Activity, leader: User, settled: Settled, starts_at: datetime) -> None:
    """A signed sheet of twenty, two of whom just came."""
    town = activity.region.parent_id or activity.region_id
    people = _free(settled, town, starts_at, 20)
    shift = _shift(activity, starts_at, people[:-2], seats=20)
    start, end = shift.starts_at, shift.ends_at
    rows = [SheetRow(signup=seat, arrived_at=start, left_at=end) for seat in _seats(shift)]
    rows += [
        SheetRow(name=one.display_name, phone=one.phone or "", arrived_at=start, left_at=end)
        for one in people[-2:]
    ]
    enter_sheet(
        shift,
        rows,
        kept_by="诸阿姨",
        checked_by="陈站长",
        scans=[_scan(leader)],
        acting_user=leader,
    )


def _seats(shift: Shift) -> list[Signup]:
    signups = list(shift.signups.select_related("volunteer").order_by("seat"))
    for signup in signups:
        signup.shift = shift
    return signups


def _scan(leader: User) -> Attachment:
    """A drawn page stands in for the photo of one: lines and scribbles, nobody's signature."""
    page = Image.new("RGB", (620, 877), "#fbfaf5")
    pen = ImageDraw.Draw(page)
    for line in range(22):
        top = 120 + line * 32
        pen.line([(40, top), (580, top)], fill="#555555")
        pen.arc([(430, top - 24), (540, top - 4)], 180 + 9 * line, 330, fill="#1d3f8f", width=2)
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=80)
    upload = SimpleUploadedFile("签到表.jpg", buffer.getvalue(), content_type="image/jpeg")
    return store_image(upload, acting_user=leader)
