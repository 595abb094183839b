"""Photos stay while the rest of a form is put right: the person's own, for a day, then gone."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Attachment, User
from config.demo.cast import Cast
from tests.factories.timebank import at, day, make_bank, make_service_type
from tests.factories.timebank_orders import make_order_in
from timebank.models import PhotoDraft, ServiceOrder, ServiceRecord
from timebank.services.order_endings import confirm_order
from timebank.services.photos import discard_old_drafts, keep_photo

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def picture(taken: str = "") -> SimpleUploadedFile:
    file = io.BytesIO()
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    Image.new("RGB", (8, 6), "teal").save(file, "JPEG", exif=exif)
    return SimpleUploadedFile("现场.jpg", file.getvalue(), "image/jpeg")


def told(cast: Cast, **changes: object) -> dict[str, object]:
    return {
        "service_type": make_service_type().pk,
        "what": "为白奶奶理发",
        "for_whom": "白奶奶",
        "day": day().isoformat(),
        "started": "14:00",
        "ended": "15:00",
        "station": cast.stations["nanguanxiang"].pk,
        "is_voluntary": "on",
    } | changes


def test_a_photo_survives_an_error_and_is_compared_when_the_times_are_known(cast: Cast) -> None:
    make_bank()
    client, address = as_user(cast.anan), reverse("timebank:record-new")
    from_camera = timezone.localtime(at(14, 30)).strftime("%Y:%m:%d %H:%M:%S")

    refused = client.post(address, told(cast, what="", photos=picture(from_camera)))
    draft = PhotoDraft.objects.get()
    again = client.post(address, told(cast, for_whom="", kept=draft.pk))
    accepted = client.post(address, told(cast, kept=draft.pk))

    assert (refused.status_code, again.status_code, accepted.status_code) == (422, 422, 302)
    for page in (refused, again):
        assert f'name="kept" value="{draft.pk}" checked' in page.text
        assert reverse("timebank:photo-draft", args=[draft.pk]) in page.text
    (photo,) = ServiceRecord.objects.get().photos.all()
    assert photo.taken_in_time == Attachment.Evidence.MATCHES
    assert PhotoDraft.objects.count() == 0
    assert Attachment.objects.count() == 1


def test_what_is_unticked_is_left_out_and_six_is_the_most_in_all(cast: Cast) -> None:
    make_bank()
    client, address = as_user(cast.anan), reverse("timebank:record-new")
    kept = [keep_photo(picture(), acting_user=cast.anan).pk for _number in range(5)]

    too_many = client.post(address, told(cast, kept=kept, photos=[picture(), picture()]))
    fewer = client.post(address, told(cast, kept=kept[:2]))

    assert (too_many.status_code, fewer.status_code) == (422, 302)
    assert "最多 6 张" in too_many.text
    assert ServiceRecord.objects.get().photos.count() == 2


def test_somebody_elses_photo_is_neither_seen_nor_handed_in(cast: Cast) -> None:
    make_bank()
    draft = keep_photo(picture(), acting_user=cast.anan)
    address = reverse("timebank:photo-draft", args=[draft.pk])

    answers = [as_user(user).get(address).status_code for user in (cast.anan, cast.zhu, cast.fan)]
    taken = as_user(cast.zhu).post(reverse("timebank:record-new"), told(cast, kept=draft.pk))

    assert answers == [200, 404, 404]
    assert taken.status_code == 422
    assert PhotoDraft.objects.get().person == cast.anan


def test_what_is_no_photo_is_said_and_the_others_stay(cast: Cast) -> None:
    make_bank()
    broken = SimpleUploadedFile("坏.jpg", b"nothing", "image/jpeg")

    page = as_user(cast.anan).post(
        reverse("timebank:record-new"), told(cast, what="", photos=[picture(), broken])
    )

    assert page.status_code == 422
    assert "它不是可用的照片" in page.text
    assert PhotoDraft.objects.count() == 1


def test_after_a_day_what_nobody_handed_in_is_gone_with_its_files(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    old, new = (keep_photo(picture(), acting_user=cast.anan) for _number in range(2))
    PhotoDraft.objects.filter(pk=old.pk).update(kept_at=timezone.now() - timedelta(hours=25))
    storage, name = old.attachment.file.storage, old.attachment.file.name

    with django_capture_on_commit_callbacks(execute=True):
        discarded = discard_old_drafts(now=timezone.now())

    assert discarded == 1
    assert list(PhotoDraft.objects.all()) == [new]
    assert list(Attachment.objects.all()) == [new.attachment]
    assert not storage.exists(name)


def test_a_delivery_keeps_its_photos_and_leaves_them_on_the_record(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    client, address = as_user(cast.anan), reverse("timebank:order-deliver", args=[order.pk])
    ended = timezone.localtime() - timedelta(minutes=2)
    began = ended - timedelta(minutes=30)
    times = {
        "served_on": began.date().isoformat(),
        "served_from": began.strftime("%H:%M"),
        "served_to": ended.strftime("%H:%M"),
    }
    if began.date() != ended.date():
        times["ends_next_day"] = "on"

    refused = client.post(address, times | {"served_to": "", "photos": picture()})
    draft = PhotoDraft.objects.get()
    done = client.post(address, times | {"kept": draft.pk})

    assert (refused.status_code, done.status_code) == (422, 302)
    order = ServiceOrder.objects.get()
    page = as_user(cast.fang).get(order.get_absolute_url()).text
    (photo,) = order.photos.all()
    assert reverse("timebank:order-photo", args=[order.pk, photo.token]) in page
    confirm_order(order, stars=5, acting_user=cast.fang)
    assert list(ServiceRecord.objects.get().photos.all()) == [photo]


def test_a_service_over_midnight_is_told_on_two_days(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    ServiceOrder.objects.update(placed_at=midnight - timedelta(hours=20))
    night = {
        "served_on": (midnight - timedelta(days=1)).date().isoformat(),
        "served_from": "23:40",
        "served_to": "00:00",
    }
    client, address = as_user(cast.anan), reverse("timebank:order-deliver", args=[order.pk])

    one_day = client.post(address, night)
    two_days = client.post(address, night | {"ends_next_day": "on"})

    assert (one_day.status_code, two_days.status_code) == (422, 302)
    order.refresh_from_db()
    assert order.served_minutes == 20
