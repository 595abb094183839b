"""The grid of a sheet: what is typed stays, errors stand beside it, twenty lines in one go."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.factories.timebank_activities import make_volunteer
from tests.factories.timebank_presence import seat_of, shift_under_way
from timebank.models import Attendance, PaperSheet, PhotoDraft

pytestmark = pytest.mark.django_db


def photo():
    buffer = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(buffer, "PNG")
    return SimpleUploadedFile("签到表.png", buffer.getvalue(), content_type="image/png")


def test_what_is_wrong_is_said_in_its_line_and_everything_typed_stays(cast, client):
    home = cast.stations["nanguanxiang"]
    people = [make_volunteer(home.region) for _ in range(3)]
    shift = shift_under_way(home, *people, led_by=cast.chen, since_minutes=130)
    first, second, third = (f"seat-{seat_of(shift, one).pk}" for one in people)
    start, end = (f"{at.astimezone():%H:%M}" for at in (shift.starts_at, shift.ends_at))
    told = {
        f"{first}-came": "yes",
        f"{first}-arrived": start.replace(":", ""),
        f"{first}-left": end,
        f"{second}-came": "yes",
        f"{second}-arrived": '"',
        f"{second}-left": "25:99",
        f"{third}-came": "no",
        "new-0-name": "新来的",
        "new-0-phone": "10088880003",
        "new-0-arrived": start,
        "new-0-left": end,
        "spare": "4",
        "kept_by": "诸阿姨",
        "checked_by": "陈站长",
    }
    client.force_login(cast.chen)
    address = reverse("timebank:sheet-new", args=[shift.pk])

    wrong = client.post(address, told | {"photos": photo()})
    draft = PhotoDraft.objects.get()
    told |= {f"{second}-left": '"', "kept": draft.pk}
    unknown_age = client.post(address, told)
    told |= {"new-0-born_on": "1970-03-01", "kept": PhotoDraft.objects.get().pk}
    done = client.post(address, told)

    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "25:99" in page
    assert "时间写成 830 或 8:30" in page
    assert 'value="新来的"' in page
    assert unknown_age.status_code == 422
    assert "还没有登记出生日期" in unknown_age.content.decode()
    sheet = PaperSheet.objects.get()
    assert (done.status_code, done["Location"]) == (302, sheet.get_absolute_url())
    assert list(Attendance.objects.order_by("pk").values_list("state", flat=True)) == [
        "counted",
        "counted",
        "absent",
        "counted",
    ]
    assert sheet.scans.count() == 1
    assert client.get(sheet.get_absolute_url()).status_code == 200
    scan = reverse("timebank:sheet-scan", args=[sheet.pk, sheet.scans.get().token])
    assert client.get(scan).status_code == 200
