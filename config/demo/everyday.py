"""What the cast meets when they sign in: their own hours and a full desk.

Steps of today go through the services people use; what lies in the past is written as it was.
"""

import io
from datetime import date, datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import Attachment, User
from accounts.services.attachments import store_image
from config.demo.cast import Cast
from config.demo.orders import SHORT, free_hour
from config.demo.timebank import Served, Settled, confirm_served
from config.demo.volunteers import DURATIONS, SEED, PlannedRecord
from timebank.models import (
    ServiceOrder,
    ServiceRecord,
    ServiceType,
)
from timebank.services.records import Service, submit_record

DrawnFrom = ServiceOrder.DrawnFrom
Provenance = ServiceRecord.Provenance

OWN_RECORDS = {"anan": 22, "zhu": 9, "baijia": 6, "fang": 14}
WAITING = 9


def own_hours(cast: Cast, settled: Settled, *, today: date) -> None:
    """A year of confirmed service for the cast's volunteers, at 南关厢."""
    chance = Random(SEED + 2)
    place = settled.places[0]
    served = []
    for key, count in OWN_RECORDS.items():
        for back in sorted(chance.sample(range(9, 360), count), reverse=True):
            service = chance.choice(SHORT)
            plan = PlannedRecord(
                volunteer=-1,
                day=today - timedelta(days=back),
                start_minute=chance.choice((540, 570, 810, 840, 870)),
                minutes=chance.choice(DURATIONS[service]),
                service=service,
                provenance="站点签到",
            )
            served.append(Served(plan, cast.people[key], place))
    served.sort(key=lambda one: (one.plan.day, one.plan.start_minute))
    confirm_served(settled, served, acting_user=cast.people["system"])


def waiting_records(cast: Cast, settled: Settled, *, today: date) -> None:
    """What lies on 陈站长's desk: nine records of the last days, some with a photo."""
    station = cast.stations["nanguanxiang"]
    here = settled.grown_ups_at(station.region_id, today)
    people = [cast.people["anan"], cast.people["zhu"], *here[: WAITING - 2]]
    types = list(ServiceType.objects.active().filter(code__in=SHORT))
    chance = Random(SEED + 5)
    for number, volunteer in enumerate(people):
        service = types[number % len(types)]
        day = today - timedelta(days=1 + number % 4)
        start = free_hour(volunteer, day, service.usual_minutes, chance)
        if start is None:
            continue
        end = start + timedelta(minutes=service.usual_minutes)
        photos = [_photo(volunteer, number, start)] if number % 3 == 0 else []
        submit_record(
            volunteer,
            Service(
                station=station,
                service_type=service,
                what=f"{service.name}，{('一切顺利', '说好下周再来', '带了点心')[number % 3]}",
                place=f"{station.region.short_name}",
                started_at=start,
                ended_at=end,
                for_whom=("白奶奶", "3 号楼老人", "邻居张阿姨")[number % 3],
            ),
            photos=photos,
            acting_user=volunteer,
        )


def _photo(volunteer: User, number: int, taken_at: datetime) -> Attachment:
    """A drawn picture: a window, a table, two people; no real person is ever shown."""
    picture = Image.new("RGB", (1200, 900), (246, 240, 228))
    draw = ImageDraw.Draw(picture)
    floor, window, first = 560 + 30 * number, 80 + 110 * number, 820 - 105 * number
    draw.rectangle((0, floor, 1200, 900), fill=(205, 180, 146))
    pane = (window, 60, window + 350, 380)
    draw.rectangle(pane, fill=(190, 222, 235), outline=(130, 110, 90), width=14)
    draw.line((window + 175, 60, window + 175, 380), fill=(130, 110, 90), width=10)
    for left, cloth in ((first, (11, 95, 93)), (first - 220, (150 + 10 * number % 90, 90, 70))):
        draw.ellipse((left, 300, left + 130, 430), fill=(236, 200, 170))
        draw.pieslice((left - 40, 420, left + 170, 840), 180, 360, fill=cloth)
    draw.rectangle((first - 300, 640, first + 240, 690), fill=(150, 110, 80))
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=85, exif=exif)
    upload = SimpleUploadedFile(f"现场{number + 1}.jpg", content.getvalue(), "image/jpeg")
    return store_image(
        upload,
        acting_user=volunteer,
        expected_between=(taken_at - timedelta(hours=1), taken_at + timedelta(hours=2)),
    )
